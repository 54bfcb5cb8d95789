"""From rows to items, one line a case."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.base import BadResponse
from connectors.github import parse
from connectors.github.settings import Fields
from connectors.item import Item, Person, Ref

ROW: dict[str, Any] = {
    "id": 900,
    "number": 12,
    "title": "Send the first invoice",
    "state": "open",
    "html_url": "https://github.com/Acme/Web/issues/12",
    "repository_url": "https://api.github.com/repos/Acme/Web",
    "created_at": "2026-10-01T08:00:00Z",
    "updated_at": "2026-10-02T09:30:00Z",
}
PULL: dict[str, Any] = ROW | {"pull_request": {"merged_at": None}, "draft": False}
CLOSED = {"state": "closed", "closed_at": "2026-10-03T10:00:00Z"}
ANA = {"login": "ana", "id": 7, "type": "User"}


def item(row: dict[str, Any], **more: Any) -> Item:
    return parse.item(row | more, "acme-github", "Acme/Web", Fields())


def test_a_row_with_the_least_there_can_be_is_an_item() -> None:
    assert item(ROW) == Item(
        tracker="acme-github",
        native_id="900",
        container="Acme/Web",
        key="Acme/Web#12",
        address="github:acme/web#12",
        kind="task",
        type="Issue",
        title="Send the first invoice",
        url="https://github.com/Acme/Web/issues/12",
        status="open",
        status_category="todo",
        created_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
        updated_at=datetime(2026, 10, 2, 9, 30, tzinfo=UTC),
        reporter=parse.GHOST,
    )


def test_nulls_everywhere_are_nothing() -> None:
    nulls = dict.fromkeys(
        (
            *("body", "user", "labels", "assignees", "assignee", "milestone", "type", "closed_at", "parent_issue_url"),
            *("sub_issues_summary", "issue_field_values", "state_reason", "draft", "html_url", "title"),
        )
    )
    assert item(ROW, **nulls) == item(ROW, title="", html_url="")


def fields_of(*values: dict[str, Any]) -> dict[str, Any]:
    return {"issue_field_values": [{"issue_field_id": 1, "issue_field_name": "Goal", **value} for value in values]}


STATUS = [
    (ROW, {}, "open", "todo"),
    (ROW, {"assignees": [ANA]}, "open", "todo"),
    (ROW, {"labels": [{"name": "Status: In Progress"}]}, "open", "in_progress"),
    (ROW, {"labels": ["in-progress"]}, "open", "in_progress"),
    (ROW, {"labels": ["Doing"]}, "open", "in_progress"),
    (ROW, {"labels": ["in progress of being decided"]}, "open", "todo"),
    (ROW, {"state_reason": "reopened"}, "open", "todo"),
    (ROW, CLOSED, "closed", "done"),
    (ROW, CLOSED | {"state_reason": "completed"}, "closed", "done"),
    (ROW, CLOSED | {"state_reason": "not_planned"}, "closed", "cancelled"),
    (ROW, CLOSED | {"state_reason": "duplicate"}, "closed", "cancelled"),
    (PULL, {}, "open", "in_progress"),
    (PULL, {"draft": True}, "draft", "in_progress"),
    (PULL, CLOSED, "closed", "cancelled"),
    (PULL, CLOSED | {"draft": True}, "closed", "cancelled"),
    (PULL, CLOSED | {"pull_request": {"merged_at": "2026-10-03T10:00:00Z"}}, "merged", "done"),
]


@pytest.mark.parametrize(("row", "more", "status", "category"), STATUS)
def test_status_is_githubs_own_and_its_category_follows(
    row: dict[str, Any], more: dict[str, Any], status: str, category: str
) -> None:
    made = item(row, **more)
    assert (made.status, made.status_category) == (status, category)


KIND = [
    (PULL, {}, "pull_request", "Pull request"),
    (PULL, {"labels": ["bug"]}, "pull_request", "Pull request"),
    (ROW, {"type": {"name": "Bug"}}, "bug", "Bug"),
    (ROW, {"type": {"name": "Epic"}}, "epic", "Epic"),
    (ROW, {"type": {"name": "Feature"}}, "story", "Feature"),
    (ROW, {"type": {"name": "Task"}, "labels": ["bug"]}, "task", "Task"),
    (ROW, {"type": {"name": "Spike"}, "labels": ["bug"]}, "bug", "Spike"),
    (ROW, {"labels": [{"name": "good first issue"}, {"name": "Type: Bug"}]}, "bug", "Issue"),
    (ROW, {"labels": ["kind/feature"]}, "story", "Issue"),
    (ROW, {"labels": ["epic"]}, "epic", "Issue"),
    (ROW, {"labels": ["bugs bunny"]}, "task", "Issue"),
    (ROW, {"parent_issue_url": "https://api.github.com/repos/Acme/Web/issues/3"}, "task", "Issue"),
]


@pytest.mark.parametrize(("row", "more", "kind", "type_name"), KIND)
def test_the_kind_is_the_issue_type_or_a_label_that_names_one(
    row: dict[str, Any], more: dict[str, Any], kind: str, type_name: str
) -> None:
    made = item(row, **more)
    assert (made.kind, made.type) == (kind, type_name)


VALUES = [
    ({"labels": [{"name": "a"}, "b", {"name": None}, {}]}, "labels", ("a", "b")),
    ({"assignees": [ANA, None]}, "assignees", (Person("7", "ana"), parse.GHOST)),
    ({"assignee": ANA}, "assignees", (Person("7", "ana"),)),
    ({"user": ANA}, "reporter", Person("7", "ana")),
    ({"user": None}, "reporter", Person("ghost", "ghost")),
    ({"user": {"login": "renovate[bot]", "id": 8, "type": "Bot"}}, "reporter", Person("8", "renovate[bot]", bot=True)),
    ({"milestone": {"title": "v2", "due_on": "2026-12-15T08:00:00Z"}}, "milestone", "v2"),
    ({"milestone": {"title": "v2", "due_on": "2026-12-15T08:00:00Z"}}, "due", date(2026, 12, 15)),
    ({"milestone": {"title": "v2", "due_on": None}}, "due", None),
    ({"parent_issue_url": "https://ghe.acme.example/api/v3/repos/Acme/Ops/issues/3"}, "parent", "github:acme/ops#3"),
    ({"parent_issue_url": "nonsense"}, "parent", ""),
    ({"body": "Why\n<!-- template: Fixes #1 -->\nBecause"}, "body", "Why\n\nBecause"),
    ({"body": "Open <!-- for ever"}, "body", "Open"),
    ({"sub_issues_summary": {"total": 3, "completed": 1}}, "fields", {"sub_issues_total": 3, "sub_issues_completed": 1}),
    ({"sub_issues_summary": {"total": 0, "completed": 0}}, "fields", {}),
    ({"state_reason": "reopened"}, "fields", {"state_reason": "reopened"}),
    (fields_of({"value": "activation", "data_type": "text"}), "goals", ("activation",)),
    (fields_of({"value": 1, "single_select_option": {"id": 1, "name": "activation"}}), "goals", ("activation",)),
    (fields_of({"value": 1, "multi_select_options": [{"name": "a"}, {"name": "b"}]}), "goals", ("a", "b")),
    (fields_of({"value": None, "single_select_option": None}), "goals", ()),
    (fields_of({"value": 3.5, "issue_field_name": "Points"}), "points", 3.5),
    (fields_of({"value": "many", "issue_field_name": "Points"}), "points", None),
    (fields_of({"value": "High", "issue_field_name": "Priority"}), "priority", "High"),
    (fields_of({"value": "2026-12-01", "issue_field_name": "Target date"}), "due", date(2026, 12, 1)),
    (fields_of({"value": "x", "issue_field_name": None, "issue_field_id": 5}), "fields", {"5": "x"}),
    ({"closed_at": "2026-10-03T10:00:00Z"}, "closed_at", datetime(2026, 10, 3, 10, tzinfo=UTC)),
    ({"closed_at": "yesterday"}, "closed_at", None),
    ({"body": "Closes #4, see acme/ops#9"}, "refs", (
        Ref("closes", "github:acme/web#4", "body"), Ref("mentions", "github:acme/ops#9", "body"))),
    ({"title": "WEB-12: send it", "body": "This is #12 itself"}, "refs", (Ref("mentions", "jira:WEB-12", "title"),)),
]  # fmt: skip


@pytest.mark.parametrize(("more", "name", "value"), VALUES)
def test_a_value_is_read(more: dict[str, Any], name: str, value: object) -> None:
    assert getattr(item(ROW, **more), name) == value


def test_a_pull_request_says_whether_it_is_a_draft_and_when_it_was_merged() -> None:
    merged = item(PULL, draft=True, pull_request={"merged_at": "2026-10-03T10:00:00Z"})
    assert (merged.draft, merged.merged_at) == (True, datetime(2026, 10, 3, 10, tzinfo=UTC))
    assert item(ROW, draft=False).draft is None


def test_fields_have_the_meaning_the_settings_give_them() -> None:
    row = ROW | fields_of({"issue_field_name": "Objective", "value": "growth"})
    assert parse.item(row, "t", "acme/web", Fields(goal="Objective")).goals == ("growth",)
    assert parse.item(row, "t", "acme/web", Fields()).goals == ()


@pytest.mark.parametrize("missing", ["id", "number"])
def test_a_row_that_is_no_issue_is_refused(missing: str) -> None:
    with pytest.raises(BadResponse, match="without id, number or time"):
        item({name: value for name, value in ROW.items() if name != missing})


def test_a_row_without_times_is_refused_but_one_of_them_is_enough() -> None:
    assert item(ROW, created_at=None).created_at == datetime(2026, 10, 2, 9, 30, tzinfo=UTC)
    with pytest.raises(BadResponse):
        item(ROW, created_at=None, updated_at=None)


NAMES = [
    ({"repository_url": "https://api.github.com/repos/Acme/Web"}, "Acme/Web"),
    ({"repository_url": "https://ghe.acme.example/api/v3/repos/acme/web"}, "acme/web"),
    ({"html_url": "https://github.com/acme/web/pull/3"}, "acme/web"),
    ({"repository_url": None, "html_url": None}, ""),
]


@pytest.mark.parametrize(("row", "name"), NAMES)
def test_a_row_names_its_repository(row: dict[str, Any], name: str) -> None:
    assert parse.repository_of(row) == name


@pytest.mark.parametrize(
    "rubbish",
    [
        {"labels": [None, 5, {"name": 5}, {"name": "bug"}]},
        {"type": "Bug"},
        {"milestone": "v1"},
        {"user": "ana"},
        {"assignees": [None]},
        {"title": 5, "body": {"x": 1}, "html_url": 7},
        {"pull_request": True},
        {"parent_issue_url": 5},
        {"issue_field_values": [None, {"issue_field_name": "Goal", "single_select_option": "x"}]},
        {"sub_issues_summary": []},
    ],
)
def test_rubbish_in_a_field_costs_no_more_than_the_field(rubbish: dict[str, Any]) -> None:
    assert item(ROW | rubbish).key == "Acme/Web#12"
