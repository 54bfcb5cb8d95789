"""Tallies out: sums of rows by whatever is asked for. No item is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Sum

from syncd.strategy.tally.models import Tallied, Tally

Unit = Literal["items", "points", "time"]
UNITS: Sequence[Unit] = ("items", "points", "time")
SPENT = ("in_progress", "done")
"""Work that effort went into: what is in progress, and what was finished lately."""
MEASURES = ("items", "estimated", "points", "days", "stale")


@dataclass(slots=True)
class Amount:
    """Some work. ``days``: what is in progress has been so, at least; ``stale``: items known from before an outage."""

    items: int = 0
    estimated: int = 0
    points: float = 0.0
    days: float = 0.0
    stale: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(*(getattr(self, name) + getattr(other, name) for name in MEASURES))

    def of(self, unit: Unit) -> float:
        return {"items": float(self.items), "points": self.points, "time": self.days}[unit]


def total(amounts: Iterable[Amount]) -> Amount:
    return sum(amounts, Amount())


def sums(
    days: Sequence[date], by: Sequence[str], sides: Sequence[str] = Tally.WHOLE, **where: Any
) -> list[tuple[tuple[Any, ...], Amount]]:
    """Work of some days, in one query: the values of ``by`` and how much that is.

    :param by: columns of :class:`Tally`
    :param where: further conditions, as for ``filter``
    """
    rows = Tally.objects.filter(day__in=days, side__in=sides, **where).values_list(*by).order_by(*by)
    summed = rows.annotate(**{f"sum_{name}": Sum(name) for name in MEASURES})
    return [(row[: len(by)], Amount(*(value or 0 for value in row[len(by) :]))) for row in summed]


def day_on(day: date | None = None) -> Tallied | None:
    """The tally that stood at the end of this day: its own, or the last one before. None: nothing was tallied yet."""
    days = Tallied.objects.filter(day__lte=day) if day else Tallied.objects.all()
    return days.order_by("-day").first()


def weeks(until: date, count: int = 12) -> list[Tallied]:
    """The last tally of each of the weeks (Monday to Sunday) that end with that of ``until``, oldest first."""
    monday = until - timedelta(days=until.weekday())
    days = Tallied.objects.filter(day__gte=monday - timedelta(weeks=count - 1), day__lte=until).order_by("day")
    return list({tallied.day.isocalendar()[:2]: tallied for tallied in days}.values())
