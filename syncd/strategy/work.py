"""The work for one goal, by epic: as much as a page holds, newest first along an index."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncd.strategy.models import Decision
from syncd.trackers import bulk
from syncd.trackers.models import Item, Tracker

LOOKED_AT = 100
"""Items of a goal that its page looks at; the list of items has all."""
SHOWN = 6
"""Items of an epic."""
EPICS = 12


@dataclass(frozen=True, slots=True)
class Work:
    """Of an item, what is told about it. ``parent``: row id; 0 for none. ``tracker``: of which kind."""

    id: int
    parent: int
    kind: str
    key: str
    title: str
    status: str
    status_category: str
    tracker: str


@dataclass(frozen=True, slots=True)
class Epic:
    """``item``: None for work without one. ``rows``: the first of ``count`` that were looked at, open ones first."""

    item: Work | None
    rows: Sequence[Work]
    count: int


def by_epic(goal: str) -> tuple[list[Epic], bool]:
    """Epics with the work for a goal, in five queries, and whether the goal has more work than was looked at."""
    own = Decision.objects.filter(primary_goal=goal, item__deleted_at=None, item__tracker__active=True)
    ids = list(own.order_by("-item_id").values_list("item_id", flat=True)[: LOOKED_AT + 1])
    known = _with_those_above(ids[:LOOKED_AT])
    below: defaultdict[int, list[Work]] = defaultdict(list)
    epics: dict[int, Work | None] = {0: None}
    for item in (known[id_] for id_ in ids[:LOOKED_AT] if id_ in known):
        epic = _epic(item, known)
        epics[epic.id if epic else 0] = epic
        if epic is None or epic.id != item.id:
            below[epic.id if epic else 0].append(item)
    found = [
        Epic(epic, sorted(below[pk], key=_first)[:SHOWN], len(below[pk]))
        for pk, epic in epics.items()
        if epic or below[pk]
    ]
    return sorted(found, key=lambda one: (one.item is None, -one.count))[:EPICS], len(ids) > LOOKED_AT


def _with_those_above(ids: Iterable[int]) -> dict[int, Work]:
    """These items and two levels above them, by row id."""
    kinds = {row["id"]: row["kind"] for row in bulk.every(Tracker, ("id", "kind"))}
    known: dict[int, Work] = {}
    wanted = set(ids)
    for _ in range(3):
        known |= {row["id"]: _work(row, kinds) for row in bulk.select(Item, _COLUMNS, id=wanted)}
        wanted = {known[id_].parent for id_ in wanted if id_ in known} - known.keys() - {0}
    return known


_COLUMNS = ("id", "parent_id", "kind", "key", "title", "status", "status_category", "tracker_id")


def _work(row: Mapping[str, Any], kinds: Mapping[int, str]) -> Work:
    return Work(
        id=row["id"],
        parent=row["parent_id"] or 0,
        kind=row["kind"],
        key=row["key"],
        title=row["title"],
        status=row["status"],
        status_category=row["status_category"],
        tracker=kinds[row["tracker_id"]],
    )


def _epic(item: Work, known: Mapping[int, Work]) -> Work | None:
    """The nearest epic from an item up; else what stands directly above it."""
    parent = known.get(item.parent)
    above = [item, parent, known.get(parent.parent) if parent else None]
    return next((each for each in above if each and each.kind == "epic"), parent)


def _first(item: Work) -> tuple[int, int]:
    return ["in_progress", "todo", "done", "cancelled"].index(item.status_category), -item.id
