"""From a row of the issue lists to an Item. Pure.

Fields: docs.github.com/rest/issues/issues ("List repository issues"). Pull requests are rows with the
key ``pull_request``; sub-issues, types and issue fields are there where the organisation has them.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from connectors.base import BadResponse
from connectors.github.lists import Row
from connectors.github.settings import Fields
from connectors.item import Item, Kind, Person, Ref, StatusCategory
from connectors.refs import in_text, merge

GHOST = Person(native_id="ghost", name="ghost")
"""Whom GitHub shows in place of a deleted account; the API says null."""

_KINDS: dict[str, Kind] = {
    "bug": "bug",
    "defect": "bug",
    "epic": "epic",
    "feature": "story",
    "story": "story",
    "user story": "story",
    "task": "task",
}
_KIND_LABEL = re.compile(r"(?:(?:type|kind)\s*[:/]\s*)?([a-z ]+)")
_WORKING_LABEL = re.compile(r"(?:(?:status|state)\s*[:/]\s*)?(?:in[ _-]?progress|doing|wip)")
_NOT_DONE = ("not_planned", "duplicate")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAME = re.compile(r"/repos/([^/?#]+/[^/?#]+)/?$")
_WEB_NAME = re.compile(r"^https?://[^/]+/([^/?#]+/[^/?#]+)/(?:issues|pull)/\d+")
_ISSUE_URL = re.compile(r"/repos/([^/?#]+/[^/?#]+)/issues/(\d+)$")


def repository_of(row: Row) -> str:
    """The full name of the repository a row is in now; empty if it does not tell."""
    match = _NAME.search(row.get("repository_url") or "") or _WEB_NAME.match(row.get("html_url") or "")
    return match[1] if match else ""


def updated(row: Row) -> datetime | None:
    """When the row was last updated."""
    return _time(row.get("updated_at"))


def created(row: Row) -> datetime | None:
    """When the row was created; never changes."""
    return _time(row.get("created_at"))


def item(row: Row, tracker: str, repository: str, names: Fields) -> Item:
    """One issue or pull request.

    :param repository: full name, ``acme/web``
    :param names: which issue fields mean what
    :raises BadResponse: the row has no id, number or time
    """
    made, number = created(row) or updated(row), row.get("number")
    if made is None or not number or not row.get("id"):
        raise BadResponse("a row without id, number or time where an issue belongs")
    key = f"{repository}#{number}"
    labels = tuple(_labels(row))
    pull = row.get("pull_request")
    is_pull = pull is not None
    merged_at = _time(_object(pull).get("merged_at") or row.get("merged_at")) if is_pull else None
    type_name = _string(_object(row.get("type")).get("name"))
    status = _status(row, merged=merged_at is not None)
    milestone = _object(row.get("milestone"))
    values = dict(_field_values(row))
    title, body = _string(row.get("title")), _text(_string(row.get("body")))
    address = f"github:{key}".lower()
    return Item(
        tracker=tracker,
        native_id=str(row["id"]),
        container=repository,
        key=key,
        address=address,
        kind="pull_request" if is_pull else _kind(type_name, labels),
        type="Pull request" if is_pull else type_name or "Issue",
        title=title,
        url=_string(row.get("html_url")),
        status=status,
        status_category=_category(row, status, is_pull, labels),
        created_at=made,
        updated_at=updated(row) or made,
        closed_at=_time(row.get("closed_at")),
        body=body,
        labels=labels,
        assignees=_assignees(row),
        reporter=_person(row.get("user")),
        parent=_parent(row.get("parent_issue_url")),
        goals=_texts(values.get(names.goal)),
        milestone=_string(milestone.get("title")),
        points=_number(values.get(names.points)),
        priority=" ".join(_texts(values.get(names.priority))),
        due=_date(values.get(names.due)) or _date(milestone.get("due_on")),
        draft=bool(row.get("draft")) if is_pull else None,
        merged_at=merged_at,
        fields=values | dict(_further(row)),
        refs=_refs(title, body, repository, address),
    )


def _status(row: Row, *, merged: bool) -> str:
    if merged:
        return "merged"
    if row.get("state") == "closed":
        return "closed"
    return "draft" if row.get("draft") else "open"


def _category(row: Row, status: str, is_pull: bool, labels: tuple[str, ...]) -> StatusCategory:
    if status == "merged":
        return "done"
    if status == "closed":
        return "cancelled" if is_pull or row.get("state_reason") in _NOT_DONE else "done"
    return "in_progress" if is_pull or any(map(_says_working, labels)) else "todo"


def _kind(type_name: str, labels: tuple[str, ...]) -> Kind:
    """The issue type decides; without a known one, the first label that names a kind."""
    if kind := _KINDS.get(type_name.lower()):
        return kind
    return next((kind for label in labels if (kind := _kind_of_label(label))), "task")


@lru_cache(4096)
def _kind_of_label(label: str) -> Kind | None:
    match = _KIND_LABEL.fullmatch(label.lower())
    return _KINDS.get(match[1]) if match else None


@lru_cache(4096)
def _says_working(label: str) -> bool:
    return _WORKING_LABEL.fullmatch(label.lower()) is not None


def _labels(row: Row) -> Iterator[str]:
    """Labels are objects, and plain strings in some older answers."""
    for label in row.get("labels") or ():
        if name := label if isinstance(label, str) else _string(_object(label).get("name")):
            yield name


def _assignees(row: Row) -> tuple[Person, ...]:
    people = row.get("assignees")
    if people is None:  # servers older than several assignees
        people = [row["assignee"]] if row.get("assignee") else []
    return tuple(map(_person, people))


def _person(user: Any) -> Person:
    if not isinstance(user, dict) or not user.get("login"):
        return GHOST
    return _known_person(user.get("id"), user["login"], user.get("type"))


@lru_cache(4096)
def _known_person(number: int | None, login: str, kind: str | None) -> Person:
    return Person(native_id=str(number or login), name=login, bot=kind == "Bot")


def _parent(url: Any) -> str:
    match = _ISSUE_URL.search(_string(url))
    return f"github:{match[1]}#{match[2]}".lower() if match else ""


def _field_values(row: Row) -> Iterator[tuple[str, Any]]:
    """Issue fields by name: text, number and date as they are, options by their names.

    Source: docs.github.com/rest/issues/issue-field-values.
    """
    for value in map(_object, row.get("issue_field_values") or ()):
        name = value.get("issue_field_name") or str(value.get("issue_field_id") or "")
        if not name:
            continue
        if option := value.get("single_select_option"):
            yield name, _object(option).get("name")
        elif (options := value.get("multi_select_options")) is not None:
            yield name, [option["name"] for option in options if option.get("name")]
        else:
            yield name, value.get("value")


def _further(row: Row) -> Iterator[tuple[str, Any]]:
    if reason := row.get("state_reason"):
        yield "state_reason", reason
    summary = _object(row.get("sub_issues_summary"))
    if summary.get("total"):
        yield "sub_issues_total", summary["total"]
        yield "sub_issues_completed", summary.get("completed", 0)


def _object(value: Any) -> Row:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(markdown: str) -> str:
    """Markdown reads as text; comments are for the template's author, not for the reader."""
    return _COMMENT.sub("", markdown).strip() if "<!--" in markdown else markdown


def _refs(title: str, body: str, repository: str, address: str) -> tuple[Ref, ...]:
    found = in_text(title, "title", repository=repository) + in_text(body, "body", repository=repository)
    return merge(found, own=address) if found else ()


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _date(value: Any) -> date | None:
    """A day, of a date or of a time: GitHub keeps a milestone's day as a time of that day."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _time(value: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
