"""What is counted and not shown: on trial, there before the first sync, or in its grace."""

from datetime import datetime
from typing import Any

import pytest

from rules.engine import Judge
from rules.model import Case, Checks, Judgement, Start
from tests.rules.cast import NOW, at, item, policy, rule
from tests.rules.checks.bench import judged

GRACE: dict[str, Any] = {"grace_days": 3}
MONDAY = at("2026-11-16")


def unlinked(
    now: datetime = NOW, since: datetime | None = None, start: Start | None = None, **values: Any
) -> Judgement:
    case = Case(item(**values), state_since=since, start=start)
    return judged("unlinked", case, now, policy_=GRACE)


def held(judgement: Judgement) -> list[str]:
    return [finding.held for finding in judgement.findings]


@pytest.mark.parametrize(("now", "expected"), [("2026-11-18T23:59", "grace"), ("2026-11-19", "")])
def test_grace_ends_after_so_many_working_days_in_progress(now: str, expected: str) -> None:
    assert held(unlinked(at(now), MONDAY)) == [expected]


def test_a_weekend_is_no_time_to_write_things_down() -> None:
    friday = at("2026-11-13")
    assert held(unlinked(at("2026-11-17"), friday)) == ["grace"]
    assert held(unlinked(at("2026-11-18"), friday)) == [""]


def test_the_end_of_grace_is_when_to_look_again() -> None:
    early = unlinked(at("2026-11-17"), MONDAY)
    assert early.next_at == at("2026-11-19")
    assert held(unlinked(early.next_at, MONDAY)) == [""]
    assert unlinked(at("2026-11-19"), MONDAY).next_at is None


def test_work_that_has_not_started_is_in_grace_until_it_does() -> None:
    waiting = unlinked(at("2027-06-01"), MONDAY, status_category="todo")
    assert (held(waiting), waiting.next_at) == (["grace"], None)


def test_a_review_does_not_begin_the_work_anew() -> None:
    begun = Start(at("2026-11-02"), item())
    assert held(unlinked(at("2026-11-17"), MONDAY, begun)) == [""]


def test_where_nobody_knows_since_when_the_creation_counts() -> None:
    assert held(unlinked(at("2026-10-23"))) == ["grace"]
    assert held(unlinked(at("2026-10-29"))) == [""]


def test_without_grace_a_flag_opens_at_once() -> None:
    case = Case(item(status_category="todo"), state_since=NOW)
    assert held(judged("unlinked", case)) == [""]


@pytest.mark.parametrize(
    ("old", "baseline", "expected"), [(True, True, "baseline"), (False, True, ""), (True, False, "")]
)
def test_what_was_there_before_is_held_where_the_policy_has_a_baseline(
    old: bool, baseline: bool, expected: str
) -> None:
    assert held(judged("unlinked", Case(item(), old=old), policy_={"baseline": baseline})) == [expected]


def test_the_reason_that_lasts_longest_is_told() -> None:
    case = Case(item(), old=True, state_since=NOW)
    noisy = {"grace_days": 3, "baseline": True}

    def why(mode: Any, old: bool) -> list[str]:
        judge = Judge(policy(checks=Checks(modes={"unlinked": mode, "missing_why": "off"}), **noisy))
        return held(next(judge.judge([Case(case.item, old=old, state_since=NOW)], NOW)))

    assert [why("monitor", True), why("enforce", True), why("enforce", False)] == [["monitor"], ["baseline"], ["grace"]]


@pytest.mark.parametrize(("mode", "expected"), [("enforce", [""]), ("monitor", ["monitor"]), ("suggest", ["monitor"])])
def test_a_rule_of_ones_own_that_is_on_trial_is_held(mode: Any, expected: list[str]) -> None:
    judge = Judge(policy(rule("odd", "flag", "odd_one", mode, label=["goal:live"])))
    assert held(next(judge.judge([Case(item(labels=("goal:live",)))], NOW))) == expected


def test_a_rule_of_ones_own_has_a_baseline_and_no_grace() -> None:
    judge = Judge(policy(rule("odd", "flag", "odd_one", label=["goal:live"]), grace_days=3, baseline=True))
    case = Case(item(labels=("goal:live",), status_category="todo"))
    assert held(next(judge.judge([case], NOW))) == [""]
    assert held(next(judge.judge([Case(case.item, old=True)], NOW))) == ["baseline"]


@pytest.mark.parametrize("values", [{"status_category": "done"}, {"draft": True}, {"kind": "subtask"}], ids=str)
def test_finished_work_drafts_and_subtasks_are_not_even_counted(values: dict) -> None:
    everything = Judge(policy(needs_goal={"kind": ["story", "subtask", "pull_request"]}))
    assert next(everything.judge([Case(item(**values))], NOW)).findings == ()


def test_a_check_that_is_off_finds_nothing() -> None:
    judge = Judge(policy(checks=Checks(modes={"unlinked": "off", "missing_why": "off"})))
    assert next(judge.judge([Case(item())], NOW)).findings == ()
