"""The queue's page as values: the list, the flag beside it, and all that stands around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review import access, many, queue
from syncd.review.models import Flag
from syncd.review.pages import auto, verbs, words
from syncd.review.pages.address import RESOLVED, Address
from syncd.review.pages.bar import bar
from syncd.review.pages.detail import detail
from syncd.review.pages.empty import empty
from syncd.review.pages.lines import lines
from syncd.review.queue import AUTO, Count, Filters, Row
from syncd.strategy import versions
from syncd.web.words import counted

SIZE = 25
"""Rows of a page: more than anybody decides in one sitting."""


def desk(person: User, address: Address, opened: Flag | None = None, *, first: int = 0) -> dict[str, Any]:
    """What ``review/queue.html`` draws, in a number of queries that does not depend on how much there is.

    :param opened: the flag that the address names
    :param first: without one, the flag of the list to open beside it; 0 or gone: the first
    """
    now, strategy = timezone.now(), versions.strategy_in_force()
    filters, listing = address.filters, _listing(person, address)
    counts = _counts(person, address, len(listing.rows))
    here = counts[filters.tab]
    opened, named = opened or _first(person, listing, first), opened is not None or first in listing.ids
    return {
        "now": now,
        "address": address,
        "filters": filters,
        "tabs": _tabs(filters, counts),
        "auto": auto.kinds(person, words.counted(counts[AUTO])) if filters.tab == AUTO else (),
        "lines": list(lines(listing.rows, address, opened.pk if opened else 0, now)),
        "others": listing.others,
        "pager": {"newer": _place(address, listing.newer), "older": _place(address, listing.older)},
        "shown": _shown(listing, here),
        "further": listing.looked,
        "matching": min(here.number, many.MOST),
        "matching_words": words.counted(here),
        "capped": here.number > many.MOST,
        "at_least": here.more,
        "chips": list(words.chips(filters, strategy)),
        "bar": bar(filters, strategy),
        "views": access.list_of_views(person),
        "decides": may(person, Act.DECIDE),
        "bulk": [verb for verb in verbs.DECIDING.values() if filters.tab == queue.REVIEW],
        "named": named,
        "detail": detail(person, opened, strategy, now, _then(listing, opened.pk)) if opened else None,
        **about(address, opened),
        "every_url": replace(address, every=True, after="", chosen=frozenset()).list_url(),
        "single_url": replace(address, every=False).list_url(),
        "empty": None if listing.rows or listing.others else empty(address, now, listing.looked),
        "page_keys": verbs.KEYS,
        "toast_target": "#desk",
    }


def about(address: Address, flag: Flag | None) -> dict[str, str]:
    """Where the forms of a flag lead: ``action`` before the verb, ``query`` behind it."""
    query = f"?{address.kept}" if address.kept else ""
    return {"action": reverse("review_flag", args=[flag.pk]) if flag else "", "query": query}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of flags, or of what never became one (``others``)."""

    rows: Sequence[Row] = ()
    others: Sequence[Mapping[str, Any]] = ()
    newer: str = ""
    older: str = ""
    looked: int = 0
    """Flags that were looked at, where the page is not full although there are more."""

    @property
    def ids(self) -> list[int]:
        return [row.flag.pk for row in self.rows]


def _listing(person: User, address: Address) -> Listing:
    if address.auto != RESOLVED:
        others = auto.rows(person, address)
        return Listing(others=others.rows, newer=others.newer, older=others.older)
    page = queue.rows(person, address.filters, address.after, SIZE)
    return Listing(page.rows, newer=page.newer, older=page.older, looked=page.looked)


def _counts(person: User, address: Address, listed: int) -> dict[str, Count]:
    """Where somebody wants all that match, all are looked at, however long that takes.

    :param listed: flags on the page, which looks at more of them
    """
    counts, tab = queue.counts(person, address.filters), address.filters.tab
    if address.every:
        return counts | {tab: queue.counts(person, address.filters, every=True)[tab]}
    return counts | {tab: replace(counts[tab], number=max(counts[tab].number, listed))}


def _first(person: User, listing: Listing, wanted: int) -> Flag | None:
    """The flag to open, whole: the wanted one if it is in the list, else the first."""
    flags = [row.flag for row in listing.rows]
    chosen = next((flag for flag in flags if flag.pk == wanted), next(iter(flags), None))
    if chosen and chosen.item:
        chosen.item = access.work(person, chosen.item.pk)
    return chosen


def _then(listing: Listing, opened: int) -> int:
    """The row below, else the one above; where a verdict takes the flag away, it takes its place."""
    ids = listing.ids
    if opened not in ids:
        return ids[0] if ids else 0
    place = ids.index(opened)
    return next((ids[at] for at in (place + 1, place - 1) if 0 <= at < len(ids)), 0)


def _tabs(filters: Filters, counts: dict[str, Count]) -> list[dict[str, Any]]:
    return [
        {
            "word": word,
            "query": filters.at(tab).query,
            "count": words.counted(counts[tab]),
            "here": tab == filters.tab,
        }
        for tab, word in words.TABS.items()
    ]


def _place(address: Address, after: str) -> str:
    if not after:
        return ""
    return Address(address.filters, after=after, auto=address.auto).query


def _shown(listing: Listing, every: Count) -> str:
    if listing.others:
        return counted(len(listing.others), "row")
    here = len(listing.rows)
    if listing.looked:
        return f"{counted(here, 'flag')} among {listing.looked:,} that were looked at"
    return f"{here:,} of {words.counted(every)}" if every.more or every.number > here else counted(here, "flag")
