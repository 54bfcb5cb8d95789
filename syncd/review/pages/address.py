"""What stands in the address of the queue besides the filters, and the one form in which it stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from syncd.review.queue import AUTO, Filters
from syncd.web.filters import BadFilter

RESOLVED, HELD, DEMOTED = KINDS_OF_AUTO = ("resolved", "held", "demoted")
"""What syncd does by itself: it resolved a flag, it never showed a finding, it took a rule's word away."""


@dataclass(frozen=True, slots=True)
class Address:
    """One state of the queue's page.

    ``after``: the cursor of a page further down. ``auto``: what of the auto-handled is listed. ``every``: all that
    match are selected, not only what is on the page. ``chosen``: rows that stay selected.
    """

    filters: Filters
    after: str = ""
    auto: str = RESOLVED
    every: bool = False
    chosen: frozenset[int] = frozenset()

    @classmethod
    def of(cls, query: QueryDict) -> "Address":
        """:raises BadFilter: it asks for something that does not exist"""
        asked: Mapping[str, Sequence[str]] = dict(query.lists())
        filters = Filters.of(asked)
        auto = query.get("auto", "") or RESOLVED
        if auto not in KINDS_OF_AUTO:
            raise BadFilter(f"auto={auto}: expected one of {', '.join(KINDS_OF_AUTO)}")
        chosen = query.get("chosen", "")
        return cls(
            filters,
            after=query.get("after", ""),
            auto=auto if filters.tab == AUTO else RESOLVED,
            every=query.get("all") == "1",
            chosen=frozenset(int(each) for each in chosen.split(".") if each.isdecimal() and len(each) < 19),
        )

    @property
    def query(self) -> str:
        """The query string, without what goes without saying: the same list has one address."""
        more = [
            ("auto", "" if self.auto == RESOLVED else self.auto),
            ("after", self.after),
            ("all", "1" if self.every else ""),
            ("chosen", ".".join(map(str, sorted(self.chosen)))),
        ]
        return urlencode([*self.filters.pairs, *((name, value) for name, value in more if value)])

    @property
    def kept(self) -> str:
        """What a verb carries along: the list, without what is selected."""
        return replace(self, every=False, chosen=frozenset()).query

    def says(self, query: QueryDict) -> bool:
        """Whether a query string is this already, however its parts are ordered."""
        return sorted(query.lists()) == sorted(QueryDict(self.query).lists())

    def list_url(self) -> str:
        return with_query(reverse("review"), self.query)

    def flag_url(self, flag: int) -> str:
        before, behind = self.flag_urls()
        return f"{before}{flag}/{behind}"

    def flag_urls(self) -> tuple[str, str]:
        """What stands before the number of a flag in its address, and behind it: for who writes many."""
        return reverse("review_flag", args=[0]).removesuffix("0/"), with_query("", self.kept)


def with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
