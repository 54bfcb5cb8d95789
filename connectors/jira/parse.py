"""An issue as Jira gives it -> :class:`connectors.item.Item`. Pure, and on the hot path.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ and, for Data Center,
https://developer.atlassian.com/server/jira/platform/rest-apis/. Any value may be missing or null: a
deleted account, a field that a project does not use. Only an issue without identity or fields is refused.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors import refs
from connectors.base import BadResponse
from connectors.item import Item, Kind, Person, Ref, StatusCategory
from connectors.jira import adf, wiki
from connectors.jira.site import Site
from connectors.jira.sprint import current

Json = Mapping[str, Any]

EPOCH = datetime.fromtimestamp(0, UTC)
KINDS: dict[str, Kind] = {
    "epic": "epic",
    "story": "story",
    "user story": "story",
    "task": "task",
    "bug": "bug",
    "defect": "bug",
    "sub-task": "subtask",
    "subtask": "subtask",
}
CATEGORIES: dict[str, StatusCategory] = {"new": "todo", "indeterminate": "in_progress", "done": "done"}
CANCELLED = frozenset(
    {"won't do", "won't fix", "wont do", "wont fix", "wontfix", "will not do", "will not fix"}
    | {"cancelled", "canceled", "declined", "rejected", "abandoned", "withdrawn", "invalid", "not a bug", "obsolete"}
    | {"duplicate", "duplicated", "cannot reproduce", "can't reproduce", "incomplete", "not applicable"}
)
"""Resolutions, and names of statuses in the done category, that end an issue without its work done."""


def item(issue: Json, tracker: str, site: Site) -> Item:
    """One issue.

    :raises BadResponse: it has no id, no key or no fields
    """
    native_id, key, fields = issue.get("id"), _text(issue.get("key")), issue.get("fields")
    if not native_id or not key or not isinstance(fields, dict):
        raise BadResponse(f"an issue needs id, key and fields, this one has {sorted(issue)}")
    issue_type = _object(fields.get("issuetype"))
    status = _object(fields.get("status"))
    category = _category(status, fields)
    made, changed = _time(fields.get("created")), _time(fields.get("updated"))
    title, body = _text(fields.get("summary")), description(fields.get("description"))
    address = f"jira:{key}"
    return Item(
        tracker=tracker,
        native_id=str(native_id),
        container=_text(_object(fields.get("project")).get("key")) or key.rpartition("-")[0],
        key=key,
        address=address,
        kind=_kind(issue_type),
        type=_text(issue_type.get("name")),
        title=title,
        url=f"{site.base_url}/browse/{key}",
        status=_text(status.get("name")),
        status_category=category,
        created_at=made or changed or EPOCH,
        updated_at=changed or made or EPOCH,
        closed_at=_closed_at(fields) if category in ("done", "cancelled") else None,
        body=body,
        labels=tuple(label for label in _list(fields.get("labels")) if isinstance(label, str)),
        assignees=_people(fields.get("assignee")),
        reporter=next(iter(_people(fields.get("reporter"))), None),
        parent=_parent(fields, site),
        goals=tuple(dict.fromkeys(_goals(fields, site))),
        components=_names(fields.get("components")),
        versions=_names(fields.get("fixVersions")),
        sprint=current(_first(fields, site.sprint)),
        points=_number(_first(fields, site.points)),
        priority=_name(fields.get("priority")),
        due=_day(fields.get("duedate")),
        fields=dict(_further(fields, site)),
        refs=refs.merge(_refs(fields, title, body), own=address),
    )


def description(value: Any) -> str:
    """Plain text of a rich text field: ADF from version 3 of the API, wiki markup from version 2."""
    return wiki.text(value) if isinstance(value, str) else adf.text(value)


def created(issue: Json) -> datetime | None:
    """When an issue was created, which the walk continues at."""
    return _time(_object(issue.get("fields")).get("created"))


def updated(issue: Json) -> datetime | None:
    """When an issue was last updated."""
    return _time(_object(issue.get("fields")).get("updated"))


def _kind(issue_type: Json) -> Kind:
    level = issue_type.get("hierarchyLevel")
    if issue_type.get("subtask") is True or level == -1:
        return "subtask"
    if isinstance(level, int) and level >= 1:
        return "epic"
    return KINDS.get(_text(issue_type.get("name")).lower(), "other")


def _category(status: Json, fields: Json) -> StatusCategory:
    resolution = _name(fields.get("resolution")).lower()
    key = _text(_object(status.get("statusCategory")).get("key"))
    category = CATEGORIES.get(key, "done" if resolution else "todo")  # "undefined", or before Jira 6.2
    if category == "done" and (resolution in CANCELLED or _text(status.get("name")).lower() in CANCELLED):
        return "cancelled"
    return category


def _closed_at(fields: Json) -> datetime | None:
    """Team-managed projects close without a resolution; Cloud knows when the category changed."""
    return _time(fields.get("resolutiondate")) or _time(fields.get("statuscategorychangedate"))


def _people(value: Any) -> tuple[Person, ...]:
    """Nobody or one: the id that never changes is ``accountId`` on Cloud, ``key`` on Data Center."""
    user = _object(value)
    name = _text(user.get("displayName"))
    native_id = _text(user.get("accountId")) or _text(user.get("key")) or _text(user.get("name")) or name
    if not native_id:
        return ()
    return (Person(native_id, name or native_id, _text(user.get("emailAddress")), user.get("accountType") == "app"),)


def _parent(fields: Json, site: Site) -> str:
    key = _object(fields.get("parent")).get("key") or _first(fields, site.epic)
    return f"jira:{key}" if isinstance(key, str) and key else ""


def _goals(fields: Json, site: Site) -> Iterator[str]:
    for name in site.goal:
        for value in _list(fields.get(name)):
            yield from _choices(value)


def _further(fields: Json, site: Site) -> Iterator[tuple[str, Any]]:
    """What has no place of its own in an item, by the name that people see."""
    if resolution := _name(fields.get("resolution")):
        yield "Resolution", resolution
    for name, ids in site.more.items():
        value = _first(fields, ids)
        if isinstance(value, bool | int | float):
            yield name, value
        elif isinstance(value, list):
            yield name, [text for entry in value for text in _choices(entry)]
        elif texts := list(_choices(value)):
            yield name, ", ".join(texts)


def _choices(value: Any) -> Iterator[str]:
    """What people chose or wrote: an option, both levels of a cascading select, a text, a number."""
    if isinstance(value, dict) and value.get("type") != "doc":
        names = (value.get(name) for name in ("value", "name", "displayName", "label", "key"))
        yield from (str(name).strip() for name in [next(filter(None, names), None)] if name)
        yield from _choices(value.get("child"))
    elif isinstance(value, str | dict):
        yield from filter(None, [description(value)])
    elif value is not None:
        yield f"{value:g}" if isinstance(value, float) else str(value)


def _refs(fields: Json, title: str, body: str) -> Iterator[Ref]:
    for link in _list(fields.get("issuelinks")):
        other = _object(_object(link).get("outwardIssue") or _object(link).get("inwardIssue")).get("key")
        if isinstance(other, str) and other:
            yield Ref("links", f"jira:{other}", _named_link(_object(link)))
    yield from refs.in_text(title, "title")
    yield from refs.in_text(body, "body")


def _named_link(link: Json) -> str:
    """The name of the link's type; of one that reads differently from here ("Blocks: is blocked by"), both."""
    kind = _object(link.get("type"))
    name, inward = _name(kind), _text(kind.get("inward"))
    if link.get("outwardIssue") or not inward or inward == kind.get("outward"):
        return name or "link"
    return f"{name}: {inward}" if name else inward


def _first(fields: Json, names: tuple[str, ...]) -> Any:
    """The first of several fields that has a value."""
    for name in names:
        if (value := fields.get(name)) not in (None, "", []):
            return value
    return None


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name for entry in _list(value) if (name := _name(entry)))


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _time(value: Any) -> datetime | None:
    """``2026-11-02T09:30:00.000+0100``, in UTC."""
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (OverflowError, TypeError, ValueError):
        return None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        return None
