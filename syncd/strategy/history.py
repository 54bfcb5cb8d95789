"""What was decided about an item at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.explain import from_json
from rules.model import Judgement
from syncd.strategy.models import Decision, PastDecision
from syncd.trackers import bulk
from syncd.trackers.writing import writing

KEEP = timedelta(days=400)
"""How long a decision is kept after another took its place: a year, and the weeks in which it is looked back on."""
AT_ONCE = 5_000
"""Past decisions forgotten in one transaction."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with the time during which it stood."""

    judgement: Judgement
    version: int
    """By id, what was in force when it was made. It goes on standing under a later version that decides alike."""
    decided_at: datetime
    ended_at: datetime | None = None
    """None: it stands."""


def decision_at(item: int, moment: datetime) -> Decided | None:
    """The decision about an item (by row id) as it stood at ``moment``; None where there was none, or where it
    was forgotten (:data:`KEEP`)."""
    for present in bulk.select(Decision, ("explanation", "version_id", "decided_at"), item_id=item):
        if present["decided_at"] <= moment:
            return Decided(from_json(present["explanation"]), present["version_id"], present["decided_at"])
    past = PastDecision.objects.filter(item=item, ended_at__gt=moment)
    then = past.filter(decided_at__lte=moment).order_by("ended_at", "id").first()
    if then:
        return Decided(from_json(then.explanation), then.version_id, then.decided_at, then.ended_at)
    return None


def prune(now: datetime) -> int:
    """Forget decisions that ended long ago, some thousands in a transaction. :returns: how many"""
    forgotten = 0
    while True:
        with writing():
            gone = bulk.execute(
                """DELETE FROM strategy_pastdecision WHERE id IN (
                    SELECT id FROM strategy_pastdecision WHERE ended_at < %s ORDER BY id LIMIT %s)""",
                [bulk.stamp(now - KEEP), AT_ONCE],
            )
        forgotten += gone
        if gone < AT_ONCE:
            return forgotten
