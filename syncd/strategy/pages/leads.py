"""Where numbers lead: to the items or flags that they count, as they are now. Empty where there is no such page."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from rules.model import Strategy
from syncd.strategy.models import Tally

MOST = 30
"""Goals that one address names; more lead nowhere."""


def items(**filters: str | Sequence[str]) -> str:
    """The list of items; names and values as in ``syncd.trackers.listing``."""
    return _to("items", filters)


def serving(side: str, names: Sequence[str] = (), **filters: str | Sequence[str]) -> str:
    """The items on a side of the tally."""
    if side == Tally.GOAL and 0 < len(names) <= MOST:
        return items(goal=names, **filters)
    if side in (Tally.UNLINKED, Tally.EXEMPT):
        return items(**{side: "1"}, **filters)
    return ""


def serving_goal(goal: str) -> str:
    return serving(Tally.GOAL, [goal])


def to_goals_of(strategy: Strategy) -> Callable[[str], str]:
    """Leads to the page of a goal; to its items where it is not in the strategy any more."""
    return lambda goal: reverse("goal", args=[goal]) if goal in strategy.by_id else serving_goal(goal)


def flags(goals: Sequence[str]) -> str:
    """The queue with what is about these goals or their work."""
    return _to("review", {"goal": goals})


def _to(route: str, filters: dict[str, str | Sequence[str]]) -> str:
    return _told(route, tuple((name, (each,) if isinstance(each, str) else (*each,)) for name, each in filters.items()))


@lru_cache(maxsize=1_024)
def _told(route: str, filters: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """A page has many numbers that lead to the same few lists."""
    before = _before(route)
    return f"{before}?{urlencode(filters, doseq=True)}" if before else ""


@lru_cache(maxsize=8)
def _before(route: str, *arguments: int) -> str:
    """The address of a page; empty where there is none. Found once: a page leads to many."""
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""


def item(pk: int) -> str:
    """The page of one item, else why it is decided as it is."""
    before = _before("item", 0) or _before("why", 0)
    return f"{before.removesuffix('0/')}{pk}/" if before else ""
