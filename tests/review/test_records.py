"""A rule keeps its word while people act on its flags, and loses it when they do not."""

import random
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from rules.model import Rule
from syncd.review import records
from syncd.review.models import Flag, RuleRecord
from syncd.review.verdicts import decide
from syncd.trackers import due
from tests.review.desk import ANA, DAY, OMAR, START, Desk, Write, policy, queue, the_flag
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db

LATE = Rule("late-work", "flag", "late", {"label": "late"}, "enforce")


@pytest.fixture
def desk(write: Write) -> Desk:
    return write(policy(LATE))


def review(desk: Desk, precision: float, flags: int, seed: int, at_once: int = 5) -> int:
    """A reviewer who finds so many of the flags worth acting on. Gives after how many the rule lost its word, or 0."""
    rng = random.Random(seed)
    for first in range(1, flags + 1, at_once):
        numbers = range(first, first + at_once)
        desk.put(*(made(number, labels=("late", "goal:claims")) for number in numbers)).judge()
        for number in numbers:
            if rng.random() < precision:
                desk.put(made(number, labels=("late", "goal:claims"), status_category="done"))
            else:
                desk.decide(Flag.objects.get(item__key=f"WEB-{number}"), "false_positive", reason="not late")
        desk.judge()
        if desk.settled.demoted:
            return numbers[-1]
    return 0


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_of_which_two_in_five_flags_are_right_loses_its_word_within_sixty_flags(seed: int, desk: Desk) -> None:
    assert 20 <= review(desk, 0.4, 60, seed) <= 60
    assert records.demoted(desk.policy) == {"late-work"}


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_of_which_nine_in_ten_are_right_keeps_it(seed: int, desk: Desk) -> None:
    assert review(desk, 0.9, 60, seed) == 0
    assert records.demoted(desk.policy) == frozenset()


def test_what_is_dismissed_is_told_once_with_the_figures_and_holds_the_flags(desk: Desk) -> None:
    with capture_logs() as logs:
        review(desk, 0, 20, seed=0)
        desk.judge().judge()
    assert [log["rule"] for log in logs if log["event"] == "rule_demoted"] == ["late-work"]
    desk.put(made(50, labels=("late", "goal:claims"))).judge()
    record = RuleRecord.objects.get(rule="late-work")
    assert record.demoted_because == (
        "late-work rests in monitor: 0 of 20 flags acted on, 20 called wrong, 0 left alone"
    )
    desk.follow(policy(replace(LATE, mode="monitor")))
    desk.judge()
    flag = Flag.objects.get(item__key="WEB-50")
    assert (flag.state, flag.resolved_because, flag.fared) == ("resolved", record.demoted_because, "")
    assert not desk.settled.demoted, "once"


@pytest.mark.parametrize(
    ("kind", "how", "counts"),
    [
        ("link", {"target": "claims"}, (1, 0, 0)),
        ("exempt", {"target": "upkeep", "reason": "so"}, (1, 0, 0)),
        ("false_positive", {"reason": "so"}, (0, 1, 0)),
        ("accept", {"reason": "so", "until": START + 30 * DAY}, (0, 0, 0)),
        ("snooze", {"until_event": "grows"}, (0, 0, 0)),
    ],
)
def test_what_a_decision_says_about_the_check_and_that_undoing_says_nothing(
    kind: str, how: object, counts: tuple[int, ...], desk: Desk
) -> None:
    def counted() -> tuple[int, ...]:
        record = RuleRecord.objects.filter(rule="unlinked").first()
        return (record.acted, record.dismissed, record.expired) if record else (0, 0, 0)

    desk.put(made(1)).judge()
    verdict = desk.decide(the_flag(), kind, **how)  # type: ignore[arg-type]
    desk.judge()
    assert counted() == counts
    desk.undo(verdict)
    desk.judge()
    assert counted() == (0, 0, 0)


def test_a_flag_that_nobody_touches_for_thirty_days_counts_against_and_no_more_when_it_is_repaired(desk: Desk) -> None:
    desk.put(made(1), made(2)).judge()
    decide(Flag.objects.get(item__key="WEB-2"), "snooze", ANA, until_event="grows", now=desk.now)
    desk.wait(31).judge()
    record = RuleRecord.objects.get(rule="unlinked")
    assert (record.acted, record.expired) == (0, 1)
    desk.put(made(1, labels=("goal:claims",))).judge()
    record.refresh_from_db()
    assert (record.acted, record.expired) == (1, 0)


def test_a_rule_that_says_something_else_starts_anew_and_has_its_word_again(desk: Desk) -> None:
    review(desk, 0, 20, seed=0)
    desk.follow(policy(replace(LATE, mode="monitor", because="told better")))
    desk.judge()
    assert records.demoted(desk.policy) == {"late-work"}, "its mode and its words change nothing"
    desk.follow(policy(replace(LATE, when={"label": "very-late"})))
    desk.judge()
    assert records.demoted(desk.policy) == frozenset()
    record = RuleRecord.objects.get(rule="late-work")
    assert (record.acted, record.dismissed) == (0, 0)


def test_a_person_gives_a_rule_its_word_back(desk: Desk) -> None:
    review(desk, 0, 20, seed=0)
    assert records.restore("late-work", OMAR, desk.now)
    desk.judge()
    assert records.demoted(desk.policy) == frozenset()
    assert "restored by omar@acme.example" in RuleRecord.objects.get(rule="late-work").demoted_because
    assert not records.restore("late-work", OMAR, desk.now)


def test_a_flag_of_ones_own_rule_goes_by_the_rules_id(desk: Desk) -> None:
    desk.put(made(1, labels=("late", "goal:claims"))).judge()
    assert queue() == [("late-work", "WEB-1", 1)]
    due.mark_all()
    desk.judge()
    assert desk.settled.opened == 0
