"""Partners who had no word for longer than was agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.model.partners import Cadence
from syncd.sharing import deals
from syncd.sharing.models import Deal

EVERY: dict[Cadence, timedelta] = {
    "weekly": timedelta(days=7),
    "biweekly": timedelta(days=14),
    "monthly": timedelta(days=31),
    "quarterly": timedelta(days=92),
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """The owner owes a partner a word."""

    deal: Deal
    owner: str
    """E-mail address."""
    cadence: Cadence
    since: datetime
    """When the partner last had word; of one that never had, when the agreement was first approved."""
    due_at: datetime


def reminders(now: datetime) -> list[Reminder]:
    """Whom the owners of relationships have left without word; the longest first."""
    found = [one for deal in deals.live() if (one := reminder(deal, now))]
    return sorted(found, key=lambda one: (one.due_at, one.deal.id))


def reminder(deal: Deal, now: datetime) -> Reminder | None:
    """Whether a partner has had no word for longer than its cadence. Of one that sees nothing, nothing is owed."""
    agreement = deals.effective(deal)
    since = deal.told_at or deal.versions.order_by("at").values_list("at", flat=True).first()
    if agreement is None or since is None:
        return None
    due = since + EVERY[agreement.cadence]
    return Reminder(deal, agreement.owner, agreement.cadence, since, due) if due <= now else None
