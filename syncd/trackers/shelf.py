"""Items in reach of a batch, with everything above them: one query for each level."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.item import Item as Incoming
from syncd.trackers import bulk, doc
from syncd.trackers.models import Item, Tracker

DEEPEST = 32
"""Levels of hierarchy that are followed; trackers allow fewer than ten."""

_COLUMNS = ("id", "parent_id", "status_since", "tracker_id", "doc", *doc.COLUMNS)


@dataclass(slots=True)
class Shelf:
    """Stored items by row id, and who their parents are. Deleted ones are not there, nor those of trackers that are no
    longer read."""

    items: dict[int, Incoming] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    status_since: dict[int, datetime | None] = field(default_factory=dict)
    above: dict[int, tuple[list[int], bool]] = field(default_factory=dict)
    """What :meth:`line` found before."""

    def fetch(self, ids: Iterable[int]) -> None:
        """Put items and all their ancestors on the shelf."""
        wanted = set(ids) - self.items.keys()
        if not wanted:
            return
        names = {row["id"]: row["name"] for row in bulk.select(Tracker, ("id", "name"), active=True)}
        for _ in range(DEEPEST):
            for row in bulk.select(Item, _COLUMNS, id=wanted, deleted_at=None):
                if row["tracker_id"] not in names:
                    continue
                self.items[row["id"]] = doc.unpack(names[row["tracker_id"]], row, row["doc"])
                self.parents[row["id"]] = row["parent_id"]
                self.status_since[row["id"]] = row["status_since"]
            above = {parent for id_ in wanted if (parent := self.parents.get(id_))}
            wanted = above - self.items.keys()
            if not wanted:
                return

    def line(self, id_: int) -> tuple[list[int], bool]:
        """Ancestors, nearest first, and whether the walk up met an item twice."""
        known = self.above.get(id_)
        if known is None:
            known = self.above[id_] = self._climb(id_)
        return known

    def _climb(self, id_: int) -> tuple[list[int], bool]:
        path: list[int] = []
        met = {id_}
        while (parent := self.parents.get(id_)) and parent in self.items:
            if parent in met:
                return path, True
            met.add(parent)
            path.append(parent)
            id_ = parent
        return path, False

    def of(self, ids: Iterable[int]) -> tuple[Incoming, ...]:
        return tuple([self.items[id_] for id_ in ids])
