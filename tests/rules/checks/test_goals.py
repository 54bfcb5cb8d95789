"""The checks on goals: ``starved_goal``, ``over_share``, ``under_share``, ``stale_goal``."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.checks.goals import GoalFacts, GoalFinding, look
from rules.model import Checks, Goal, Outcome
from rules.model.checks import Share, StaleGoal, StarvedGoal
from tests.rules.cast import at

NOW = at("2026-11-20T12:00")
GOAL = Goal(
    id="live", kind="objective", title="Live in a day", owner="ana@acme.example", share=0.4,
    starts=date(2026, 10, 1), ends=date(2026, 12, 31), outcome=Outcome("clinics", as_of=date(2026, 11, 15)),
)  # fmt: skip


def facts(goal: dict[str, Any] | None = None, **values: Any) -> GoalFacts:
    """A goal that does well: work moves, its share is met, its owner spoke last week."""
    well = {"moving": 3, "open": 5, "done_recently": 2, "effort": 40.0, "effort_all": 100.0}
    return GoalFacts(goal=replace(GOAL, **(goal or {})), **{**well, **values})


def found(fact: GoalFacts, checks: Checks | None = None, now: Any = NOW) -> list[GoalFinding]:
    return list(look([fact], checks or Checks(), now))


def kinds(fact: GoalFacts, checks: Checks | None = None, now: Any = NOW) -> list[str]:
    return [finding.kind for finding in found(fact, checks, now)]


STILL = {"moving": 0, "done_recently": 0, "effort": 0.0}


def test_nothing_is_said_about_a_goal_that_does_well() -> None:
    assert found(facts()) == []


def test_a_goal_without_work_moving_is_starved() -> None:
    [finding] = found(facts(**STILL, open=4))
    assert (finding.kind, finding.goal, finding.fingerprint) == ("starved_goal", "live", "starved_goal||live")
    assert finding.message == "No work for “Live in a day” has moved in 10 working days: 4 items wait"
    assert finding.fix == "Start work for it, or say that it is paused or dropped: set its status in the strategy."
    assert (finding.stake, finding.detail) == (4.0, {"open": 4, "days": 10})


@pytest.mark.parametrize(("open_", "words"), [(0, "none is planned"), (1, "1 item waits"), (2, "2 items wait")])
def test_it_says_what_waits(open_: int, words: str) -> None:
    assert found(facts(**STILL, open=open_))[0].message.endswith(words)


@pytest.mark.parametrize("values", [{"moving": 1}, {"done_recently": 1}], ids=str)
def test_one_item_that_moves_or_was_finished_lately_feeds_it(values: dict) -> None:
    assert kinds(facts(**{**STILL, **values})) == []


@pytest.mark.parametrize(("now", "expected"), [("2026-10-14", []), ("2026-10-15", ["starved_goal"])])
def test_a_period_that_has_begun_gets_a_sprint_to_start(now: str, expected: list[str]) -> None:
    assert kinds(facts(**STILL), now=at(now)) == expected


@pytest.mark.parametrize("goal", [
    {"status": "paused"}, {"status": "proposed"}, {"status": "achieved"}, {"status": "dropped"}, {"kind": "non_goal"},
    {"starts": date(2026, 11, 21)}, {"ends": date(2026, 11, 19)},
], ids=str)  # fmt: skip
def test_nothing_is_said_about_a_goal_that_is_not_in_force(goal: dict) -> None:
    assert found(facts(goal, **STILL)) == []
    assert found(facts({}, **STILL, in_force=False)) == []


@pytest.mark.parametrize(("effort", "expected"), [(55, []), (56, ["over_share"]), (25, []), (24, ["under_share"])])
def test_a_share_may_be_off_by_its_tolerance(effort: float, expected: list[str]) -> None:
    assert kinds(facts(effort=float(effort))) == expected


def test_a_share_that_is_off_is_told_with_both_figures() -> None:
    [over], [under] = found(facts(effort=61.0)), found(facts(effort=10.0))
    assert over.message == "“Live in a day” gets 61 % of the effort, and was to get 40 %"
    assert over.fix == "Move people to the goals that get too little, or intend more: its share stands in the strategy."
    assert under.message == "“Live in a day” gets 10 % of the effort, and was to get 40 %"
    assert under.fix == "Put more people on it, or intend less: its share stands in the strategy."
    assert under.detail == {"actual": 0.1, "intended": 0.4, "effort": 10.0, "effort_all": 100.0}
    assert round(under.stake) == 30


@pytest.mark.parametrize(("effort_all", "expected"), [(19.0, []), (20.0, ["over_share"]), (0.0, [])])
def test_of_little_work_no_share_is_told(effort_all: float, expected: list[str]) -> None:
    assert kinds(facts(effort=effort_all, effort_all=effort_all)) == expected


def test_without_an_intended_share_none_is_missed_and_without_effort_the_goal_is_starved_instead() -> None:
    assert kinds(facts({"share": None}, effort=100.0)) == []
    assert kinds(facts(**STILL)) == ["starved_goal"]


@pytest.mark.parametrize(("as_of", "update", "expected"), [
    (date(2026, 10, 21), None, ["stale_goal"]), (date(2026, 10, 22), None, []), (date(2026, 10, 1), date(2026, 11, 1), []),
    (None, date(2026, 10, 21), ["stale_goal"]), (None, None, ["stale_goal"]),
])  # fmt: skip
def test_a_goal_is_stale_a_month_after_its_owner_last_spoke(as_of: Any, update: Any, expected: list[str]) -> None:
    assert kinds(facts({"outcome": Outcome("clinics", as_of=as_of)}, last_update=update)) == expected


def test_it_says_when_that_was_and_what_to_do() -> None:
    [finding] = found(facts({"outcome": None}, last_update=date(2026, 10, 2)))
    assert finding.message == "Nobody has said how “Live in a day” is doing, last on 2 October 2026"
    assert finding.fix == "ana@acme.example writes an update, or a current figure with its date (outcome.as_of)."
    assert found(facts({"outcome": None}))[0].message.endswith("never yet")
    assert finding.detail == {"last": "2026-10-02", "days": 30}


def test_themes_and_goals_of_which_nobody_knows_since_when_are_not_stale() -> None:
    silent = {"outcome": None}
    assert kinds(facts({**silent, "kind": "theme"})) == []
    assert kinds(facts({**silent, "starts": None})) == []


def test_thresholds_and_modes_are_the_policys_choice() -> None:
    tight = Checks(starved_goal=StarvedGoal(days=60), stale_goal=StaleGoal(days=3), over_share=Share(tolerance=0.05))
    assert kinds(facts(**STILL), tight) == ["stale_goal"]
    assert kinds(facts(effort=46.0), tight) == ["over_share", "stale_goal"]
    trial = Checks(modes={"starved_goal": "monitor"})
    assert [finding.held for finding in found(facts(**STILL), trial)] == ["monitor"]
    assert kinds(facts(**STILL), Checks(modes={"starved_goal": "off"})) == []
