"""From a page of a data source to an item. Pure.

Shape: https://developers.notion.com/reference/page
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from connectors import refs
from connectors.base import Stream
from connectors.item import Item, Kind, Person, Ref, StatusCategory
from connectors.notion import properties
from connectors.notion.properties import Plain, Property, words
from connectors.notion.schema import category_of

_KINDS: dict[str, Kind] = {
    "epic": "epic",
    "initiative": "epic",
    "project": "epic",
    "story": "story",
    "user story": "story",
    "feature": "story",
    "task": "task",
    "bug": "bug",
    "subtask": "subtask",
    "sub-task": "subtask",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pages of one data source are read; made once from the stream's meta.

    ``roles`` tells by property id which parts a property plays, ``statuses`` by option id what a
    status means, ``rollups`` along which relation a rollup runs.
    """

    tracker: str
    container: str
    roles: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, StatusCategory]
    rollups: Mapping[str, str]

    @classmethod
    def of(cls, tracker: str, stream: Stream) -> Self:
        roles: dict[str, tuple[str, ...]] = {}
        for role, property_id in stream.meta["properties"].items():
            roles[property_id] = (*roles.get(property_id, ()), role)
        return cls(tracker, stream.native_id, roles, stream.meta["statuses"], stream.meta["rollups"])


def to_item(page: Mapping[str, Any], layout: Layout) -> Item:
    """The item that a page is.

    :raises KeyError, TypeError, ValueError, AttributeError: the page is not of the documented shape
    """
    found, fields, found_refs = _sorted_out(page["properties"], layout)
    values = {role: properties.plain(value) for role, value in found.items()}
    page_id = properties.uuid(page["id"])
    address = f"notion:{page_id}"
    type_, kind = _kind(values.get("kind"))
    status, category = _status(found.get("status"), values.get("status"), layout)
    return Item(
        tracker=layout.tracker,
        native_id=page_id,
        container=layout.container,
        key=_first(values.get("key")) or page_id[:8],
        address=address,
        kind=kind,
        type=type_,
        title=_first(values.get("title")),
        url=page["url"],
        status=status,
        status_category=category,
        created_at=moment(page["created_time"]),
        updated_at=moment(page["last_edited_time"]),
        body=_first(values.get("body")),
        labels=words(values.get("labels")),
        assignees=_people(found.get("assignees")),
        reporter=_person(page["created_by"]) if page.get("created_by") else None,
        parent=_first(values.get("parent")),
        goals=words(values.get("goal")),
        sprint=", ".join(words(values.get("sprint"))),
        points=_number(values.get("points")),
        priority=_first(values.get("priority")),
        due=_day(values.get("due")),
        fields=fields,
        refs=refs.merge(found_refs, own=address) if found_refs else (),
    )


def key_of(page: Mapping[str, Any], layout: Layout) -> str:
    """What :func:`to_item` would call the page, which may have come with its unique id alone."""
    for value in page["properties"].values():
        if "key" in layout.roles.get(value["id"], ()):
            return _first(properties.plain(value)) or properties.uuid(page["id"])[:8]
    return properties.uuid(page["id"])[:8]


def moment(value: str) -> datetime:
    """A time stamp of Notion's, in UTC."""
    at = datetime.fromisoformat(value)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _sorted_out(
    values: Mapping[str, Property], layout: Layout
) -> tuple[dict[str, Property], dict[str, Plain], list[Ref]]:
    """The properties that play a part, the plain values of the others, and what they point at."""
    found: dict[str, Property] = {}
    fields: dict[str, Plain] = {}
    found_refs: list[Ref] = []
    for name, value in values.items():
        roles = layout.roles.get(value["id"])
        if roles is None:
            fields[name] = properties.plain(value)
        else:
            found.update(dict.fromkeys(roles, value))
        if (find := _POINTERS.get(value["type"])) and value[value["type"]]:
            found_refs += find(value, name, roles or ())
    return found, fields, found_refs


def _in_rich_text(value: Property, name: str, roles: tuple[str, ...]) -> Iterator[Ref]:
    """Mentioned pages, links, and what the words name."""
    kind = value["type"]
    where = "title" if kind == "title" else "body" if "body" in roles else name
    parts = value[kind]
    for part in parts:
        if part["type"] == "mention" and part["mention"]["type"] == "page":
            yield Ref("mentions", properties.address(part["mention"]["page"]["id"]), where)
        elif (href := part.get("href")) and (address := refs.address_of_url(_absolute(href))):
            yield Ref("mentions", address, where)
    yield from refs.in_text(properties.text(parts), where)


def _absolute(href: str) -> str:
    """Links between pages come without a host."""
    return f"https://www.notion.so{href}" if href.startswith("/") else href


def _in_url(value: Property, name: str, _: tuple[str, ...]) -> Iterator[Ref]:
    if address := refs.address_of_url(value["url"]):
        yield Ref("links", address, name)


def _in_relation(value: Property, name: str, roles: tuple[str, ...]) -> Iterator[Ref]:
    """The parent and the goal say more than that there is a link: they are no references."""
    if "parent" not in roles and "goal" not in roles:
        for target in value["relation"]:
            yield Ref("links", properties.address(target["id"]), name)


_POINTERS = {"title": _in_rich_text, "rich_text": _in_rich_text, "url": _in_url, "relation": _in_relation}


def _kind(value: Plain) -> tuple[str, Kind]:
    named = _first(value)
    return (named, _KINDS.get(named.strip().lower(), "page")) if named else ("Page", "page")


def _status(prop: Property | None, value: Plain, layout: Layout) -> tuple[str, StatusCategory]:
    if isinstance(value, bool):
        return ("Checked", "done") if value else ("Unchecked", "todo")
    if prop is None or not isinstance(value, str):
        return "", "todo"
    option = prop.get(prop["type"])
    known = layout.statuses.get(option.get("id", "")) if isinstance(option, dict) else None
    return value, known or category_of(value)


def _people(prop: Property | None) -> tuple[Person, ...]:
    return tuple([_person(user) for user in prop.get("people", ())]) if prop else ()


def _person(user: Mapping[str, Any]) -> Person:
    """A user or group. Without the capability to read user information Notion tells the id alone."""
    email = (user.get("person") or {}).get("email") or ""
    return Person(user["id"], user.get("name") or "", email, bot=user.get("type") == "bot")


def _first(value: Plain) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return next(iter(words(value)), "")


def _number(value: Plain) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _day(value: Plain) -> date | None:
    """The day of a date, the last of a range."""
    text = _first(value)
    try:
        return date.fromisoformat(text.rpartition("/")[2][:10]) if text else None
    except ValueError:
        return None
