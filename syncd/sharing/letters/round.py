"""One turn of the letters about what is shared."""

from datetime import datetime, timedelta

from syncd.partners.desk.models import Key, Redemption, Session, Try
from syncd.sharing.letters import contacts, owners

SESSIONS_KEPT, TRIES_KEPT = timedelta(days=30), timedelta(days=1)


def write(now: datetime) -> int:
    """Put into the outbox what is to be told now. :returns: how many letters"""
    return contacts.tell(now) + owners.tell(now)


def prune(now: datetime) -> None:
    """The desk keeps what is needed to tell who saw what; of sessions and tries only the recent ones."""
    Session.objects.filter(expires_at__lt=now - SESSIONS_KEPT).delete()
    Redemption.objects.filter(at__lt=now - SESSIONS_KEPT).delete()
    Key.objects.filter(ended_at__lt=now - SESSIONS_KEPT).delete()
    Try.objects.filter(at__lt=now - TRIES_KEPT).delete()
    contacts.forget(now)
