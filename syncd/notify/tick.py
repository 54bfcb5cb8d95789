"""One turn of the messages: what is due is written down, then what is written down is sent.

Nothing of this is in the transaction of a page or a sync: a receiver that is slow slows nobody down.
"""

from datetime import datetime

from django.utils import timezone

from syncd.notify import alerts, digests, happenings, outbox


def tick(seconds: float, now: datetime | None = None) -> bool:
    """:param seconds: about how long to send
    :returns: whether more is due
    """
    alerts.look(now or timezone.now())
    digests.plan(now or timezone.now())
    happenings.gather(now or timezone.now())
    return outbox.deliver(seconds, now)
