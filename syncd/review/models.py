"""Findings about items, and the flags they are grouped into."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class Finding(models.Model):
    """One raw finding about one item; all with the same fingerprint are one flag."""

    item = models.ForeignKey("trackers.Item", models.CASCADE, related_name="findings", db_index=False)
    fingerprint = models.TextField()
    group = models.TextField(blank=True, db_default="")
    """Fingerprint of the flag it is counted under: its own, or that of the shape it shares with others."""
    held = models.CharField(max_length=16, blank=True, db_default="")
    """Why it is counted and not shown (``rules.model.Held``); empty where it is shown."""
    message = models.TextField()
    fix = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "fingerprint"], name="finding_once")]
        indexes = [
            models.Index(fields=["fingerprint"], name="finding_flag"),
            models.Index(fields=["group"], name="finding_group"),
        ]


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
    stake = models.FloatField(db_default=0.0)
    """The work at stake, by which the queue is sorted: see ``rules.severity``."""
    detail = models.JSONField(default=dict, db_default={})
    """What a flag of a group or a goal shows besides: the shape, a rule to write, the figures."""
    verdict = models.ForeignKey("Verdict", models.SET_NULL, null=True, related_name="+")
    """The decision that stands, while one does."""

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


class Verdict(models.Model):
    """What a person decided, with everything needed to tell it, let it expire and take it back.

    A verdict about an item's link or exemption counts as evidence wherever the item is judged; the
    others only say what becomes of the flag.
    """

    LINK, EXEMPT, FALSE_POSITIVE, ACCEPT, SNOOZE = KINDS = ["link", "exempt", "false_positive", "accept", "snooze"]
    GROWS, GOAL_CHANGES = EVENTS = ["grows", "goal_changes"]

    flag = models.ForeignKey(Flag, models.SET_NULL, null=True, related_name="verdicts")
    item = models.ForeignKey("trackers.Item", models.CASCADE, null=True, related_name="verdicts")
    kind = models.CharField(max_length=16)
    target = models.CharField(max_length=64, blank=True)
    """The goal's id of a link, the category of an exemption."""
    rule = models.CharField(max_length=64, blank=True)
    """The check or rule whose flag was decided: its track record counts it."""
    reason = models.TextField(blank=True)
    author = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    until_event = models.CharField(max_length=16, blank=True)
    """One of ``EVENTS``: what ends it besides the time."""
    before = models.JSONField(default=dict)
    """How the flag stood when it was decided: what an event is told by, and what undoing restores."""
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=255, blank=True)
    ended_at = models.DateTimeField(null=True)
    """When it expired, or its event came."""

    class Meta:
        indexes = [
            models.Index(fields=["item", "id"], name="verdict_item"),
            models.Index(fields=["until"], name="verdict_until", condition=Q(undone_at=None, ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.author}"


class RuleRecord(models.Model):
    """How the flags of one check or rule have fared with people."""

    rule = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=32, blank=True)
    """Of what the rule says: a rule that was rewritten starts anew."""
    since = models.DateTimeField()
    acted = models.PositiveIntegerField(default=0)
    dismissed = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    demoted_at = models.DateTimeField(null=True)
    demoted_because = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.rule}: {self.acted} acted on, {self.dismissed} dismissed, {self.expired} expired"
