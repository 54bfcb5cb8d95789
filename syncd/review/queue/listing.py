"""A page of the queue, with what its rows show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet

from rules.explain import Suggested
from syncd.accounts.models import User
from syncd.review import access
from syncd.review.facts import UNLINKED
from syncd.review.models import Flag
from syncd.review.queue.filters import Filters
from syncd.review.queue.finding import fitting, is_large, led, matching
from syncd.strategy import suggestions, versions
from syncd.web import keyset
from syncd.web.keyset import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One flag as lists show it."""

    flag: Flag
    """With what lists show of its item, that one's tracker, and the verdict that stands."""
    key: str
    """Of the item; empty for a goal or a group."""
    tracker: str
    kind: str
    """Of the tracker."""
    container: str
    suggested: tuple[Suggested, ...] = ()
    """Goals that the work might serve, best first."""


def rows(person: User, filters: Filters, after: str = "", size: int = keyset.SIZE) -> Page[Row]:
    """A page of the list, in a number of queries that does not depend on what it holds.

    :raises syncd.web.keyset.BadCursor: ``after`` is none of this list
    """
    found = _page(person, filters, after, size)
    return Page(shown(found.rows), found.newer, found.older, found.looked)


def _page(person: User, filters: Filters, after: str, size: int) -> Page[Flag]:
    if apart := filters.apart:
        return keyset.merged_page([_walk(person, one, matching) for one in apart], filters.order, after, size)
    if filters.unled and is_large():
        fits = partial(fitting, filters=filters)
        return keyset.kept_page(_walk(person, filters, led), filters.order, after, size, fits)
    return keyset.kept_page(_walk(person, filters, matching), filters.order, after, size)


def _walk(
    person: User, filters: Filters, flags: Callable[[QuerySet[Flag], Filters], QuerySet[Flag]]
) -> keyset.Walk[Flag]:
    # an age is counted from now on: every moment has its own statement
    name = None if filters.age else (flags, access.sees(person), filters)
    return keyset.Walk(name, Flag, lambda: flags(access.listed(person), filters))


def shown(flags: Sequence[Flag]) -> list[Row]:
    """Rows with what is suggested for their work, in two queries more."""
    suggested = suggested_for(flags)
    return [_row(flag, suggested.get(flag.item_id or 0, ()) if flag.rule == UNLINKED else ()) for flag in flags]


def suggested_for(flags: Sequence[Flag]) -> Mapping[int, tuple[Suggested, ...]]:
    """Row id of an item -> the goals that it might serve, where it is flagged for serving none."""
    items = [flag.item_id for flag in flags if flag.item_id and flag.rule == UNLINKED and flag.state != "resolved"]
    return suggestions.suggestions_for(items, versions.strategy_in_force()) if items else {}


def _row(flag: Flag, suggested: tuple[Suggested, ...]) -> Row:
    item, shape = flag.item, flag.detail.get("shape") or {}
    return Row(
        flag=flag,
        key=item.key if item else "",
        tracker=item.tracker.name if item else shape.get("tracker", ""),
        kind=item.tracker.kind if item else "",
        container=item.container if item else shape.get("container", ""),
        suggested=suggested,
    )
