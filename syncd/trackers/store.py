"""Items in: one page, one transaction, newer wins, changes only.

:func:`upsert` is called inside the transaction that also advances the stream's cursor. It compares
before it writes: an item whose content hash is the stored one costs a look, not a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from connectors.item import Item as Incoming
from syncd.trackers import bulk, doc, due
from syncd.trackers.models import Alias, Item, Person, Reference, Stream, Version

_COMPARED = (
    "id",
    "native_id",
    "address",
    "hash",
    "updated_at",
    "deleted_at",
    "fate",
    "stream_id",
    "census",
    "status",
    "status_since",
    "parent_id",
)
_TOUCHED = ("updated_at", "stream_id", "missed", "census")
_CHANGED = (
    *doc.COLUMNS,
    "status_since",
    "stream_id",
    "parent_id",
    "doc",
    "hash",
    "known_at",
    "deleted_at",
    "fate",
    "missed",
    "census",
)
_NEW = ("tracker_id", "first_known_at", *_CHANGED)


@dataclass(slots=True)
class Written:
    """What a page did to the store, in numbers of items."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __iadd__(self, other: "Written") -> Self:
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        return self


@dataclass(frozen=True, slots=True)
class _Draft:
    """An item about to be written. ``row`` is the stored version that it replaces, empty if it is new."""

    item: Incoming
    packed: str
    digest: str
    row: Mapping[str, Any]


def upsert(stream: Stream, items: Sequence[Incoming], now: datetime) -> Written:
    """Store a page of one stream. Idempotent, and safe against older versions arriving late."""
    incoming = _newest_of_each(items)
    stored = _stored(stream, incoming)
    incoming |= _completed(stream, incoming, stored)
    drafts: list[_Draft] = []
    touched: list[bulk.Row] = []
    for item in incoming.values():
        row = stored.get(item.native_id, {})
        if row and _is_old(item, row, now):
            continue
        packed = doc.pack(item)
        digest = doc.content_hash(item, packed)
        if not row or row["hash"] != digest or row["deleted_at"]:
            drafts.append(_Draft(item, packed, digest, row))
        elif item.updated_at != row["updated_at"] or row["stream_id"] != stream.id or row["census"] < stream.census:
            touched.append((bulk.stamp(item.updated_at), stream.id, 0, stream.census, row["id"]))
    bulk.update(Item, _TOUCHED, touched)
    new = [draft for draft in drafts if not draft.row]
    changed = [draft for draft in drafts if draft.row]
    if drafts:
        parents = _parents(stream, drafts)
        _insert(stream, new, parents, now)
        _replace(stream, changed, parents, now)
        _meet(stream, drafts, parents)
        _remember_people(stream, drafts)
    return Written(len(new), len(changed), len(incoming) - len(drafts))


def _newest_of_each(items: Sequence[Incoming]) -> dict[str, Incoming]:
    """Pages may overlap and carry an item twice."""
    newest: dict[str, Incoming] = {}
    for item in items:
        known = newest.get(item.native_id)
        if known is None or item.updated_at >= known.updated_at:
            newest[item.native_id] = item
    return newest


def _stored(stream: Stream, incoming: Mapping[str, Incoming]) -> dict[str, Mapping[str, Any]]:
    rows = bulk.select(Item, _COMPARED, tracker_id=stream.tracker_id, native_id=incoming.keys())
    return {row["native_id"]: row for row in rows}


def _completed(
    stream: Stream, incoming: Mapping[str, Incoming], stored: Mapping[str, Mapping[str, Any]]
) -> dict[str, Incoming]:
    """Pull requests whose branch the tracker could not tell this time keep what it told before."""
    untold = [id_ for id_, item in incoming.items() if item.branch is None and item.kind == "pull_request"]
    if not (known := [id_ for id_ in untold if id_ in stored]):
        return {}
    rows = Item.objects.filter(tracker=stream.tracker_id, native_id__in=known).values_list("native_id", "doc")
    return {native_id: doc.complete(incoming[native_id], packed) for native_id, packed in rows}


