"""How many flags there are, in one statement for all tabs; as far as anybody wants to know."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review.models import Flag
from syncd.review.queue.filters import TABS, Filters
from syncd.review.queue.finding import fitting, is_large, led
from syncd.trackers import bulk


@dataclass(frozen=True, slots=True)
class Count:
    """So many flags were found, at most one more than were to be counted; ``more``: there may be more."""

    number: int
    more: bool = False


def counts(person: User, filters: Filters, most: int = 1_000, *, every: bool = False) -> dict[str, Count]:
    """Tab -> how many flags these filters leave on it, counted up to ``most + 1``; where there are many, to a quarter on the
    tabs beside the one that is asked for.

    :param every: however long that takes; else as many flags of a tab are looked at, where no index knows what is asked
    """
    if not may(person, Act.READ):
        return dict.fromkeys(TABS, Count(0))
    asked = [replace(filters.at(tab), sort="") for tab in TABS]
    large = not every and is_large()
    mosts = [most + 1 if each.tab == filters.tab or not large else max(1, most // 4) for each in asked]
    looks = [min(most, limit) if large and each.uncounted else 0 for each, limit in zip(asked, mosts, strict=True)]
    # an age is counted from now on: every moment has its own statement
    counting = [
        (_counting.__wrapped__ if each.age else _counting)(each, limit, look)
        for each, limit, look in zip(asked, mosts, looks, strict=True)
    ]
    sql = f"SELECT {', '.join(one for one, _ in counting)}"
    [found] = bulk.fetch(sql, [value for _, values in counting for value in values])
    each = zip(TABS, found[::2], found[1::2], mosts, looks, strict=True)
    return {tab: Count(number, number >= limit or there > look > 0) for tab, number, there, limit, look in each}


@lru_cache(maxsize=256)
def _counting(filters: Filters, most: int, look: int) -> tuple[str, tuple[Any, ...]]:
    """What counts the flags that are asked for, then those to look at, and its values; made once, since that takes longer
    than counting."""
    tab = led(Flag.objects.all(), filters).order_by(*filters.order)
    if look:
        looked = Flag.objects.filter(pk__in=tab.values("pk")[:look])
        (number, values), (there, further) = _count(fitting(looked, filters), most), _count(tab, look + 1)
        return f"{number}, {there}", values + further
    # in the order of the list PostgreSQL meets them one by one; where no index has that, it would look at all of them first
    flags = fitting(tab, filters, filters.indexed)
    number, values = _count(flags.order_by() if filters.unled else flags, most)
    return f"{number}, 0", values


def _count(flags: QuerySet[Flag], most: int) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = flags.values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS found)", values  # noqa: S608 - made by the ORM
