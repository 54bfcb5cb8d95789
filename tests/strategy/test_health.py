"""How a goal is doing, by its work and its metric, and how it came to be what it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.checks.goals import GoalFacts, look
from rules.model import Checks, Goal, Outcome
from syncd.strategy.direction import changes_of, differences
from syncd.strategy.health import AT_RISK, OFF_TRACK, ON_TRACK, computed, said
from syncd.strategy.models import GoalUpdate, StrategyVersion

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
GOAL = Goal(
    id="claims",
    kind="objective",
    title="Claims accepted",
    starts=date(2026, 10, 1),
    ends=date(2026, 12, 31),
    outcome=Outcome("claims accepted", baseline=80, target=100, current=90, as_of=date(2026, 11, 16)),
    share=0.4,
)
FACTS = GoalFacts(goal=GOAL, moving=5, open=9, done_recently=3, effort=40, effort_all=100, last_update=NOW.date())


def health(facts: GoalFacts) -> tuple[str, tuple[str, ...]]:
    found = computed(facts, look([facts], Checks(), NOW), NOW)
    return found.health, found.reasons


def metric(current: float, **values) -> GoalFacts:
    return replace(FACTS, goal=replace(GOAL, outcome=replace(GOAL.outcome, current=current), **values))


def test_a_goal_whose_work_moves_and_whose_metric_keeps_pace_is_on_track() -> None:
    word, reasons = health(FACTS)
    assert word == ON_TRACK
    assert reasons == (
        "its metric has come 50 % of the way, and 51 % of its time was over when it was measured",
        "work for it moves: 5 in progress, 3 finished lately",
    )


@pytest.mark.parametrize(
    ("current", "word"), [(90, ON_TRACK), (87, AT_RISK), (84, OFF_TRACK), (70, OFF_TRACK), (100, ON_TRACK)]
)
def test_a_metric_is_compared_with_the_time_that_is_over(current: float, word: str) -> None:
    assert health(metric(current))[0] == word


def test_early_in_the_period_a_metric_that_has_not_moved_says_nothing() -> None:
    assert health(metric(80, starts=date(2026, 11, 14)))[0] == ON_TRACK


def test_a_metric_that_is_to_fall_is_on_its_way_when_it_falls() -> None:
    falling = Outcome("payouts questioned", baseline=10, target=0, current=5, as_of=date(2026, 11, 16))
    assert health(replace(FACTS, goal=replace(GOAL, outcome=falling)))[0] == ON_TRACK


def test_a_share_that_is_far_from_what_was_meant_is_at_risk_and_says_both() -> None:
    assert health(replace(FACTS, effort=10)) == (AT_RISK, ("it gets 10 % of the effort, and was to get 40 %",))


def test_no_work_that_moves_is_off_track_and_worse_than_anything_else() -> None:
    word, reasons = health(replace(FACTS, moving=0, done_recently=0, effort=0))
    assert word == OFF_TRACK
    assert reasons[0] == "no work for it has moved in 10 working days"


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, in_force=False),
        replace(FACTS, goal=replace(GOAL, status="dropped")),
        replace(FACTS, goal=replace(GOAL, kind="non_goal")),
        replace(FACTS, goal=replace(GOAL, ends=date(2026, 11, 15))),
    ],
)
def test_of_a_goal_that_is_not_in_force_nothing_is_told(facts: GoalFacts) -> None:
    assert health(facts) == ("", ())


def test_what_was_said_a_fortnight_ago_is_no_news() -> None:
    update = GoalUpdate(goal="claims", health=ON_TRACK, text="Fine", author="ana", made_at=NOW - timedelta(days=14))
    assert not said(update, NOW).stale
    assert said(update, NOW + timedelta(seconds=1)).stale


def version(*goals: dict, author: str = "ana", message: str = "") -> None:
    strategy = {"vision": "V", "goals": list(goals)}
    StrategyVersion.objects.create(
        hash=str(len(goals)), strategy=strategy, rules={}, author=author, message=message, applied_at=NOW
    )


CLAIMS = {"id": "claims", "title": "Claims accepted", "status": "active", "share": 0.4, "accepts": {"labels": ["x"]}}
OTHER = {"id": "other", "title": "Other"}


@pytest.mark.django_db
def test_only_versions_that_touched_the_goal_are_told_newest_first() -> None:
    version(OTHER)
    version(OTHER, CLAIMS, message="We need claims")
    version(CLAIMS)
    version({**CLAIMS, "status": "paused", "share": 0.25, "outcome": {"target": 96}}, author="omar")
    version({**CLAIMS, "accepts": {}})
    assert [(change.author, change.message, change.what) for change in changes_of("claims")] == [
        (
            "ana",
            "",
            (
                "its status went from “paused” to “active”",
                "its share of effort went from 25 % to 40 %",
                "the target went from 96 to nothing",
                "what counts as evidence for it changed",
            ),
        ),
        (
            "omar",
            "",
            (
                "its status went from “active” to “paused”",
                "its share of effort went from 40 % to 25 %",
                "the target became 96",
            ),
        ),
        ("ana", "We need claims", ("it was added",)),
    ]


@pytest.mark.django_db
def test_a_goal_of_the_first_version_says_so_and_one_that_nobody_knows_has_no_past() -> None:
    version(CLAIMS)
    assert [change.what for change in changes_of("claims")] == [("it was in the first version",)]
    assert changes_of("nothing") == []


def test_a_goal_that_left_was_removed() -> None:
    assert list(differences(CLAIMS, None)) == ["it was removed"]
    assert list(differences(CLAIMS, dict(CLAIMS))) == []
