"""The outbox: what is on its way leaves, is tried again, or is given up and shown. A lease keeps two workers from sending
the same; what a worker left half-way is sent again, or, where a second one would be worse than none, marked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db.models import Q
from django.utils import timezone

from syncd.notify.models import Alert, Digest, Message
from syncd.notify.ways import NotConfigured, NotSent, Refused, Unclear, mail, place, webhook

log = structlog.get_logger(__name__)

WAYS: Mapping[str, Callable[[Message], None]] = {
    Message.MAIL: mail.send,
    Message.PLACE: place.send,
    Message.WEBHOOK: webhook.send,
}
LEASE = timedelta(minutes=5)
"""Longer than any way can take."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600))
"""Before the second try, the third, …; after the last it is given up."""
UNSET = timedelta(minutes=10)
"""Before it is looked whether there is something to send by now."""
LONGEST = timedelta(days=3)
"""So long a message waits in all: older words are no news."""
SENT_KEPT, REST_KEPT, DIGESTS_KEPT = timedelta(days=30), timedelta(days=90), timedelta(days=400)


def deliver(seconds: float, now: datetime | None = None) -> bool:
    """Send what is due, for about so long. A receiver that fails holds up nobody else.

    :param now: for tests; otherwise the clock is asked
    :returns: whether more is due
    """
    ends = monotonic() + seconds
    _recover(now or timezone.now())
    while monotonic() < ends:
        message = Message.objects.due(now or timezone.now()).first()
        if message is None:
            return False
        if _claim(message, now or timezone.now()):
            send(message, now)
    return bool(Message.objects.due(now or timezone.now()).exists())


def send(message: Message, now: datetime | None = None) -> None:
    """Try it once; it is claimed. What came of it is in its row."""
    try:
        WAYS[message.way](message)
    except Unclear as error:
        _unclear(message, str(error), now or timezone.now())
    except NotSent as error:
        _not_sent(message, error, now or timezone.now())
    except Exception as error:
        log.exception("message_failed", to=message.to, topic=message.topic)
        _not_sent(message, NotSent(f"a mistake in syncd: {type(error).__name__}"), now or timezone.now())
    else:
        note_sent(message, now or timezone.now())


def send_now(message: Message, now: datetime) -> None:
    """Somebody waits for it. What the worker has taken meanwhile is left to it."""
    if _claim(message, now):
        send(message, now)


def note_sent(message: Message, now: datetime) -> None:
    """The receipt. Also of a message that was given up for lost meanwhile: we know better."""
    Message.objects.filter(pk=message.pk).update(state=Message.SENT, sent_at=now, lease_until=None, error="")
    log.info("message_sent", to=message.to, topic=message.topic, attempts=message.attempts)


def again(message: Message, now: datetime) -> bool:
    """Somebody wants it tried once more, from the beginning. False if it is on its way or has arrived."""
    stuck = Message.objects.filter(pk=message.pk, state__in=(Message.DEAD, Message.UNKNOWN, Message.WAITING))
    return bool(stuck.update(state=Message.WAITING, attempts=0, made_at=now, next_at=now, error=""))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the status page tells of the outbox."""

    dead: int
    unknown: int
    waiting: int
    """For want of something to send by, or after a failure."""
    why: str
    """Of the newest."""

    @property
    def stuck(self) -> int:
        return self.dead + self.unknown + self.waiting


def trouble() -> Trouble | None:
    """What did not arrive in the last days, in one query; None if all did."""
    rows = list(
        Message.objects.troubled()
        .filter(made_at__gte=timezone.now() - REST_KEPT)
        .values_list("state", "way", "to", "error")[:1000]
    )
    if not rows:
        return None
    states = [row[0] for row in rows]
    _, way, to, error = rows[0]
    why = f"{'mail to ' if way == Message.MAIL else ''}{to}: {error}"
    return Trouble(states.count(Message.DEAD), states.count(Message.UNKNOWN), states.count(Message.WAITING), why)


def prune(now: datetime) -> None:
    """What is old goes; a digest's page stays for more than a year."""
    rest = Q(state__in=(Message.DEAD, Message.UNKNOWN), made_at__lt=now - REST_KEPT)
    Message.objects.filter(Q(state=Message.SENT, made_at__lt=now - SENT_KEPT) | rest).delete()
    Digest.objects.filter(slot__lt=now - DIGESTS_KEPT).delete()
    Alert.objects.filter(ended_at__lt=now - DIGESTS_KEPT).delete()


def _claim(message: Message, now: datetime) -> bool:
    claimed = Message.objects.filter(pk=message.pk, state=Message.WAITING, attempts=message.attempts)
    message.attempts += 1
    return bool(claimed.update(state=Message.SENDING, lease_until=now + LEASE, attempts=message.attempts))


def _recover(now: datetime) -> None:
    """What was being sent by a worker that is no more: it may have arrived."""
    left = Message.objects.filter(state=Message.SENDING, lease_until__lt=now)
    lost = left.filter(once=True).update(
        state=Message.UNKNOWN, lease_until=None, error="syncd stopped while it was being sent; it may have arrived"
    )
    doubled = left.filter(once=False).update(state=Message.WAITING, lease_until=None, next_at=now)
    if lost or doubled:
        log.warning("messages_left_half_way", unknown=lost, sent_again=doubled)


def _unclear(message: Message, why: str, now: datetime) -> None:
    if not message.once:
        _not_sent(message, NotSent(why), now)
        return
    log.warning("message_unclear", to=message.to, topic=message.topic, reason=why)
    _leave(message, Message.UNKNOWN, f"{why}; it may have arrived", now)


def _not_sent(message: Message, error: NotSent, now: datetime) -> None:
    unset = isinstance(error, NotConfigured)
    if unset:
        message.attempts -= 1  # none was made
    tried_out = message.attempts > len(PAUSES) or isinstance(error, Refused)
    if tried_out or now - message.made_at > LONGEST:
        log.error("message_given_up", to=message.to, topic=message.topic, reason=str(error), attempts=message.attempts)
        _leave(message, Message.DEAD, str(error), now)
        return
    pause = UNSET if unset else PAUSES[message.attempts - 1]
    log.warning("message_not_sent", to=message.to, topic=message.topic, reason=str(error), again_in=str(pause))
    _leave(message, Message.WAITING, str(error), now + pause)
    _wait_with(message, now)


def _leave(message: Message, state: str, error: str, next_at: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=state, error=error, next_at=next_at, lease_until=None, attempts=message.attempts
    )


def _wait_with(message: Message, now: datetime) -> None:
    """What else is due for the same receiver waits a minute: one answer is told for all of them."""
    others = Message.objects.filter(way=message.way, state=Message.WAITING, next_at__lte=now)
    if message.way != Message.MAIL:  # one mail server for all of them
        others = others.filter(to=message.to)
    others.update(next_at=now + PAUSES[0])
