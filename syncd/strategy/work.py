"""The work for one goal, by epic: as much as a page holds, newest first along an index."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from syncd.strategy.models import Decision
from syncd.trackers.models import Item

LOOKED_AT = 100
"""Items of a goal that its page looks at; the list of items has all."""
SHOWN = 6
"""Items of an epic."""
EPICS = 12
_WIDE = ("doc", "parent__doc", "parent__parent__doc")


@dataclass(frozen=True, slots=True)
class Epic:
    """``item``: None for work without one. ``rows``: the first of ``count`` that were looked at, open ones first."""

    item: Item | None
    rows: Sequence[Item]
    count: int


def by_epic(goal: str) -> tuple[list[Epic], bool]:
    """Epics with the work for a goal, in one query, and whether the goal has more work than was looked at."""
    own = Decision.objects.filter(primary_goal=goal, item__deleted_at=None, item__tracker__active=True)
    own = own.select_related("item__tracker", "item__parent__parent").order_by("-item_id")
    decided = list(own.defer("explanation", *(f"item__{name}" for name in _WIDE))[: LOOKED_AT + 1])
    below: defaultdict[int, list[Item]] = defaultdict(list)
    epics: dict[int, Item | None] = {0: None}
    for decision in decided[:LOOKED_AT]:
        epic = _epic(decision.item)
        epics[epic.id if epic else 0] = epic
        if epic is None or epic.id != decision.item_id:
            below[epic.id if epic else 0].append(decision.item)
    found = [
        Epic(epic, sorted(below[pk], key=_first)[:SHOWN], len(below[pk]))
        for pk, epic in epics.items()
        if epic or below[pk]
    ]
    return sorted(found, key=lambda one: (one.item is None, -one.count))[:EPICS], len(decided) > LOOKED_AT


def _epic(item: Item) -> Item | None:
    """The nearest epic from an item up; else what stands directly above it."""
    above = [item, item.parent, item.parent.parent if item.parent else None]
    return next((each for each in above if each and each.kind == "epic"), item.parent)


def _first(item: Item) -> tuple[int, int]:
    return ["in_progress", "todo", "done", "cancelled"].index(item.status_category), -item.id
