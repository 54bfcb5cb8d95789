"""Along which index a list is walked. A lead gives places in the order of the list, as far as asked, without a look at
the items themselves; what else was asked for is told from those few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.db.models import Q

from syncd.strategy.models import Decision, Link
from syncd.trackers.listing.filters import Filters
from syncd.trackers.models import Item
from syncd.trackers.search import table
from syncd.trackers.search.wording import Asked, asked, words

Place = tuple[datetime | None, int]
"""When an item changed, or went, and its row id; without a time where the row id alone is the order."""
Fetch = Callable[[Place | None, bool, int], list[Place]]
"""Places beyond one: falling, or rising where ``back``; so many at most."""


@dataclass(frozen=True, slots=True)
class Lead:
    """``name``: of the order, for the cursor. ``says``: the order in words, for a list that ends ``… first``."""

    name: str
    says: str
    fetch: Fetch


def lead_of(filters: Filters) -> Lead:
    """By whatever leaves fewest: words, goals, places; else by change."""
    if filters.q:
        question = asked(filters.q)
        return Lead("words", "known last", _by_ids(lambda below, most: table.matching(question, most, below)))
    if filters.owner and not filters.deleted:
        return Lead("owner", "known last", _by_ids(_named(table.PEOPLE, filters.owner)))
    if filters.goal:
        return Lead("goal", "known last", _by_links(filters.goal))
    if filters.exempt:
        return Lead("exempt", "known last", _by_decisions(~Q(exempt="")))
    if filters.unlinked:
        return Lead("unlinked", "known last", _by_decisions(Q(primary_goal="")))
    if filters.label and not filters.deleted:
        return Lead("label", "known last", _by_ids(_named(table.LABELS, filters.label)))
    if filters.deleted:
        return Lead("gone", "gone last", _by_time("deleted_at", Q(deleted_at__isnull=False), ("",)))
    live = Q(deleted_at=None)
    if since := filters.after_day:
        live &= Q(updated_at__gte=since)
    return Lead("changed", "changed last", _by_time("updated_at", live, filters.container or ("",)))


def _by_time(column: str, which: Q, containers: Sequence[str]) -> Fetch:
    """:param containers: one walk for each; the empty name is all of them in one"""

    def fetch(place: Place | None, back: bool, most: int) -> list[Place]:
        return _merged([walk(name, place, back, most) for name in containers], back, most)

    def walk(container: str, place: Place | None, back: bool, most: int) -> list[Place]:
        found = Item.objects.filter(which)
        if container:
            found = found.filter(container=container)
        if place:
            side = "gt" if back else "lt"
            at, id_ = place
            beyond = Q(**{f"{column}__{side}": at}) | Q(**{f"id__{side}": id_})
            found = found.filter(beyond, **{f"{column}__{side}e": at})
        order = (column, "id") if back else (f"-{column}", "-id")
        return list(found.order_by(*order).values_list(column, "id")[:most])

    return fetch


def _by_links(goals: Sequence[str]) -> Fetch:
    def fetch(place: Place | None, back: bool, most: int) -> list[Place]:
        walks: list[list[Place]] = []
        for goal in goals:
            found = Link.objects.filter(goal=goal)
            if place:
                found = found.filter(**{"item__gt" if back else "item__lt": place[1]})
            ids = found.order_by("item" if back else "-item").values_list("item_id", flat=True)[:most]
            walks.append([(None, id_) for id_ in ids])
        return _merged(walks, back, most)

    return fetch


def _by_decisions(which: Q) -> Fetch:
    def fetch(place: Place | None, back: bool, most: int) -> list[Place]:
        found = Decision.objects.filter(which)
        if place:
            found = found.filter(**{"item__gt" if back else "item__lt": place[1]})
        ids = found.order_by("item" if back else "-item").values_list("item_id", flat=True)[:most]
        return [(None, id_) for id_ in ids]

    return fetch


def _by_ids(falling: Callable[[int | None, int], list[int]]) -> Fetch:
    """Over what gives falling ids alone: it is walked in one direction."""

    def fetch(place: Place | None, back: bool, most: int) -> list[Place]:
        if back:
            return []
        return [(None, id_) for id_ in falling(place[1] if place else None, most)]

    return fetch


def _named(part: str, names: Sequence[str]) -> Callable[[int | None, int], list[int]]:
    """Items that have the words of one of the names, side by side; whether it is that name is told from the item."""
    questions = [Asked((told,)) for name in names if (told := tuple(words(name)))]

    def falling(below: int | None, most: int) -> list[int]:
        walks: list[list[Place]] = [
            [(None, id_) for id_ in table.matching(each, most, below, part)] for each in questions
        ]
        return [id_ for _, id_ in _merged(walks, False, most)]

    return falling


def _merged(walks: Sequence[list[Place]], back: bool, most: int) -> list[Place]:
    """Several walks as one, each place once."""
    if len(walks) == 1:
        return walks[0]
    together = merge(*walks, key=lambda place: (place[0] or 0, place[1]), reverse=not back)
    return list(islice(dict.fromkeys(together), most))
