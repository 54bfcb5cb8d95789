"""Which places hold a partner's copy, which rows stand there, and what is on its way to them."""

import secrets
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


def new_marker() -> str:
    """The name by which a row is known there: 96 random bits in hexadecimal digits, which tell nothing."""
    return secrets.token_hex(12)


class Mirrors(models.QuerySet["Mirror"]):
    def at_work(self, now: datetime) -> "Mirrors":
        """What may be asked now: not over, and not told to wait."""
        return self.filter(Q(parked_until=None) | Q(parked_until__lte=now), ended_at=None)


class Mirror(models.Model):
    """One place in a partner's tool that holds its copy."""

    partner = models.CharField(max_length=63)
    """Id of the agreement, and of :class:`syncd.partners.models.Partner`."""
    kind = models.CharField(max_length=8)
    tracker = models.CharField(max_length=63)
    """Name of the tracker in ``syncd.yaml``."""
    place = models.CharField(max_length=160)
    """The data source, repository or project, as ``partners.yaml`` names it."""
    pin = models.JSONField(null=True)
    """Which place that was when it was first written to: ``connectors.mirror.Pin`` as JSON; None before."""
    name = models.TextField(blank=True)
    """What it is called there."""
    url = models.TextField(blank=True)
    fields = models.JSONField(default=list)
    """The fields that have a place there."""
    remedies = models.JSONField(default=list)
    """How fields that have none would get one; sentences."""
    since = models.DateTimeField()
    leaving_at = models.DateTimeField(null=True)
    """Since when everything there is to be withdrawn: sharing was stopped, or this place was taken out."""
    ended_at = models.DateTimeField(null=True)
    """Since when nothing is there any more, and nothing is to come."""
    compared = models.CharField(max_length=200, blank=True)
    """How the copy stood when it was last compared with the rows."""
    compared_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    """The server's time up to which it is known what the partner changed."""
    look_at = models.DateTimeField(null=True)
    """When to look again."""
    asked_at = models.DateTimeField(null=True)
    """When people's remarks were last looked for at rows that show none."""
    asked = models.BigIntegerField(default=0)
    """Up to which row."""
    swept_at = models.DateTimeField(null=True)
    """When every row was last compared."""
    unknown = models.PositiveIntegerField(default=0)
    """Rows there with a marker of ours that nobody here knows, such as from before a restored backup."""
    parked_until = models.DateTimeField(null=True)
    broken_since = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    """Why nothing can be written, in words; empty: it can."""
    worked_at = models.DateTimeField(null=True)
    """When it was last written to, or found as it should be."""
    epoch = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["Mirror"]] = Mirrors.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "kind", "tracker", "place"], name="mirror_once", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.channel

    @property
    def channel(self) -> str:
        """As the disclosure ledger calls it: ``github globex/acme-tracker``."""
        return f"{self.kind} {self.place}"


class Row(models.Model):
    """One item of the copy at one place."""

    WAITING, LIVE, REMOVED, GONE = STATES = ("waiting", "live", "removed", "gone")
    """``waiting``: not made yet, as far as is known. ``removed``: the partner took it away, or our marker off it.
    ``gone``: withdrawn by us."""

    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="rows", db_index=False)
    item = models.CharField(max_length=22)
    """Public id in the copy."""
    marker = models.CharField(max_length=24, unique=True, default=new_marker)
    remote = models.CharField(max_length=64, blank=True)
    """Its id there."""
    url = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    """The values of the copy that it was last written by."""
    written = models.JSONField(default=dict)
    """Slot -> text, as it was last written and is known to have stood there."""
    tried = models.JSONField(default=dict)
    """Slot -> text, of a request of which it is not known what came: what stands there may be this."""
    theirs = models.JSONField(default=dict)
    """Slot -> text, where the partner wrote something else: it is kept."""
    stage = models.CharField(max_length=64, blank=True)
    """The tracker's own state when it was last looked at; the partner's to set."""
    state = models.CharField(max_length=8, default=WAITING)
    made_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    """Since when it is removed or gone."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mirror", "item"], name="row_once", condition=~Q(state="gone")),
        ]
        indexes = [models.Index(fields=["mirror", "remote"], name="row_there")]

    def __str__(self) -> str:
        return f"{self.item} at {self.mirror}"


class Intent(models.Model):
    """Something that is to be written: the outbox. At most one for a row at a time; its receipt is in the row."""

    CREATE, UPDATE, WITHDRAW = ACTS = ("create", "update", "withdraw")

    row = models.OneToOneField(Row, models.CASCADE, primary_key=True, related_name="intent")
    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="intents", db_index=False)
    act = models.CharField(max_length=8)
    values = models.JSONField(default=dict)
    """The values of the copy that are to stand there."""
    mark = models.CharField(max_length=64, blank=True)
    """What is needed to find a row that may have been made: see :meth:`connectors.mirror.Target.mark`."""
    begun_at = models.DateTimeField(null=True)
    """When a request was sent of which it is not known what came; it is looked for before another is sent."""
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["mirror", "next_at"], name="intent_due")]

    def __str__(self) -> str:
        return f"{self.act} {self.row_id}"
