"""Tallies out: sums of rows by whatever is asked for. No item is read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from syncd.strategy.tally.models import Tallied, Tally
from syncd.trackers import bulk

Unit = Literal["items", "points", "time"]
UNITS: Sequence[Unit] = ("items", "points", "time")
SPENT = ("in_progress", "done")
"""Work that effort went into: what is in progress, and what was finished lately."""
MEASURES = ("items", "estimated", "points", "days", "stale")
_SUMS = ", ".join(f"SUM(tally.{name})" for name in MEASURES)


@dataclass(slots=True)
class Amount:
    """Some work. ``days``: what is in progress has been so, at least; ``stale``: items known from before an outage."""

    items: int = 0
    estimated: int = 0
    points: float = 0.0
    days: float = 0.0
    stale: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.items + other.items,
            self.estimated + other.estimated,
            self.points + other.points,
            self.days + other.days,
            self.stale + other.stale,
        )

    def of(self, unit: Unit) -> float:
        return {"items": float(self.items), "points": self.points, "time": self.days}[unit]


def total(amounts: Iterable[Amount]) -> Amount:
    return sum(amounts, Amount())


def sums(
    days: Sequence[date], by: Sequence[str], sides: Sequence[str] = Tally.WHOLE, **among: Collection[str]
) -> list[tuple[tuple[Any, ...], Amount]]:
    """Work of some days, in one query: the values of ``by`` and how much that is.

    :param by: columns of :class:`Tally`, or ``tracker``, which is its name
    :param among: further columns, each with the values of which it must be one
    """
    asked: dict[str, Collection[Any]] = {"day": days, "side": sides, **among}
    conditions, values = zip(*[_among(name, asked[name]) for name in asked], strict=True)
    groups = ", ".join("tracker.name" if name == "tracker" else f"tally.{name}" for name in by)
    rows = bulk.fetch(
        f"""SELECT {groups}, {_SUMS}
            FROM strategy_tally tally LEFT JOIN trackers_tracker tracker ON tracker.id = tally.tracker_id
            WHERE {" AND ".join(conditions)} GROUP BY {groups} ORDER BY {groups}""",  # noqa: S608 - names of ours
        values,
    )
    return [(row[: len(by)], Amount(*row[len(by) :])) for row in rows]


def _among(name: str, values: Collection[Any]) -> tuple[str, Any]:
    one_of, these = bulk.one_of(values)
    return f"tally.{name} {one_of}", these


def day_on(day: date | None = None) -> Tallied | None:
    """The tally that stood at the end of this day: its own, or the last one before. None: nothing was tallied yet."""
    days = Tallied.objects.filter(day__lte=day) if day else Tallied.objects.all()
    return days.order_by("-day").first()


def weeks(until: date, count: int = 12) -> list[Tallied]:
    """The last tally of each of the weeks (Monday to Sunday) that end with that of ``until``, oldest first."""
    monday = until - timedelta(days=until.weekday())
    days = Tallied.objects.filter(day__gte=monday - timedelta(weeks=count - 1), day__lte=until).order_by("day")
    return list({tallied.day.isocalendar()[:2]: tallied for tallied in days}.values())
