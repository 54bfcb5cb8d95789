"""Today's tally, written anew whenever judging settles; a large store rests in between."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from syncd.strategy.tally import past
from syncd.strategy.tally.models import Tallied
from syncd.strategy.tally.rows import COUNTS, POINTS, SERVES, day_of, stands, write
from syncd.strategy.versions import strategy_in_force
from syncd.trackers import bulk, health

AT_ONCE = 20_000
"""Items that are added up in one statement."""
SUMMED = 6
"""Columns that tell one sum from the others; those after them are added up."""
NONE = (0, 0, 0.0, 0.0, 0)

QUICK = 0.25
"""Seconds; a tally that takes less is made whenever something was judged."""
RESTS = 60
"""A slower one is made again after so many times what it took."""
LONGEST_REST = timedelta(minutes=10)
HIDDEN_FOR = timedelta(days=90)
"""How long work that a tracker does not let us see any more counts as hidden; then it counts as gone."""


def rests_until(now: datetime) -> datetime | None:
    """Until when today's tally may not be made again; None: it may. A new day begins without rest."""
    last = Tallied.objects.filter(day=day_of(now)).first()
    if last is None or last.seconds < QUICK:
        return None
    until = last.made_at + min(timedelta(seconds=RESTS * last.seconds), LONGEST_REST)
    return until if until > now else None


def make(since: datetime, now: datetime) -> None:
    """Put today's rows in place of those that were there; on the first day, reckon some weeks before it.

    :param since: from when on finished work counts
    """
    began = time.monotonic()
    rows = [*_work(since, now), *_against(since), *_flags()]
    seconds = time.monotonic() - began
    if not stands(rows, day_of(now)):
        write(rows, Tallied(day=day_of(now), made_at=now, seconds=seconds, since=since))
    past.reckon(now - since, now, began)


def _work(since: datetime, now: datetime) -> list[bulk.Row]:
    """All that is open or was finished lately, and what is hidden: the one look at the items, stretch by stretch. The
    database sorts in memory what it adds up."""
    [[last]] = bulk.fetch("SELECT MAX(id) FROM trackers_item")
    sums: dict[bulk.Row, list[Any]] = {}
    for first in range(0, (last or 0) + 1, AT_ONCE):
        for row in _stretch(first, since, now):
            which, figures = row[:SUMMED], row[SUMMED:]
            sums[which] = [a + b for a, b in zip(sums.get(which, NONE), figures, strict=True)]
    return [(*which, *figures[:-2], round(figures[-2], 2), figures[-1]) for which, figures in sorted(sums.items())]


def _stretch(first: int, since: datetime, now: datetime) -> list[bulk.Row]:
    """The same of the items whose row ids begin with ``first``."""
    frozen, streams = bulk.one_of(health.frozen(now))
    return bulk.fetch(
        f"""
        SELECT tracker_id, container, side, name, strength, status_category,
            COUNT(*), COUNT(points), COALESCE(SUM(points), 0), COALESCE(SUM(days), 0), SUM(stale)
        FROM (
            SELECT i.tracker_id, i.container, {SERVES}, i.status_category, {POINTS} AS points,
                CASE WHEN i.status_category = 'in_progress' THEN {_days()} END AS days,
                CASE WHEN i.stream_id {frozen} THEN 1 ELSE 0 END AS stale
            FROM trackers_item i
            JOIN trackers_tracker t ON t.id = i.tracker_id
            LEFT JOIN strategy_decision d ON d.item_id = i.id
            WHERE i.id >= %s AND i.id < %s AND t.active AND (
                i.deleted_at IS NULL AND {COUNTS}
                OR i.fate = 'forbidden' AND i.deleted_at >= %s AND i.status_category IN ('todo', 'in_progress'))
        ) AS work GROUP BY tracker_id, container, side, name, strength, status_category
        """,  # noqa: S608 - conditions of ours
        [bulk.stamp(now), streams, first, first + AT_ONCE, bulk.stamp(since), bulk.stamp(now - HIDDEN_FOR)],
    )


def _days() -> str:
    """Days since it came into its status; one parameter. Where that was before we knew it, it has been there for as
    long as we know it and since before its last change then."""
    if bulk.SQLITE:
        known = "COALESCE(i.status_since, MIN(i.first_known_at, i.updated_at))"
        return f"MAX(0, julianday(%s) - julianday({known}))"
    known = "COALESCE(i.status_since, LEAST(i.first_known_at, i.updated_at))"
    return f"GREATEST(0, EXTRACT(EPOCH FROM (%s::timestamptz - {known})) / 86400)::float"


def _against(since: datetime) -> list[bulk.Row]:
    """What is tied to each non-goal, whatever else it serves."""
    against, goals = bulk.one_of([goal.id for goal in strategy_in_force().goals if goal.kind == "non_goal"])
    rows = bulk.fetch(
        f"""
        SELECT i.tracker_id, i.container, l.goal, l.strength, i.status_category, COUNT(*)
        FROM strategy_link l JOIN trackers_item i ON i.id = l.item_id JOIN trackers_tracker t ON t.id = i.tracker_id
        WHERE l.goal {against} AND l.against AND t.active AND i.deleted_at IS NULL AND {COUNTS}
        GROUP BY i.tracker_id, i.container, l.goal, l.strength, i.status_category
        """,  # noqa: S608 - conditions of ours
        [goals, bulk.stamp(since)],
    )
    return [(tracker, box, "against", *which, items, 0, 0.0, 0.0, 0) for tracker, box, *which, items in rows]


def _flags() -> Iterator[bulk.Row]:
    """Open flags by goal, as the queue finds them: about the goal, or about work that serves it."""
    rows = bulk.fetch(
        "SELECT concerns, COUNT(*) FROM review_flag WHERE state = 'open' AND concerns <> '' GROUP BY concerns"
    )
    for goal, flags in rows:
        yield (None, "", "flagged", goal, 0, "", int(flags), 0, 0.0, 0.0, 0)
