"""Digests: whose slot has come, what it tells, and the message that takes it there. At most one for a slot."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import QueryDict

from syncd.accounts.access import Act, may
from syncd.notify import changes, letters, unsubscribe
from syncd.notify.changes import Content
from syncd.notify.models import Digest, Message, Subscription
from syncd.notify.schedule import LATEST, slot_after, slot_before
from syncd.review.queue import Filters
from syncd.web.filters import BadFilter

log = structlog.get_logger(__name__)


def plan(now: datetime) -> int:
    """Everything that is due by now becomes a row, and a message where something has changed. :returns: messages"""
    made = 0
    for subscription, slot in due(now):
        try:
            made += serve(subscription, slot, now).message_id is not None
        except IntegrityError:
            log.info("digest_made_elsewhere", subscription=subscription.pk)  # another worker serves this slot
        except BadFilter as error:
            subscription.end(f"its filter is not understood any more: {error}", now)
            log.warning("digest_ended", subscription=subscription.pk, reason=str(error))
    return made


def due(now: datetime) -> Iterator[tuple[Subscription, datetime]]:
    """Subscriptions with a slot that has come since they were made and was not served yet."""
    live = Subscription.objects.filter(ended_at=None, person__is_active=True).select_related("person", "view")
    for subscription in live.annotate(last=Max("digests__slot")):
        last: datetime | None = subscription.last
        slot = slot_before(subscription.days, subscription.hour, zone_of(subscription), now)
        if may(subscription.person, Act.READ) and slot > subscription.since and (last is None or slot > last):
            yield subscription, slot


def next_slot(subscription: Subscription, now: datetime) -> datetime:
    """When it comes next, in UTC."""
    return slot_after(subscription.days, subscription.hour, zone_of(subscription), now)


def zone_of(subscription: Subscription) -> ZoneInfo:
    return ZoneInfo(subscription.person.time_zone)


def filters_of(subscription: Subscription) -> Filters:
    """:raises BadFilter: it asks for something that there is no more"""
    query = subscription.view.query if subscription.view else subscription.query
    return Filters.of(dict(QueryDict(query).lists()))


def preview(subscription: Subscription, now: datetime) -> Content:
    """What it would tell now. Nothing is kept.

    :raises BadFilter: its filter asks for something that there is no more
    """
    base = _base(subscription)
    return changes.since(subscription.person, filters_of(subscription), *_last_told(subscription, base), now)


def serve(subscription: Subscription, slot: datetime, now: datetime) -> Digest:
    """The digest of one slot, with its message if it has something to tell.

    :raises IntegrityError: the slot was served meanwhile
    :raises BadFilter: its filter asks for something that there is no more
    """
    base = _base(subscription)
    known, then = _last_told(subscription, base)
    if now - slot > LATEST:
        log.warning("digest_missed", subscription=subscription.pk, slot=slot.isoformat())
        return Digest.objects.create(subscription=subscription, slot=slot, state=Digest.MISSED, since=then, until=then)
    filters = filters_of(subscription)
    content = changes.since(subscription.person, filters, known, then, now)
    sizes = changes.known(subscription.person, filters)
    with transaction.atomic():
        digest = Digest.objects.create(
            subscription=subscription,
            slot=slot,
            state=Digest.QUIET if content.is_empty else Digest.TOLD,
            since=then,
            until=now,
            content=content.as_json(),
            known=sizes,
        )
        subscription.digests.exclude(pk__in=[digest.pk, base.pk if base else 0]).exclude(known={}).update(known={})
        if not content.is_empty:
            digest.message = _message(digest, content, now)
            digest.save(update_fields=["message"])
    return digest


def _base(subscription: Subscription) -> Digest | None:
    """The last digest that its reader has, or that is on its way: what came after that is news."""
    lost = (Message.DEAD, Message.UNKNOWN)
    return subscription.digests.exclude(state=Digest.MISSED).exclude(message__state__in=lost).first()


def _last_told(subscription: Subscription, base: Digest | None) -> tuple[dict[str, int], datetime]:
    return (base.known, base.until) if base else ({}, subscription.since)


def _message(digest: Digest, content: Content, now: datetime) -> Message:
    """Rather lost than doubled: what a lost digest would have told is in the next one, and on its page."""
    subscription = digest.subscription
    by_mail = subscription.channel == Subscription.MAIL
    end = unsubscribe.address(subscription.key)
    letter = letters.digest(digest, content, end)
    return Message.objects.create(
        key=f"digest:{subscription.key}:{digest.slot:%Y%m%dT%H%M%S}",
        way=Message.MAIL if by_mail else Message.PLACE,
        to=subscription.person.email if by_mail else subscription.channel,
        topic="digest",
        once=True,
        subject=letter.subject,
        text=letter.text,
        html=letter.html if by_mail else "",
        unsubscribe=end if by_mail else "",
        made_at=now,
        next_at=now,
    )
