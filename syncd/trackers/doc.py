"""How an item is laid down: columns that queries ask for, and one JSON document for the rest.

The document leaves out empty values, so that a plain item costs little and a new attribute needs no
migration. ``content_hash`` covers everything we use of an item but its update stamp: trackers bump
that for many reasons that do not concern us.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

import orjson

from connectors.item import Item, Person, Ref
from connectors.refs import merge

COLUMNS = (
    "native_id",
    "container",
    "key",
    "address",
    "kind",
    "title",
    "url",
    "status",
    "status_category",
    "created_at",
    "updated_at",
    "closed_at",
    "parent_address",
)
"""Columns of ``trackers.Item`` that hold an attribute of the item, in the order of :func:`columns`."""

_PLAIN = ("type", "body", "milestone", "sprint", "priority", "branch", "points", "draft")
_LISTS = ("labels", "goals", "components", "versions")
_SORTED = orjson.OPT_SORT_KEYS


def columns(item: Item) -> tuple[Any, ...]:
    """Values for :data:`COLUMNS`; times stay datetimes."""
    return (
        item.native_id,
        item.container,
        item.key,
        item.address,
        item.kind,
        item.title.replace("\0", "\ufffd"),  # PostgreSQL has no NUL in text
        item.url,
        item.status,
        item.status_category,
        item.created_at,
        item.updated_at,
        item.closed_at,
        item.parent,
    )


def pack(item: Item) -> str:
    """The document: a JSON object without empty values, keys sorted."""
    doc: dict[str, Any] = {}
    for name in _PLAIN:
        if (value := getattr(item, name)) is not None and value != "":
            doc[name] = value
    for name in _LISTS:
        if value := getattr(item, name):
            doc[name] = value
    if item.assignees:
        doc["assignees"] = [_from_person(person) for person in item.assignees]
    if item.reporter:
        doc["reporter"] = _from_person(item.reporter)
    if item.due:
        doc["due"] = item.due.isoformat()
    if item.merged_at:
        doc["merged_at"] = item.merged_at.isoformat()
    if item.fields:
        doc["fields"] = item.fields
    if item.refs:
        doc["refs"] = [(ref.kind, ref.address, ref.where) for ref in item.refs]
    return orjson.dumps(doc, option=_SORTED).decode()


def content_hash(item: Item, packed: str) -> str:
    """32 hex digits over the attributes, the update stamp left out."""
    parts = (
        item.container,
        item.key,
        item.kind,
        item.title,
        item.url,
        item.status,
        item.status_category,
        str(item.created_at),
        str(item.closed_at),
        item.parent,
        packed,
    )
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def unpack(tracker: str, values: Mapping[str, Any], packed: str) -> Item:
    """The item again, from its columns and its document."""
    doc = orjson.loads(packed)
    for name in doc.keys() & _READERS:
        doc[name] = _READERS[name](doc[name])
    doc.setdefault("type", "")
    return Item(
        tracker=tracker,
        native_id=values["native_id"],
        container=values["container"],
        key=values["key"],
        address=values["address"],
        kind=values["kind"],
        title=values["title"],
        url=values["url"],
        status=values["status"],
        status_category=values["status_category"],
        created_at=values["created_at"],
        updated_at=values["updated_at"],
        closed_at=values["closed_at"],
        parent=values["parent_address"],
        **doc,
    )


def loose(packed: str) -> dict[str, Any]:
    """The document's values as JSON has them, for who shows a few of them; people are id, name, e-mail, bot."""
    values: dict[str, Any] = orjson.loads(packed)
    return values


def complete(item: Item, packed: str) -> Item:
    """The item with the branch, and the references learned along with it, of an earlier version."""
    doc = orjson.loads(packed)
    if "branch" not in doc:
        return item
    kept = (Ref(*ref) for ref in doc.get("refs", ()) if ref[2] in ("branch", "closingIssuesReferences"))
    return replace(item, branch=doc["branch"], refs=merge((*item.refs, *kept), own=item.address))


def freeze(values: Mapping[str, Any], packed: str) -> str:
    """Columns and document of a superseded version as one JSON object, for ``trackers.Version``."""
    return orjson.dumps({"columns": {name: values[name] for name in COLUMNS}, "doc": orjson.loads(packed)}).decode()


def thaw(tracker: str, frozen: str) -> Item:
    """The item that :func:`freeze` laid down."""
    data = orjson.loads(frozen)
    values = data["columns"]
    for name in ("created_at", "updated_at", "closed_at"):
        values[name] = datetime.fromisoformat(values[name]).astimezone(UTC) if values[name] else None
    return unpack(tracker, values, orjson.dumps(data["doc"]).decode())


def _from_person(person: Person) -> tuple[str, str, str, bool]:
    return (person.native_id, person.name, person.email, person.bot)


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_LISTS, tuple),
    "assignees": lambda people: tuple([Person(*person) for person in people]),
    "reporter": lambda person: Person(*person),
    "due": date.fromisoformat,
    "merged_at": datetime.fromisoformat,
    "refs": lambda refs: tuple([Ref(*ref) for ref in refs]),
}
"""What the document holds in another form than the item."""
