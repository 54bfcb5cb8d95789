"""``blocked``: work in progress that has not been able to go on for some working days."""

from dataclasses import replace
from typing import Any

import pytest

from rules.model import Case, Start
from tests.rules.cast import at, item, refers
from tests.rules.checks.bench import findings, judged, message

NOW = at("2026-11-20")  # a Friday
WAITED = {"updated_at": at("2026-11-12")}  # a Thursday, six working days before
BLOCKER = item("WEB-9", created_at=at("2026-10-01"))


def case(**values: Any) -> Case:
    return Case(item(**{**WAITED, **values}))


def waiting(target: Any = BLOCKER, where: str = "Blocks: is blocked by", kind: str = "links", by: str = "") -> Case:
    reference = refers(kind, target, where=where, by=by)
    return Case(item(**WAITED, refs=(reference.ref,)), references=(reference,))


@pytest.mark.parametrize(("blocked", "sign"), [
    (Case(item(status="Blocked", updated_at=NOW), state_since=at("2026-11-12")), "its status is Blocked"),
    (case(labels=("web", "status: Blocked")), "it carries the label status: Blocked"),
    (case(labels=("blocked/legal",)), "it carries the label blocked/legal"),
    (case(fields={"Flagged": ["Impediment"]}), "its field Flagged is set"),
    (case(fields={"Blocked": True}), "its field Blocked is set"),
    (waiting(), "it waits for WEB-9 “Title of WEB-9”"),
    (waiting(where="Depends on"), "it waits for WEB-9 “Title of WEB-9”"),
])  # fmt: skip
def test_a_status_a_label_a_flag_and_a_link_say_that_it_is_blocked(blocked: Case, sign: str) -> None:
    [finding] = findings("blocked", blocked, NOW)
    assert finding.message == f"WEB-1 “Title of WEB-1” has been blocked since 12 November 2026: {sign}"
    assert finding.fix.startswith("Clear what blocks it; if it is no longer blocked, say so in the tracker")


@pytest.mark.parametrize("quiet", [
    case(status="Unblocked"), case(labels=("not-blocked",)), case(labels=("blocker", "unblocked")), case(fields={"Blocked": False}),
    case(fields={"Flagged": None, "Impediment": "No"}), waiting(replace(BLOCKER, status_category="done")),
    waiting(where="Blocks"), waiting(where="Relates"), waiting(kind="mentions"), waiting(by="acme-jira:n-WEB-2"),
    case(labels=("blocked",), status_category="todo"), case(labels=("blocked",), status_category="done"),
    case(labels=("blocked",), kind="subtask"), case(labels=("blocked",), draft=True),
], ids=str)  # fmt: skip
def test_nothing_is_said_where_nothing_holds_it_up_or_nobody_works_on_it(quiet: Case) -> None:
    assert findings("blocked", quiet, at("2027-01-01")) == ()


@pytest.mark.parametrize(("now", "told"), [("2026-11-18T23:59", False), ("2026-11-19", True)])
def test_a_week_of_working_days_is_allowed(now: str, told: bool) -> None:
    assert bool(findings("blocked", case(labels=("blocked",)), at(now))) is told


def test_it_is_looked_at_again_when_the_days_are_over() -> None:
    early = judged("blocked", case(labels=("blocked",)), at("2026-11-13"))
    assert (early.findings, early.next_at) == ((), at("2026-11-19"))
    assert findings("blocked", case(labels=("blocked",)), early.next_at)


def test_fewer_days_may_be_allowed() -> None:
    assert findings("blocked", case(labels=("blocked",)), at("2026-11-13"), days=1)


def test_a_sign_that_was_there_when_work_began_counts_from_then() -> None:
    talked_about = item(labels=("blocked",), updated_at=NOW)
    begun = Start(at("2026-11-02"), item(labels=("blocked",)))
    later = Start(at("2026-11-02"), item())
    assert "since 2 November 2026" in message("blocked", Case(talked_about, start=begun), NOW)
    assert message("blocked", Case(talked_about, start=later), NOW) == ""


def test_nobody_has_waited_for_longer_than_what_they_wait_for_exists() -> None:
    assert findings("blocked", waiting(replace(BLOCKER, created_at=at("2026-11-19"))), NOW) == ()


def test_all_signs_are_told_and_the_oldest_counts() -> None:
    both = replace(waiting(), state_since=at("2026-11-03"), item=item(**WAITED, status="Blocked"))
    said = message("blocked", both, NOW)
    assert said.endswith("since 3 November 2026: its status is Blocked and it waits for WEB-9 “Title of WEB-9”")


def test_it_clears_when_what_it_waits_for_is_finished_and_that_is_shown_to_it() -> None:
    from_outside = Case(BLOCKER)
    finished = Case(replace(BLOCKER, status_category="done"))
    assert judged("blocked", from_outside).own != judged("blocked", finished).own
