"""How long tallies are kept: every day for a quarter, the last day of each week after that, nothing after three years."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from syncd.strategy.tally.models import Tallied, Tally
from syncd.strategy.tally.rows import day_of
from syncd.trackers.writing import writing

DAILY = timedelta(days=100)
KEEP = timedelta(days=3 * 365)


def prune(now: datetime) -> int:
    """Forget days. :returns: how many"""
    today = day_of(now)
    old = list(Tallied.objects.filter(day__lt=today - DAILY).order_by("day").values_list("day", flat=True))
    gone = _thinned(old, today - KEEP)
    with writing():
        Tally.objects.filter(day__in=gone).delete()
        Tallied.objects.filter(day__in=gone).delete()
    return len(gone)


def _thinned(days: Sequence[date], forget: date) -> list[date]:
    """The days (in order) that are not the last of their week, and those before ``forget``."""
    last = {day.isocalendar()[:2]: day for day in days}
    return [day for day in days if day < forget or last[day.isocalendar()[:2]] != day]
