"""Stored items as the rules want to see them: each with its ancestors and what it points at.

A batch is loaded in a handful of queries, however many items it has: the items, then one query for
each level above them, then their references and the levels above those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.item import Item as Incoming
from connectors.item import Ref
from rules.model import Case, Referenced
from syncd.trackers import doc
from syncd.trackers.models import Alias, Item, Reference

DEEPEST = 32
"""Levels of hierarchy that are followed; trackers allow fewer than ten."""

COLUMNS = ("id", "parent_id", "status_since", "tracker__name", "doc", *doc.COLUMNS)
"""What :func:`one` needs of a row."""


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
    pointers = _pointers(shelf.items)
    targets = _targets({ref.address for refs in pointers.values() for ref in refs})
    _fetch(shelf, {target for found in targets.values() for target in found})
    return {id_: _case(shelf, id_, pointers, targets) for id_ in ids if id_ in shelf.items}


def line(id_: int) -> list[int]:
    """The row ids of an item and its ancestors, nearest first."""
    shelf = _Shelf()
    _fetch(shelf, [id_])
    return [id_, *_above(shelf, id_)[0]]


def one(row: Any) -> Incoming:
    """The item of a row of :data:`COLUMNS` values."""
    return doc.unpack(row["tracker__name"], row, row["doc"])


def _fetch(shelf: _Shelf, ids: Iterable[int]) -> None:
    """Put items and all their ancestors on the shelf."""
    wanted = set(ids) - shelf.items.keys()
    for _ in range(DEEPEST):
        if not wanted:
            return
        for row in Item.objects.filter(id__in=wanted, deleted_at=None).values(*COLUMNS):
            shelf.items[row["id"]] = one(row)
            shelf.parents[row["id"]] = row["parent_id"]
            shelf.status_since[row["id"]] = row["status_since"]
        above = {parent for id_ in wanted if (parent := shelf.parents.get(id_))}
        wanted = above - shelf.items.keys()


def _pointers(ids: Iterable[int]) -> dict[int, list[Ref]]:
    pointers: dict[int, list[Ref]] = {}
    rows = (
        Reference.objects.filter(item__in=list(ids)).order_by("id").values_list("item_id", "kind", "address", "where")
    )
    for item, kind, address, where in rows:
        pointers.setdefault(item, []).append(Ref(kind, address, where))  # type: ignore[arg-type]  # as it was stored
    return pointers


def _targets(addresses: set[str]) -> dict[str, list[int]]:
    """Address -> the items that have it; those that once had it count where nobody has it now."""
    if not addresses:
        return {}
    targets: dict[str, list[int]] = {}
    present = Item.objects.filter(address__in=addresses, deleted_at=None).order_by("id")
    for address, id_ in present.values_list("address", "id"):
        targets.setdefault(address, []).append(id_)
    past = Alias.objects.filter(address__in=addresses - targets.keys()).order_by("item_id")
    for address, id_ in past.values_list("address", "item_id"):
        targets.setdefault(address, []).append(id_)
    return targets


def _case(shelf: _Shelf, id_: int, pointers: Mapping[int, list[Ref]], targets: Mapping[str, list[int]]) -> Case:
    above, cycle = _above(shelf, id_)
    references = tuple(
        Referenced(ref, shelf.items[target], _of(shelf, _above(shelf, target)[0]), by)
        for pointer, by in ((id_, ""), *((ancestor, shelf.items[ancestor].id) for ancestor in above))
        for ref in pointers.get(pointer, ())
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