def _is_old(item: Incoming, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether a lagging index gave us an older version, or one that is known to be deleted for good.

    A stored version from the future proves nothing: its tracker's clock was wrong when it was made."""
    stored: datetime = row["updated_at"]
    if stored > now:
        return False
    if row["fate"] == "gone":
        return item.updated_at <= stored
    return item.updated_at < stored and not row["deleted_at"]


def _insert(stream: Stream, new: Sequence[_Draft], parents: Mapping[str, int], now: datetime) -> None:
    known = bulk.stamp(now)
    bulk.insert(Item, _NEW, [(stream.tracker_id, known, *_values(stream, draft, parents, known)) for draft in new])
    if pointing := {draft.item.native_id: draft.item for draft in new if draft.item.refs}:
        rows = bulk.select(Item, ("id", "native_id"), tracker_id=stream.tracker_id, native_id=pointing.keys())
        _insert_references((row["id"], pointing[row["native_id"]]) for row in rows)


def _replace(stream: Stream, changed: Sequence[_Draft], parents: Mapping[str, int], now: datetime) -> None:
    if not changed:
        return
    _keep_versions({draft.row["id"]: draft.item.updated_at for draft in changed}, now)
    known = bulk.stamp(now)
    bulk.update(Item, _CHANGED, [(*_values(stream, draft, parents, known), draft.row["id"]) for draft in changed])
    Reference.objects.filter(item__in=[draft.row["id"] for draft in changed]).delete()
    _insert_references((draft.row["id"], draft.item) for draft in changed)
    moved = [draft.row for draft in changed if draft.row["address"] != draft.item.address]
    bulk.insert(Alias, ("address", "item_id"), [(row["address"], row["id"]) for row in moved], ignore=True)


def _values(stream: Stream, draft: _Draft, parents: Mapping[str, int], known: Any) -> bulk.Row:
    """Values for ``_CHANGED``."""
    item = draft.item
    times = (bulk.stamp(item.created_at), bulk.stamp(item.updated_at), bulk.stamp(item.closed_at))
    parent = parents.get(item.parent) if item.parent != item.address else None
    return (
        *(*doc.columns(item)[:9], *times, item.parent, bulk.stamp(_status_since(draft))),
        *(stream.id, parent, draft.packed, draft.digest, known),
        *(None, "", 0, stream.census),
    )


def _status_since(draft: _Draft) -> datetime | None:
    if not draft.row:
        return None
    known: datetime | None = draft.row["status_since"]
    return known if draft.row["status"] == draft.item.status else draft.item.updated_at


def _keep_versions(successors: Mapping[int, datetime], now: datetime) -> None:
    """Lay down what the items were until now, before they are overwritten.

    :param successors: item id -> since when the next version is valid
    """
    rows = bulk.select(Item, ("id", "doc", "hash", "known_at", *doc.COLUMNS), id=successors.keys())
    bulk.insert(
        Version,
        ("item_id", "doc", "hash", "valid_from", "valid_to", "known_from", "known_to"),
        [
            (
                *(row["id"], doc.freeze(row, row["doc"]), row["hash"]),
                *(bulk.stamp(row["updated_at"]), bulk.stamp(successors[row["id"]])),
                *(bulk.stamp(row["known_at"]), bulk.stamp(now)),
            )
            for row in rows
        ],
    )


def _insert_references(items: Iterable[tuple[int, Incoming]]) -> None:
    rows = [(item_id, ref.kind, ref.address, ref.where) for item_id, item in items for ref in item.refs]
    bulk.insert(Reference, ("item_id", "kind", "address", "where"), rows)


def _parents(stream: Stream, drafts: Sequence[_Draft]) -> Mapping[str, int]:
    """Address -> stored item, for the parents that are stored already, by their address now or in the past."""
    wanted = {draft.item.parent for draft in drafts if draft.item.parent}
    if not wanted:
        return {}
    rows = bulk.select(Item, ("id", "address"), tracker_id=stream.tracker_id, address=wanted)
    present = {row["address"]: row["id"] for row in rows}
    past = bulk.select(Alias, ("item_id", "address"), address=wanted - present.keys())
    rows = bulk.select(Item, ("id", "tracker_id"), id={row["item_id"] for row in past})
    mine = {row["id"] for row in rows if row["tracker_id"] == stream.tracker_id}
    return {row["address"]: row["item_id"] for row in past if row["item_id"] in mine} | present


def _meet(stream: Stream, drafts: Sequence[_Draft], parents: Mapping[str, int]) -> None:
    """Tie waiting children to what arrived, and have it judged, and everybody anew who depends on it.

    Children and referrers of a changed item may read other words in their explanation; those that
    waited for the address of a new one may now be tied through it. Parents, those that it left as well,
    have other children than before.
    """
    mine = f"tracker_id = {stream.tracker_id}"
    due.mark_where(f"{mine} AND native_id {{these}}", [draft.item.native_id for draft in drafts])
    due.mark_readers([draft.row["id"] for draft in drafts if draft.row])
    left = {draft.row["parent_id"] for draft in drafts if draft.row}
    due.mark({*parents.values(), *left} - {None})
    arrived = {draft.item.address for draft in drafts}
    due.mark_where("id IN (SELECT item_id FROM trackers_reference WHERE address {these})", arrived)
    waiting = (
        f"{mine} AND parent_id IS NULL AND NOT (parent_address = '') AND NOT (parent_address = address)"
        " AND parent_address {these}"
    )
    due.mark_where(waiting, arrived)
    one_of, these = bulk.one_of(arrived)
    bulk.execute(
        f"""UPDATE trackers_item SET parent_id = (
                SELECT parent.id FROM trackers_item parent
                WHERE parent.{mine} AND parent.address = trackers_item.parent_address
                ORDER BY parent.id DESC LIMIT 1
            )
            WHERE {waiting.format(these=one_of)}""",  # noqa: S608 - only a number and conditions of ours are built in
        [these],
    )


def _remember_people(stream: Stream, drafts: Sequence[_Draft]) -> None:
    items = [draft.item for draft in drafts]
    people = {person.native_id: person for item in items for person in (*item.assignees, item.reporter) if person}
    columns = ("id", "native_id", "name", "email", "bot")
    rows = bulk.select(Person, columns, tracker_id=stream.tracker_id, native_id=people.keys())
    known = {row["native_id"]: row for row in rows}
    new = [person for native_id, person in people.items() if native_id not in known]
    bulk.insert(
        Person,
        ("tracker_id", "native_id", "name", "email", "bot"),
        [(stream.tracker_id, person.native_id, person.name, person.email, person.bot) for person in new],
        ignore=True,
    )
    bulk.update(
        Person,
        ("name", "email", "bot"),
        [
            (person.name, person.email, person.bot, row["id"])
            for native_id, row in known.items()
            if (person := people[native_id])
            and (row["name"], row["email"], row["bot"]) != (person.name, person.email, person.bot)
        ],
    )
