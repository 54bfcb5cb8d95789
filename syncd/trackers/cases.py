"""Stored items as the rules want to see them: each with its ancestors and what it points at.

A batch is loaded in a handful of queries, however many items it has: the items, then one query for
each level above them, then what they refer to and the levels above that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from connectors.item import Item as Incoming
from rules.model import Case, Referenced
from syncd.trackers import bulk, doc
from syncd.trackers.models import Alias, Item, Tracker

DEEPEST = 32
"""Levels of hierarchy that are followed; trackers allow fewer than ten."""

COLUMNS = ("tracker__name", "doc", *doc.COLUMNS)
"""What :func:`one` needs of a row."""

_COLUMNS = ("id", "parent_id", "status_since", "tracker_id", "doc", *doc.COLUMNS)


@dataclass(slots=True)
class _Shelf:
    """Items in reach of a batch, by row id, and who their parents are."""

    items: dict[int, Incoming] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    status_since: dict[int, datetime | None] = field(default_factory=dict)


def load(ids: Sequence[int]) -> dict[int, Case]:
    """Row id -> case, for those of ``ids`` that are not deleted."""
    shelf = _Shelf()
    _fetch(shelf, ids)
    targets = _targets({ref.address for item in shelf.items.values() for ref in item.refs})
    _fetch(shelf, {target for found in targets.values() for target in found})
    return {id_: _case(shelf, id_, targets) for id_ in ids if id_ in shelf.items}


def line(id_: int) -> list[int]:
    """The row ids of an item and its ancestors, nearest first."""
    shelf = _Shelf()
    _fetch(shelf, [id_])
    return [id_, *_above(shelf, id_)[0]]


def one(row: Mapping[str, Any]) -> Incoming:
    """The item of a row of :data:`COLUMNS` values."""
    return doc.unpack(row["tracker__name"], row, row["doc"])


def by_id(ids: Iterable[str]) -> dict[str, tuple[int, Incoming]]:
    """Item id (``tracker:native id``) -> row id and item."""
    wanted: dict[str, set[str]] = {}
    for id_ in ids:
        tracker, _, native_id = id_.partition(":")
        wanted.setdefault(tracker, set()).add(native_id)
    trackers = Tracker.objects.filter(name__in=wanted).values_list("name", "id")
    return {
        item.id: (row["id"], item)
        for name, tracker_id in trackers
        for row in bulk.select(Item, _COLUMNS, tracker_id=tracker_id, native_id=wanted[name])
        for item in [doc.unpack(name, row, row["doc"])]
    }


def _fetch(shelf: _Shelf, ids: Iterable[int]) -> None:
    """Put items and all their ancestors on the shelf."""
    wanted = set(ids) - shelf.items.keys()
    names = dict(Tracker.objects.values_list("id", "name"))
    for _ in range(DEEPEST):
        if not wanted:
            return
        for row in bulk.select(Item, _COLUMNS, id=wanted, deleted_at=None):
            shelf.items[row["id"]] = doc.unpack(names[row["tracker_id"]], row, row["doc"])
            shelf.parents[row["id"]] = row["parent_id"]
            shelf.status_since[row["id"]] = row["status_since"]
        above = {parent for id_ in wanted if (parent := shelf.parents.get(id_))}
        wanted = above - shelf.items.keys()


def _targets(addresses: set[str]) -> dict[str, list[int]]:
    """Address -> the items that have it; those that once had it count where nobody has it now."""
    if not addresses:
        return {}
    targets: dict[str, list[int]] = {}
    for row in sorted(bulk.select(Item, ("id", "address"), address=addresses, deleted_at=None), key=itemgetter("id")):
        targets.setdefault(row["address"], []).append(row["id"])
    past = bulk.select(Alias, ("item_id", "address"), address=addresses - targets.keys())
    for row in sorted(past, key=itemgetter("item_id")):
        targets.setdefault(row["address"], []).append(row["item_id"])
    return targets


def _case(shelf: _Shelf, id_: int, targets: Mapping[str, list[int]]) -> Case:
    above, cycle = _above(shelf, id_)
    references = tuple(
        Referenced(ref, shelf.items[target], _of(shelf, _above(shelf, target)[0]), by)
        for pointer, by in ((id_, ""), *((ancestor, shelf.items[ancestor].id) for ancestor in above))
        for ref in shelf.items[pointer].refs
        for target in targets.get(ref.address, ())
        if target not in (id_, pointer) and target in shelf.items
    )
    return Case(shelf.items[id_], _of(shelf, above), references, cycle, shelf.status_since[id_])


def _of(shelf: _Shelf, ids: Iterable[int]) -> tuple[Incoming, ...]:
    return tuple(shelf.items[id_] for id_ in ids)


def _above(shelf: _Shelf, id_: int) -> tuple[list[int], bool]:
    """Ancestors, nearest first, and whether the walk up met an item twice."""
    path: list[int] = []
    met = {id_}
    while (parent := shelf.parents.get(id_)) and parent in shelf.items:
        if parent in met:
            return path, True
        met.add(parent)
        path.append(parent)
        id_ = parent
    return path, False
