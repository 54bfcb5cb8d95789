"""The queue's page as values: the list, the flag beside it, and all that stands around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from rules.model import Strategy
from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review import access, many, queue
from syncd.review.models import Flag, RuleRecord
from syncd.review.pages import auto, verbs, words
from syncd.review.pages.address import RESOLVED, Address
from syncd.review.pages.detail import detail
from syncd.review.pages.empty import empty
from syncd.review.pages.lines import Line, lines
from syncd.review.queue import AUTO, CHOICES, SEVERITIES, USUAL, Filters
from syncd.review.records import EVERY_CHECK
from syncd.strategy import versions
from syncd.trackers.models import Tracker
from syncd.web.checks import shown
from syncd.web.words import counted


def desk(person: User, address: Address, opened: Flag | None = None, *, first: int = 0) -> dict[str, Any]:
    """What ``review/queue.html`` draws, in a number of queries that does not depend on how much there is.

    :param opened: the flag that the address names
    :param first: without one, the flag of the list to open beside it; 0 or gone: the first
    """
    now, strategy = timezone.now(), versions.strategy_in_force()
    filters, counts = address.filters, queue.counts(person, address.filters)
    listing = _listing(person, address)
    opened, named = opened or _first(listing, first), opened is not None or first in listing.ids
    return {
        "now": now,
        "address": address,
        "filters": filters,
        "tabs": _tabs(filters, counts),
        "auto": auto.kinds(person, counts[AUTO]) if filters.tab == AUTO else (),
        "lines": listing.lines,
        "others": listing.others,
        "pager": {"newer": _place(address, listing.newer), "older": _place(address, listing.older)},
        "shown": _shown(listing, counts[filters.tab]),
        "matching": min(counts[filters.tab], many.MOST),
        "matching_words": words.capped(counts[filters.tab]),
        "capped": counts[filters.tab] > many.MOST,
        "chips": list(words.chips(filters, strategy)),
        "form": (bar := Bar(filters, strategy)),
        "kept_fields": bar.kept(filters),
        "views": list(access.views(person)),
        "decides": may(person, Act.DECIDE),
        "bulk": [verb for verb in verbs.DECIDING.values() if filters.tab == queue.REVIEW],
        "named": named,
        "detail": detail(person, opened, strategy, now, _then(listing, opened.pk)) if opened else None,
        **about(address, opened),
        "every_url": replace(address, every=True, after="", chosen=frozenset()).list_url(),
        "single_url": replace(address, every=False).list_url(),
        "empty": None if listing.lines or listing.others else empty(filters, now),
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

    flags: Sequence[Flag] = ()
    lines: Sequence[Line] = ()
    others: Sequence[Mapping[str, Any]] = ()
    newer: str = ""
    older: str = ""

    @property
    def ids(self) -> list[int]:
        return [flag.pk for flag in self.flags]


def _listing(person: User, address: Address) -> Listing:
    if address.auto != RESOLVED:
        others = auto.rows(person, address)
        return Listing(others=others.rows, newer=others.newer, older=others.older)
    page = queue.rows(person, address.filters, address.after)
    flags = [row.flag for row in page.rows]
    return Listing(flags, list(lines(page.rows, address)), newer=page.newer, older=page.older)


def _first(listing: Listing, wanted: int) -> Flag | None:
    """The flag to open: the wanted one if it is in the list, else the first."""
    return next((flag for flag in listing.flags if flag.pk == wanted), next(iter(listing.flags), None))


def _then(listing: Listing, opened: int) -> int:
    """The row below, else the one above; where a verdict takes the flag away, it takes its place."""
    ids = listing.ids
    if opened not in ids:
        return ids[0] if ids else 0
    place = ids.index(opened)
    return next((ids[at] for at in (place + 1, place - 1) if 0 <= at < len(ids)), 0)


def _tabs(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "word": word,
            "query": filters.at(tab).query,
            "count": words.capped(counts[tab]),
            "here": tab == filters.tab,
        }
        for tab, word in words.TABS.items()
    ]


def _place(address: Address, after: str) -> str:
    if not after:
        return ""
    return Address(address.filters, after=after, auto=address.auto).query


def _shown(listing: Listing, every: int) -> str:
    if listing.others:
        return counted(len(listing.others), "row")
    here = len(listing.lines)
    return f"{here:,} of {words.capped(every)}" if every > here else counted(here, "flag")


class Bar(forms.Form):
    """The filters as fields. What is chosen and not among the choices (a project, a kind of work) stays in chips."""

    q = forms.CharField(label="Words", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    rule = forms.ChoiceField(label="Flag", required=False)
    goal = forms.ChoiceField(label="Goal", required=False)
    tracker = forms.ChoiceField(label="Tracker", required=False)
    owner = forms.CharField(label="Owner", required=False)
    severity = forms.ChoiceField(label="Severity", required=False)
    age = forms.ChoiceField(label="Open for", required=False)
    sort = forms.ChoiceField(label="Sort by", required=False)

    more = ("goal", "tracker", "owner", "severity", "age")
    """Fields that are folded away until one of them is set."""

    def __init__(self, filters: Filters, strategy: Strategy) -> None:
        set_ = {name: value[0] if isinstance(value, tuple) and value else value for name, value in _values(filters)}
        super().__init__(initial=set_ | {"sort": filters.sort or USUAL[filters.tab]}, auto_id="by-%s")
        self.unfolded = any(getattr(filters, name) for name in self.more)
        for name, choices in self._choices(filters, strategy):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def _choices(filters: Filters, strategy: Strategy) -> Any:
        rules = {*EVERY_CHECK, *RuleRecord.objects.values_list("rule", flat=True), *filters.rule}
        by_word = sorted(((rule, shown(rule).word) for rule in rules), key=lambda pair: pair[1])
        trackers = [*Tracker.objects.filter(active=True).order_by("name").values_list("name", flat=True)]
        yield "rule", [("", "Any"), *by_word]
        yield "goal", [("", "Any"), *((goal.id, goal.title) for goal in strategy.goals)]
        yield "tracker", [("", "Any"), *((name, name) for name in trackers)]
        yield "severity", [("", "Any"), *((word, word.capitalize()) for word in SEVERITIES)]
        yield "age", [("", "Any time"), *((days, f"{word} or longer") for days, word in words.AGES.items())]
        yield "sort", [(name, words.SORTS[name]) for name in CHOICES[filters.tab]]

    def front(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.more]

    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    def kept(self, filters: Filters) -> list[tuple[str, str]]:
        """What the address holds and no field shows."""
        return [(name, value) for name, value in filters.pairs if name not in self.fields]


def _values(filters: Filters) -> list[tuple[str, Any]]:
    return [(name, getattr(filters, name) or "") for name in queue.NAMES]
