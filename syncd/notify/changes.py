"""What has changed in somebody's part of the queue since they were last told. Read in a fixed number of queries."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from syncd.accounts.models import User
from syncd.review import access, queue
from syncd.review.models import Event, Flag
from syncd.review.queue import REVIEW, Filters
from syncd.web import keyset
from syncd.web.checks import shown

ROWS = 10
"""Rows of a digest: a longer mail is not read, and cut by some readers."""
LOOKED_AT = 50
"""Candidates of each kind that are weighed against each other: those with most at stake."""
KNOWN = 500
"""Open flags whose size is remembered, to tell next time which have grown."""
MOST = 1_000
HALF_LIFE = 7.0
"""Days after which what happened is half as much news."""

NEW, BACK, GROWN, RESOLVED = "new", "back", "grown", "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One flag. ``change``: what happened to it; ``says``: the same in words."""

    flag: int
    title: str
    change: str
    says: str
    rule: str
    key: str
    tracker: str
    owner: str
    clears: int
    """Items; nought where it is about a goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a digest tells. Numbers are counted up to ``MOST + 1``, which means "more"."""

    new: int = 0
    back: int = 0
    grown: int = 0
    resolved: int = 0
    mine: int = 0
    """Of the resolved, those that its reader decided."""
    lines: tuple[Line, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Content":
        """From :meth:`as_json`."""
        return cls(**{**kept, "lines": tuple(Line(**line) for line in kept.get("lines", ()))})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def to_review(self) -> int:
        return self.new + self.back + self.grown

    @property
    def is_empty(self) -> bool:
        return not (self.to_review or self.resolved)


def since(person: User, filters: Filters, known: Mapping[str, int], then: datetime, now: datetime) -> Content:
    """:param filters: the tab does not matter
    :param known: flag -> findings it had when the reader was last told
    """
    flags = queue.matching(access.flags(person), replace(filters, tab=REVIEW, state=(), sort=""))
    new = flags.filter(opened_at__gt=then, regressed=0)
    back = flags.filter(_came_back(then))
    grown = [flag for flag in flags.filter(id__in=list(map(int, known))) if flag.clears > known[str(flag.pk)]]
    returned = set(back.filter(id__in=[flag.pk for flag in grown]).values_list("id", flat=True)) if grown else set()
    grown = [flag for flag in grown if flag.opened_at <= then and flag.pk not in returned]
    gone = queue.matching(access.flags(person), replace(filters, tab=REVIEW, state=("resolved",), sort=""))
    gone = gone.filter(resolved_at__gt=then)
    mine = gone.filter(verdict__author=person.email)
    found = [*_most(new, NEW), *_most(back, BACK), *((flag, GROWN) for flag in grown)]
    ranked = sorted(found, key=lambda pair: _news(pair[0], then, now), reverse=True)
    told = [*ranked, *((flag, RESOLVED) for flag in gone.order_by("-resolved_at", "-id")[:ROWS])][:ROWS]
    return Content(
        new=keyset.capped(new, MOST),
        back=keyset.capped(back, MOST),
        grown=len(grown),
        resolved=keyset.capped(gone, MOST),
        mine=keyset.capped(mine, MOST),
        lines=tuple(_lines(told, known, person)),
    )


def known(person: User, filters: Filters) -> dict[str, int]:
    """How large the flags are now that have most at stake."""
    flags = queue.matching(access.flags(person), replace(filters, tab=REVIEW, state=(), sort=""))
    rows = flags.order_by("-stake", "-clears", "id").values_list("id", "clears")[:KNOWN]
    return {str(id_): clears for id_, clears in rows}


def news(stake: float, days: float) -> float:
    """By what rows are ordered: what is at stake, and how fresh it is."""
    return stake * math.exp2(-max(0.0, days) / HALF_LIFE)


def _news(flag: Flag, then: datetime, now: datetime) -> tuple[float, int, int]:
    happened = max(flag.opened_at, then)  # what has grown or is back from a snooze did so since then
    return news(flag.stake, (now - happened).total_seconds() / 86_400), flag.clears, -flag.pk


def _came_back(then: datetime) -> Q:
    """It was resolved and is found again, or what was decided about it is over."""
    put_back = Event.objects.filter(flag=OuterRef("pk"), at__gt=then, state="open")
    return Q(opened_at__gt=then, regressed__gt=0) | (Q(opened_at__lte=then) & Q(Exists(put_back)))


def _most(flags: QuerySet[Flag], change: str) -> Iterator[tuple[Flag, str]]:
    return ((flag, change) for flag in flags.order_by("-stake", "-clears", "id")[:LOOKED_AT])


def _lines(told: Iterable[tuple[Flag, str]], known: Mapping[str, int], person: User) -> Iterator[Line]:
    for flag, change in told:
        shape: Mapping[str, str] = flag.detail.get("shape") or {}
        yield Line(
            flag=flag.pk,
            title=flag.message,
            change=change,
            says=_says(flag, change, known, person),
            rule=shown(flag.rule).word,
            key=flag.item.key if flag.item else "",
            tracker=flag.item.tracker.name if flag.item else shape.get("tracker", ""),
            owner=flag.owner,
            clears=flag.clears if flag.item or shape else 0,
        )


def _says(flag: Flag, change: str, known: Mapping[str, int], person: User) -> str:
    if change == GROWN:
        return f"grown from {known[str(flag.pk)]:,} to {flag.clears:,} items"
    if change == BACK:
        return str(flag.detail.get("reopened", "")) or "back: found again after it was resolved"
    if change == RESOLVED:
        by_me = flag.verdict is not None and flag.verdict.author == person.email
        return "resolved by you" if by_me else f"resolved: {flag.resolved_because or 'it is not found any more'}"
    return "new"


def counts(content: Content) -> Sequence[tuple[str, int]]:
    """The numbers that are not nought, in words' order."""
    named = ((NEW, content.new), (BACK, content.back), (GROWN, content.grown), (RESOLVED, content.resolved))
    return [(name, number) for name, number in named if number]
