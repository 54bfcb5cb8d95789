"""Links that a draft would give, take away and move, item by item."""

from collections.abc import Iterator
from typing import Any

from rules.model import Judgement, Link
from syncd.review.facts import owner
from syncd.worker.plan.effect import goal
from syncd.worker.plan.replay import Replayed
from syncd.worker.plan.spill import Spill

GAINED, LOST, MOVED = CHANGES = ("gained", "lost", "moved")
_COLUMNS = "change, was, will_be, item, key, title, container, owner, status, because"
AT_ONCE = 1000


class Links:
    """Collects what changes; then tells it, by goal and with samples."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, one: Replayed) -> None:
        was, will_be = goal(one.before), goal(one.after)
        if was == will_be:
            return
        item = one.case.item
        change = MOVED if was and will_be else GAINED if will_be else LOST
        row = (change, was, will_be, item.id, item.key, item.title, item.container, owner(item))
        self._waiting.append((*row, item.status_category, _because(one)))
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self._spill.put("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def by_goal(self) -> list[dict[str, Any]]:
        """Per pair of goals how many, most first."""
        counting = "SELECT change, was, will_be, COUNT(*) AS items FROM link GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3"
        return list(map(dict, self._spill.ask(counting)))

    def samples(self, was: str, will_be: str, most: int) -> list[dict[str, Any]]:
        """A few of those that go from one goal to another, the first by key."""
        which = f"SELECT {_COLUMNS} FROM link WHERE was = ? AND will_be = ? ORDER BY key, item LIMIT ?"  # noqa: S608
        return list(map(dict, self._spill.ask(which, [was, will_be, most])))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Every one."""
        return map(dict, self._spill.ask(f"SELECT {_COLUMNS} FROM link ORDER BY change, was, will_be, key, item"))  # noqa: S608


def _because(one: Replayed) -> str:
    """What the new link rests on; of one that is lost, what it rested on."""
    link = _first(one.after)
    if link:
        return link.evidence[0].detail
    lost = _first(one.before)
    exempt = f"; it is exempt: {one.after.exempt}" if one.after.exempt else ""
    return f"no longer {lost.evidence[0].detail}{exempt}" if lost else ""


def _first(judgement: Judgement) -> Link | None:
    links = (*judgement.links, *judgement.against)
    return links[0] if links else None
