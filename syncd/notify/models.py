"""Who is told what and when, what they were told, and what is on its way."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


def fresh_key() -> str:
    """Of a subscription: what its unsubscribe link names; a row's id would be used again by a restored store."""
    return uuid4().hex


class Subscription(models.Model):
    """One person's digest: on which days, at what hour of theirs, about which part of the queue, and by what way."""

    MAIL = "mail"
    """As ``channel``: to the person's e-mail address. Any other is the key of a place in ``syncd.yaml``."""

    key = models.CharField(max_length=32, unique=True, default=fresh_key)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    days = models.JSONField()
    """Weekdays from 0 (Monday) to 6."""
    hour = models.PositiveSmallIntegerField()
    """In the person's time zone."""
    query = models.TextField(blank=True)
    """The queue's query string; empty for all of it."""
    view = models.ForeignKey("review.SavedView", models.SET_NULL, null=True, related_name="+")
    """A saved view, which goes before ``query``: who changes the view changes the digest."""
    channel = models.CharField(max_length=128, default=MAIL)
    since = models.DateTimeField()
    """When it was made or last changed: no earlier slot is served."""
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"digest {self.pk} of {self.person}"

    def end(self, because: str, now: datetime) -> None:
        """From now on nothing is sent; a second time changes nothing."""
        if self.ended_at is None:
            self.ended_at, self.ended_because = now, because
            self.save(update_fields=["ended_at", "ended_because"])

    def resume(self, now: datetime) -> None:
        """The inverse of :meth:`end`."""
        self.ended_at, self.ended_because, self.since = None, "", now
        self.save(update_fields=["ended_at", "ended_because", "since"])


class Silenced(models.Model):
    """An operator who wants no alerts by mail."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="silenced")
    key = models.CharField(max_length=32, unique=True, default=fresh_key)
    at = models.DateTimeField(null=True)
    """Since when; None while they are told."""


class Messages(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "Messages":
        """What may be sent now, the oldest first."""
        return self.filter(state=Message.WAITING, next_at__lte=now).order_by("next_at", "id")

    def troubled(self) -> "Messages":
        """What was given up, may not have arrived, or waits because of a failure."""
        stuck = Q(state__in=(Message.DEAD, Message.UNKNOWN)) | (Q(state=Message.WAITING) & ~Q(error=""))
        return self.filter(stuck).order_by("-id")


class Message(models.Model):
    """One message to one receiver: the outbox. ``key`` makes it one: whatever is told twice is written once."""

    MAIL, PLACE, WEBHOOK = WAYS = ["mail", "place", "webhook"]
    WAITING, SENDING, SENT, DEAD, UNKNOWN = STATES = ["waiting", "sending", "sent", "dead", "unknown"]
    """``dead``: given up. ``unknown``: we stopped between sending and noting it; see ``once``."""

    key = models.CharField(max_length=200, unique=True)
    way = models.CharField(max_length=8)
    to = models.CharField(max_length=254)
    """E-mail address, key of a place, or name of a webhook; never a secret."""
    topic = models.CharField(max_length=32)
    once = models.BooleanField(default=False)
    """Rather lost than doubled: not sent again where it may have arrived."""
    subject = models.TextField(blank=True)
    text = models.TextField()
    """Plain words; the JSON body of a webhook."""
    html = models.TextField(blank=True)
    unsubscribe = models.TextField(blank=True)
    """Address that ends such messages with one click."""
    state = models.CharField(max_length=8, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Message"]] = Messages.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], name="message_due", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="message_sending", condition=Q(state="sending")),
            models.Index(fields=["made_at"], name="message_age"),
            models.Index(fields=["-id"], name="message_trouble", condition=~Q(state="sent") & ~Q(error="")),
        ]

    def __str__(self) -> str:
        return f"{self.topic} to {self.to}: {self.state}"


class Digest(models.Model):
    """One slot of a subscription, and what was told in it."""

    QUIET, TOLD, MISSED = STATES = ["quiet", "told", "missed"]
    """``quiet``: nothing had changed. ``missed``: syncd did not run then, and it is too late now."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="digests", db_index=False)
    slot = models.DateTimeField()
    state = models.CharField(max_length=8)
    since = models.DateTimeField()
    """It tells what happened after this…"""
    until = models.DateTimeField()
    """… up to this."""
    content = models.JSONField(default=dict)
    """What it says: ``syncd.notify.digests.Content`` as JSON."""
    known = models.JSONField(default=dict)
    """Flag -> how many findings it had, to tell next time what has grown. Kept with the newest alone."""
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="digests")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "slot"], name="digest_once_a_slot")]
        ordering = ["-slot"]


class Alert(models.Model):
    """Something an operator should hear of, from when it began until it is over: an episode, told once."""

    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=200)
    over = models.TextField(blank=True)
    """What is said when it is over; empty: nothing."""
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="alert_once_at_a_time", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class Bookmark(models.Model):
    """How far a webhook has been told of one kind of row."""

    webhook = models.CharField(max_length=63)
    stream = models.CharField(max_length=16)
    position = models.PositiveBigIntegerField()
    """Id of the last row that was looked at."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "stream"], name="bookmark_once")]
