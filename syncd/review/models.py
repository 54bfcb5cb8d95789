"""Findings about items, and the flags they are grouped into."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class Finding(models.Model):
    """One raw finding about one item; all with the same fingerprint are one flag."""

    item = models.ForeignKey("trackers.Item", models.CASCADE, related_name="findings", db_index=False)
    fingerprint = models.TextField()
    message = models.TextField()
    fix = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "fingerprint"], name="finding_once")]
        indexes = [models.Index(fields=["fingerprint"], name="finding_flag")]


class Flag(models.Model):
    """A misalignment at the item whose repair clears most. The same finding reopens the same flag."""

    STATES = ["open", "snoozed", "exempt", "resolved"]

    fingerprint = models.TextField(unique=True)
    rule = models.CharField(max_length=64)
    """The check or rule that raised it: ``unlinked``, ``off_strategy``, ``conflict``, or a rule's id."""
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=16, default="open")
    item = models.ForeignKey("trackers.Item", models.CASCADE, null=True, related_name="flags")
    goal = models.CharField(max_length=64, blank=True)
    message = models.TextField()
    fix = models.TextField()
    clears = models.PositiveIntegerField()
    """How many findings disappear when it is repaired."""
    owner = models.CharField(max_length=255, blank=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_because = models.CharField(max_length=255, blank=True)
    regressed = models.PositiveSmallIntegerField(default=0)
    """How often it came back after it was resolved."""

    class Meta:
        indexes = [models.Index(fields=["-clears", "id"], name="flag_queue", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"

    def resolve(self, because: str, now: datetime) -> None:
        """Its last finding is gone. Nobody is notified; the reason is kept. The caller saves."""
        self.state, self.resolved_at, self.resolved_because, self.clears = "resolved", now, because, 0

    def reopen(self, now: datetime) -> None:
        """The same finding is back: the same flag, with its history. The caller saves."""
        self.state, self.resolved_at, self.resolved_because = "open", None, ""
        self.opened_at = now
        self.regressed += 1
