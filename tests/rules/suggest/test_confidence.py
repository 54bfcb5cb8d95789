import random

import pytest

from rules.suggest.confidence import SHIFT, SLOPE, Calibration


def trials(count: int, truth: float, said: float) -> list[tuple[float, bool]]:
    return [(said, n < truth * count) for n in range(count)]


def test_without_trials_the_defaults_hold() -> None:
    assert Calibration.of([]) == Calibration(SHIFT, SLOPE)


@pytest.mark.parametrize(("said", "truth"), [(0.9, 0.6), (0.4, 0.8), (0.5, 0.5)])
def test_many_trials_bring_what_is_said_to_what_is_true(said: float, truth: float) -> None:
    [sure] = Calibration.of(trials(2000, truth, said)).confidences([said])
    assert sure == pytest.approx(truth, abs=0.02)


def test_few_trials_change_little() -> None:
    [before], [after] = Calibration().confidences([0.9]), Calibration.of(trials(3, 0.0, 0.9)).confidences([0.9])
    assert before - 0.35 < after < before


def test_a_line_through_the_log_odds_is_found() -> None:
    chance = random.Random(4)
    said = [chance.uniform(0.05, 0.95) for _ in range(4000)]
    found = Calibration.of([(each, chance.random() < Calibration(0.8, 1.5).confidences([each])[0]) for each in said])
    assert found.shift == pytest.approx(0.8, abs=0.2)
    assert found.slope == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize("shift", [-3.0, -0.5, 0.0, 0.5, 3.0])
@pytest.mark.parametrize("chances", [[0.9, 0.1], [0.4, 0.35, 0.25], [1.0, 0.0], [0.2, 0.2, 0.2], [1e-9, 1e-9]])
def test_none_passes_the_best_and_all_together_stay_below_one(shift: float, chances: list[float]) -> None:
    confidences = Calibration(shift, 1.0).confidences(chances)
    assert max(confidences) == confidences[0]
    assert sum(confidences) <= 1 + 1e-9


def test_what_looks_certain_is_not_and_the_surer_stays_the_surer() -> None:
    said = [0.9, 0.99, 0.999, 0.9999]
    sure = [Calibration().confidences([each])[0] for each in said]
    assert sure == sorted(set(sure))
    assert sure[-1] < 0.97


def test_always_right_or_always_wrong_is_no_certainty() -> None:
    for truth in (0.0, 1.0):
        [sure] = Calibration.of(trials(50, truth, 0.999)).confidences([0.999])
        assert 0 < sure < 1
