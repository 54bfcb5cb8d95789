"""How good suggestions are on real goals and work; ``python -m bench.suggest`` prints more."""

import os
from pathlib import Path

import pytest

from bench.suggest import EARLY, LATE, Recorded, mined_rules, on_areas, on_epics

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("SYNCD_RECORDINGS", ROOT.parent / "shared/recordings")) / "goal-linking"

if not FOLDER.exists():
    pytest.skip("the recorded goals are not here; set SYNCD_RECORDINGS", allow_module_level=True)


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return Recorded(FOLDER)


def test_goals_unheard_of_are_found_by_their_text(recorded: Recorded) -> None:
    result = on_epics(recorded, EARLY | LATE)
    assert result.top(1) >= 0.73
    assert result.top(3) >= 0.83
    assert result.calibration_error <= 0.06


def test_accepted_links_with_labels_are_learned_from(recorded: Recorded) -> None:
    result = on_areas(recorded)
    assert result.top(1) >= 0.84
    assert result.coverage(0.93) >= 0.80
    assert result.calibration_error <= 0.06


def test_mined_rules_hold_later(recorded: Recorded) -> None:
    figures = mined_rules(recorded, 0.8).split()
    assert float(figures[3]) >= 0.40
    assert float(figures[5]) >= 0.95
