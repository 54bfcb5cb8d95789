"""Weeks before the first day: reckoned once, so that a chart has a past on the day that syncd is set up.

What is decided today is taken for what would have been decided then, about the items that were there: created before the
end of the day, not finished, or finished lately. Whether they were in progress is not known, and nothing is said of it.
"""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

from django.db.models import Min

from syncd.strategy.tally.models import Tallied
from syncd.strategy.tally.rows import COUNTS, POINTS, SERVES, day_of, write
from syncd.trackers import bulk
from syncd.trackers.models import Stream

WEEKS = 12
"""As many weeks as a chart shows."""
YOUNG = timedelta(days=14)
"""A store whose first day is longer ago has a past of its own."""
BUDGET = 2.0
"""Seconds after which further weeks wait for the next tally."""


def reckon(lately: timedelta, now: datetime, began: float) -> None:
    """Reckon the last day of each week before the first one, nearest first. Nothing while a first sync is under way.

    :param lately: how long finished work counts
    :param began: ``time.monotonic()`` when the tally was begun
    """
    missing = _missing(now)
    if not missing or _filling():
        return
    for day in missing:
        if time.monotonic() - began > BUDGET:
            return
        ends = datetime.combine(day + timedelta(days=1), clock(), UTC)
        rows = _work(ends - lately, ends)
        write(rows, Tallied(day=day, made_at=now, seconds=0.0, since=ends - lately, reckoned=True))


def _missing(now: datetime) -> list[date]:
    """The Sundays of the weeks before the first day that are not reckoned yet, nearest first."""
    first = Tallied.objects.filter(reckoned=False).aggregate(Min("day"))["day__min"]
    if first is None or first < day_of(now - YOUNG):
        return []
    sunday = first - timedelta(days=first.isoweekday() % 7 or 7)
    days = [sunday - timedelta(weeks=week) for week in range(WEEKS - 1)]
    known = set(Tallied.objects.filter(day__in=days).values_list("day", flat=True))
    return [day for day in days if day not in known]


def _filling() -> bool:
    """Whether streams are being read for the first time; nobody waits for those that fail."""
    return Stream.objects.filter(
        active=True, tracker__active=True, filled_at=None, broken_since=None, tracker__broken_since=None
    ).exists()


def _work(since: datetime, ends: datetime) -> list[bulk.Row]:
    return bulk.fetch(
        f"""
        SELECT tracker_id, container, side, name, strength, status, COUNT(*), COUNT(points), COALESCE(SUM(points), 0), 0, 0
        FROM (
            SELECT i.tracker_id, i.container, {SERVES}, {POINTS} AS points,
                CASE WHEN i.closed_at < %s THEN 'done' ELSE 'open' END AS status
            FROM trackers_item i
            JOIN trackers_tracker t ON t.id = i.tracker_id
            JOIN strategy_decision d ON d.item_id = i.id
            WHERE t.active AND i.deleted_at IS NULL AND i.created_at < %s
                AND {COUNTS}
        ) AS work GROUP BY tracker_id, container, side, name, strength, status
        """,  # noqa: S608 - conditions of ours
        [bulk.stamp(ends), bulk.stamp(ends), bulk.stamp(since)],
    )
