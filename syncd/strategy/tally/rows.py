"""What a row of a tally says of items, in SQL, and rows written."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

from syncd.strategy.tally.models import Tallied, Tally
from syncd.trackers import bulk
from syncd.trackers.writing import writing

COLUMNS = (
    *("tracker_id", "container", "side", "name", "strength", "status"),
    *("items", "estimated", "points", "days", "stale"),
)
SERVES = """
    CASE WHEN i.deleted_at IS NOT NULL THEN 'hidden' WHEN d.id IS NULL THEN 'waiting' WHEN d.primary_goal <> '' THEN 'goal'
        WHEN d.exempt <> '' THEN 'exempt' ELSE 'unlinked' END AS side,
    CASE WHEN i.deleted_at IS NULL THEN COALESCE(NULLIF(d.primary_goal, ''), d.exempt, '') ELSE '' END AS name,
    CASE WHEN i.deleted_at IS NULL AND d.primary_goal <> '' THEN d.strength ELSE 0 END AS strength
"""
"""What an item serves: three columns. A deleted one that is looked at is hidden."""
POINTS = "json_extract(i.doc, '$.points')" if bulk.SQLITE else "(i.doc::json ->> 'points')::float"
COUNTS = "(i.status_category IN ('todo', 'in_progress') OR i.status_category = 'done' AND i.closed_at >= %s)"
"""Whether an item counts as work: open, or finished since a moment."""


def write(rows: Sequence[bulk.Row], of: Tallied) -> None:
    """Rows of values for :data:`COLUMNS` become the tally of a day, in place of what was there."""
    with writing():
        Tallied.objects.filter(day=of.day).delete()
        Tally.objects.filter(day=of.day).delete()
        bulk.insert(Tally, ("day", *COLUMNS), [(of.day.isoformat(), *row) for row in rows])
        of.save(force_insert=True)


def stands(rows: Sequence[bulk.Row], day: date) -> bool:
    """Whether the tally of a day says the same already."""
    stored = Tally.objects.filter(day=day).values_list(*COLUMNS)
    return Tallied.objects.filter(day=day).exists() and Counter(stored) == Counter(map(tuple, rows))


def day_of(now: datetime) -> date:
    return now.astimezone(UTC).date()
