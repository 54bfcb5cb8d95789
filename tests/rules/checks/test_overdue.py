"""``overdue``: open work, some days after it was due."""

from datetime import date

import pytest

from rules.model import Case
from tests.rules.cast import at, item
from tests.rules.checks.bench import findings, judged, message

LATE = Case(item(due=date(2026, 11, 10)))


def test_work_that_is_late_by_the_days_allowed_is_told_with_its_date() -> None:
    [finding] = findings("overdue", LATE, at("2026-11-13"))
    assert finding.message == "WEB-1 “Title of WEB-1” was due on 10 November 2026 and is still open"
    assert finding.fix == "Finish or close it, or agree on a new due date and set it."
    assert (finding.root, finding.subject) == ("acme-jira:n-WEB-1", "")


@pytest.mark.parametrize(("day", "days", "told"), [
    ("2026-11-12", 3, False), ("2026-11-13", 3, True), ("2026-11-10", 1, False), ("2026-11-11", 1, True), ("2026-11-10", 0, True),
])  # fmt: skip
def test_it_is_late_from_the_day_that_the_threshold_says(day: str, days: int, told: bool) -> None:
    assert bool(findings("overdue", LATE, at(day), days=days)) is told


def test_it_is_looked_at_again_when_it_will_be_late() -> None:
    early = judged("overdue", LATE, at("2026-11-01"))
    assert early.next_at == at("2026-11-13")
    assert judged("overdue", LATE, early.next_at).findings


@pytest.mark.parametrize(
    "values",
    [
        {"due": None},
        {"status_category": "done"},
        {"status_category": "cancelled"},
        {"kind": "subtask"},
        {"draft": True},
    ],
    ids=str,
)
def test_nothing_is_said_about_work_without_a_date_finished_work_subtasks_and_drafts(values: dict) -> None:
    assert findings("overdue", Case(item(**{"due": date(2026, 1, 1), **values}))) == ()


def test_work_that_has_not_even_started_is_late_too_and_has_no_grace() -> None:
    case = Case(item(due=date(2026, 11, 1), status_category="todo"))
    [finding] = findings("overdue", case, policy_={"grace_days": 3})
    assert finding.held == ""


def test_the_words_stay_the_same_from_day_to_day() -> None:
    assert message("overdue", LATE, at("2026-11-20")) == message("overdue", LATE, at("2026-12-20")) != ""
