"""Word to whoever owns a relationship: what the partner said and decided, what waits for them, and a cadence that was
missed. By mail to the owner and the other contacts of our side, and to the places that want to hear of partners."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from rules.model.partners import Agreement
from syncd.notify.letters import Letter, absolute
from syncd.notify.models import Message
from syncd.sharing import deals
from syncd.sharing.letters.writing import TOPIC, post, written
from syncd.sharing.models import Deal, Taken
from syncd.sharing.reminders import Reminder, reminders
from syncd.trackers.writing import writing
from syncd.web.words import span

AT_ONCE = 200
AGAIN = timedelta(days=7)
"""After so long a reminder is repeated."""


def tell(now: datetime) -> int:
    """Write what is to be told. Safe to repeat. :returns: how many letters were written"""
    return (
        _tell_said(now)
        + sum(_tell_waiting(deal, now) for deal in deals.live())
        + sum(_remind(one, now) for one in reminders(now))
    )


def _tell_said(now: datetime) -> int:
    """One letter for all that a partner did since the last one."""
    untold = Taken.objects.filter(told_at=None)
    return sum(_tell_one(deal, now) for deal in Deal.objects.filter(pk__in=untold.values("deal")).order_by("id"))


def _tell_one(deal: Deal, now: datetime) -> int:
    """What is told is read when it is our turn to write: another worker may have told some of it meanwhile."""
    agreement = deals.proposed(deal)
    with writing():
        taken = list(Taken.objects.filter(deal=deal, told_at=None).order_by("at", "said")[:AT_ONCE])
        if not taken:
            return 0
        Taken.objects.filter(said__in=[row.said for row in taken]).update(told_at=now)
        if agreement is None:
            return 0
        subject = f"{deal.name} answered" if len(taken) == 1 else f"{deal.name}: {len(taken)} answers"
        values = {"lines": [(row.says, row.outcome) for row in taken], "address": _page(deal), "partner": deal.name}
        return _send(
            f"partner-said:{deal.partner}:{taken[0].said.hex}", agreement, written(subject, "said", values), now
        )


def _tell_waiting(deal: Deal, now: datetime) -> int:
    """An edit that shows more waits for approval: told once an edit."""
    agreement = deals.draft(deal)
    if agreement is None or not deal.widens:
        return 0
    subject = f"What {deal.name} is to see waits for approval"
    values = {"lines": [(what, "") for _clause, what in deal.widens], "address": _page(deal), "partner": deal.name}
    key = f"partner-waits:{deal.partner}:{deal.draft_digest[:32]}"
    return _send(key, agreement, written(subject, "waits", values), now)


def _remind(one: Reminder, now: datetime) -> int:
    agreement = deals.proposed(one.deal)
    if agreement is None:
        return 0
    times = (now - one.due_at) // AGAIN
    lasts = span((now - one.since).total_seconds())
    values = {"lasts": lasts, "cadence": one.cadence, "address": _page(one.deal), "partner": one.deal.name}
    letter = written(f"{one.deal.name} has had no word for {lasts}", "reminder", values)
    return _send(f"partner-word:{one.deal.partner}:{one.since:%Y%m%d%H%M%S}:{times}", agreement, letter, now)


def _send(key: str, agreement: Agreement, letter: Letter, now: datetime) -> int:
    """To everybody of our side. Each letter has a key of its own, so that none is written twice."""
    before = Message.objects.filter(key__startswith=key).exists()
    if before:
        return 0
    with transaction.atomic():
        for address in _ours(agreement) if settings.MESSAGES.mail else ():
            post(f"{key}:{sha256(address.encode()).hexdigest()[:12]}", address, letter, now)
        for place in settings.MESSAGES.notify:
            if TOPIC in place.about:
                values = {"way": Message.PLACE, "to": place.key, "topic": TOPIC, "subject": letter.subject}
                told = {"text": letter.text, "made_at": now, "next_at": now}
                Message.objects.get_or_create(key=f"{key}:{place.key}"[:200], defaults=values | told)
    return 1


def _ours(agreement: Agreement) -> Iterator[str]:
    """The owner, and the other contacts of our side; those that are addresses."""
    yield from dict.fromkeys(
        address.strip().lower() for address in (agreement.owner, *agreement.ours) if "@" in address
    )


def _page(deal: Deal) -> str:
    return absolute(reverse("partner", args=[deal.partner]))
