"""Partners who had no word for longer than was agreed, and what counts as word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from rules.model.partners import Cadence
from syncd.sharing import deals
from syncd.sharing.models import Deal, Version

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


def word_given(partner: str, now: datetime) -> None:
    """Our side told a partner something, in whatever way: its cadence counts from here. To be called in a transaction
    that holds the turn to write: whoever edits the agreement meanwhile would write the moment before over it."""
    Deal.objects.filter(partner=partner).update(told_at=now)


def since(deals_: Sequence[Deal]) -> dict[int, datetime]:
    """Deal (by row id) -> from when its cadence counts: the last word, or else the first approval. In one query."""
    approved = Version.objects.filter(deal__in=deals_).order_by().values_list("deal").annotate(Min("at"))
    return {**dict(approved), **{deal.pk: deal.told_at for deal in deals_ if deal.told_at}}


def reminders(now: datetime) -> list[Reminder]:
    """Whom the owners of relationships have left without word; the longest first."""
    found = [one for deal in deals.live() if (one := reminder(deal, now))]
    return sorted(found, key=lambda one: (one.due_at, one.deal.id))


def reminder(deal: Deal, now: datetime) -> Reminder | None:
    """Whether a partner has had no word for longer than its cadence. Of one that sees nothing, nothing is owed."""
    agreement, told = deals.effective(deal), since([deal]).get(deal.pk)
    if agreement is None or told is None:
        return None
    due = told + EVERY[agreement.cadence]
    return Reminder(deal, agreement.owner, agreement.cadence, told, due) if due <= now else None
