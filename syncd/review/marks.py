"""What the next settling has to look at. Rows are only added and taken: whoever adds one waits for nobody."""

from collections.abc import Iterable
from datetime import datetime

from syncd.review.models import Unsettled
from syncd.trackers import bulk

GOALS, TALLY = "goals", "tally"
"""Everything else that is marked is a place, see ``syncd.review.facts.place``."""


def unsettle(what: Iterable[str], due_at: datetime) -> None:
    """Have these looked at, at the next settling from ``due_at`` on."""
    bulk.insert(Unsettled, ("what", "due_at"), [(each, bulk.stamp(due_at)) for each in what])


def take(now: datetime) -> set[str]:
    """What is due, not marked any more."""
    rows = bulk.fetch("SELECT id, what FROM review_unsettled WHERE due_at <= %s", [bulk.stamp(now)])
    if rows:
        one_of, ids = bulk.one_of(id_ for id_, _ in rows)
        bulk.execute(f"DELETE FROM review_unsettled WHERE id {one_of}", [ids])  # noqa: S608 - a condition of ours
    return {what for _, what in rows}


def instead(what: str, due_at: datetime) -> None:
    """Look at this then, and not before for any other reason than a new mark."""
    Unsettled.objects.filter(what=what).delete()
    unsettle([what], due_at)
