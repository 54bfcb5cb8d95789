"""How much there is, counted over everything: of a large store kept for a while, so that no visitor waits for it twice."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from syncd.review.models import Flag
from syncd.trackers.models import Item

LARGE = 50_000
"""Items from which on counts are kept; below, they are always those of now."""
PER_ITEM, LONGEST = 1 / 1_000, 600.0
"""Seconds that counts are kept: a minute and a half for 100,000 items, and never longer than ten minutes."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many items serve a goal, may go without, or do neither. ``waiting`` are not judged yet."""

    goal: int
    exempt: int
    unlinked: int
    waiting: int

    @property
    def judged(self) -> int:
        return self.goal + self.exempt + self.unlinked

    def percent(self, part: int) -> int:
        """Of what was judged, rounded down: 100 is said only of all."""
        return part * 100 // self.judged if self.judged else 0


@dataclass(frozen=True, slots=True)
class Counts:
    """``items``: by row id of their stream, deleted ones left out. ``flags_by_rule``: open ones, most first."""

    items: Mapping[int, int]
    coverage: Coverage
    flags_by_rule: dict[str, int]


_kept: dict[str, tuple[float, Counts]] = {}
"""By store: until when, on the clock of this process, and what was counted."""


def current() -> Counts:
    """The counts, in three queries; in none where those of a moment ago are kept."""
    until, kept = _kept.get(settings.DATABASE_URL, (0.0, None))
    if kept and time.monotonic() < until:
        return kept
    counted = Counts(_items(), _coverage(), _flags())
    if (items := sum(counted.items.values())) >= LARGE:
        _kept[settings.DATABASE_URL] = (time.monotonic() + min(items * PER_ITEM, LONGEST), counted)
    return counted


def _items() -> dict[int, int]:
    live = Item.objects.filter(deleted_at=None).order_by()
    return dict(live.values_list("stream").annotate(count=Count("id")))


def _flags() -> dict[str, int]:
    open_ = Flag.objects.filter(state="open").values_list("rule")
    return dict(open_.annotate(count=Count("id")).order_by("-count", "rule"))


def _coverage() -> Coverage:
    linked = ~Q(decision__primary_goal="")
    counts = Item.objects.filter(deleted_at=None).aggregate(
        goal=Count("id", filter=Q(decision__isnull=False) & linked),
        exempt=Count("id", filter=Q(decision__primary_goal="") & ~Q(decision__exempt="")),
        unlinked=Count("id", filter=Q(decision__primary_goal="", decision__exempt="")),
        waiting=Count("id", filter=Q(decision__isnull=True)),
    )
    return Coverage(**counts)
