"""An item as we knew it at a moment, with what stood above it and what it pointed at then.

The present is in ``trackers.Item``; what was superseded is in ``trackers.Version``, by the time during
which we knew it. Meant for one item at a time, for somebody who asks: a query for each level.
"""

from collections.abc import Iterable
from datetime import datetime

from connectors.item import Item as Incoming
from rules.model import Case, Referenced
from syncd.trackers import bulk, doc
from syncd.trackers.cases import Rulings
from syncd.trackers.models import Alias, Item, Tracker, Version
from syncd.trackers.shelf import DEEPEST

_COLUMNS = ("id", "tracker_id", "doc", "known_at", "deleted_at", *doc.COLUMNS)


def case_at(id_: int, moment: datetime, rulings: Rulings) -> Case | None:
    """The item (by row id) with what its links could rest on at ``moment``; None where it was not known or
    no longer there.

    Children, and how it stood when work began, only matter to checks and are left out.

    :param rulings: what people had decided by then
    """
    shelf = _Shelf(moment)
    if id_ not in shelf.fetch([id_]):
        return None
    above, cycle = shelf.above(id_)
    pointers = [(id_, ""), *((ancestor, shelf.items[ancestor].id) for ancestor in above)]
    references = tuple(
        Referenced(ref, shelf.items[target], shelf.line(target), by)
        for pointer, by in pointers
        for ref in shelf.items[pointer].refs
        for target in shelf.having(ref.address)
        if target not in (id_, pointer)
    )
    decided = rulings(list(shelf.items))
    return Case(
        shelf.items[id_],
        tuple(shelf.items[ancestor] for ancestor in above),
        references,
        cycle,
        state_since=_state_since(id_, shelf.items[id_].status, moment),
        rulings={shelf.items[row].id: made for row, made in decided.items()},
    )


class _Shelf:
    """Items as they were at one moment, by row id."""

    def __init__(self, moment: datetime) -> None:
        self.items: dict[int, Incoming] = {}
        self._moment = moment
        self._names = dict(Tracker.objects.values_list("id", "name"))

    def fetch(self, ids: Iterable[int]) -> list[int]:
        """Those of the items that were there, now on the shelf."""
        ids = list(ids)
        superseded: dict[int, str] = {}
        for row in bulk.select(Item, _COLUMNS, id=set(ids) - self.items.keys()):
            name = self._names[row["tracker_id"]]
            if row["deleted_at"] and row["deleted_at"] <= self._moment:
                continue
            if row["known_at"] <= self._moment:
                self.items[row["id"]] = doc.unpack(name, row, row["doc"])
            else:
                superseded[row["id"]] = name
        versions = Version.objects.filter(
            item__in=superseded, known_from__lte=self._moment, known_to__gt=self._moment
        ).values_list("item_id", "doc")
        for id_, frozen in versions.order_by("id"):
            self.items[id_] = doc.thaw(superseded[id_], frozen)
        return [id_ for id_ in ids if id_ in self.items]

    def having(self, address: str) -> list[int]:
        """The items that had an address then; those that had it some other time where nobody had."""
        if not address:
            return []
        named = [row["id"] for row in bulk.select(Item, ("id",), address=address)]
        named += [row["item_id"] for row in bulk.select(Alias, ("item_id",), address=address)]
        there = self.fetch(sorted(set(named)))
        return [id_ for id_ in there if self.items[id_].address == address] or there

    def above(self, id_: int) -> tuple[list[int], bool]:
        """Ancestors, nearest first, and whether the walk up met an item twice."""
        path: list[int] = []
        while len(path) < DEEPEST and (parent := self._parent(id_)):
            if parent in (id_, *path):
                return path, True
            path.append(parent)
            id_ = parent
        return path, False

    def line(self, id_: int) -> tuple[Incoming, ...]:
        return tuple(self.items[ancestor] for ancestor in self.above(id_)[0])

    def _parent(self, id_: int) -> int | None:
        """Parents are of the same tracker; of two with one address the newer counts."""
        item = self.items[id_]
        if item.parent == item.address:
            return None
        same = [row for row in self.having(item.parent) if self.items[row].tracker == item.tracker]
        return max(same, default=None)


def _state_since(id_: int, status: str, moment: datetime) -> datetime | None:
    """When the item had come into the status it had at ``moment``; None where that was before we knew it."""
    known = Version.objects.filter(item=id_, known_to__lte=moment).order_by("-known_to", "-id")
    for frozen, ended in known.values_list("doc", "valid_to").iterator():
        if doc.thaw("", frozen).status != status:
            return ended
    return None
