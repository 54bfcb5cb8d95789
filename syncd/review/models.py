"""Findings about items, and the flags they are grouped into."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rules.calendar import spelled


class Finding(models.Model):
    """One raw finding about one item; all with the same fingerprint are one flag."""

    item = models.ForeignKey("trackers.Item", models.CASCADE, related_name="findings", db_index=False)
    fingerprint = models.TextField()
    group = models.TextField(blank=True, db_default="")
    """Fingerprint of the flag it is counted under: its own, or that of the shape it shares with others."""
    held = models.CharField(max_length=16, blank=True, db_default="")
    """Why it is counted and not shown (``rules.model.Held``); empty where it is shown."""
    at_root = models.BooleanField(db_default=False)
    """Whether its item is the root of its fingerprint."""
    shape = models.TextField(blank=True, db_default="")
    """Of unlinked work: what a rule could tell its root by (``syncd.review.facts``); empty where nothing does."""
    moving = models.BooleanField(db_default=False)
    """Whether its item is in progress; with ``points``, the work at stake."""
    points = models.FloatField(null=True)
    message = models.TextField()
    fix = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "fingerprint"], name="finding_once")]
        indexes = [
            models.Index(fields=["fingerprint"], name="finding_flag"),
            models.Index(fields=["group", "id"], name="finding_group"),
            models.Index(fields=["fingerprint"], name="finding_shape", condition=~Q(shape="")),
            models.Index(fields=["id"], name="finding_held", condition=~Q(held="")),
        ]


class Unsettled(models.Model):
    """Something that the next :func:`syncd.review.store.settle` has to look at. Rows are only added and
    taken: whoever adds one waits for nobody."""

    what = models.TextField()
    """A place (``syncd.review.facts``) whose orphans are to be grouped anew, or ``goals``."""
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="unsettled_due")]


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
    """The goal that it is about, where that is not only work."""
    concerns = models.CharField(max_length=64, blank=True, db_default="")
    """That goal, else the primary one of its item as decided last: by this, it is looked for."""
    message = models.TextField()
    fix = models.TextField()
    clears = models.PositiveIntegerField()
    """How many findings disappear when it is repaired."""
    owner = models.CharField(max_length=255, blank=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_because = models.TextField(blank=True)
    regressed = models.PositiveSmallIntegerField(default=0)
    """How often it came back after it was resolved."""
    stake = models.FloatField(db_default=0.0)
    """The work at stake, by which the queue is sorted: see ``rules.severity``."""
    detail = models.JSONField(default=dict, db_default={})
    """What a flag of a group or a goal shows besides: the shape, a rule to write, the figures."""
    verdict = models.ForeignKey("Verdict", models.SET_NULL, null=True, related_name="+")
    """The decision that stands, while one does."""
    fared = models.CharField(max_length=16, blank=True, db_default="")
    """How it ended for the track record of its rule: ``acted``, ``dismissed``, ``expired``; empty: not yet."""

    class Meta:
        indexes = [
            # what an order leads along is followed by what is often asked for besides: that is told from the index alone
            models.Index(
                fields=["-clears", "-stake", "id", "severity", "concerns"], name="flag_queue", condition=Q(state="open")
            ),
            models.Index(
                fields=["-stake", "-clears", "id", "severity", "concerns"], name="flag_stake", condition=Q(state="open")
            ),
            models.Index(fields=["rule", "-stake", "-clears", "id"], name="flag_of_rule", condition=Q(state="open")),
            models.Index(
                fields=["concerns", "-stake", "-clears", "id"], name="flag_of_goal", condition=Q(state="open")
            ),
            models.Index(
                fields=["severity", "-stake", "-clears", "id"], name="flag_of_severity", condition=Q(state="open")
            ),
            models.Index(fields=["owner", "-stake", "-clears", "id"], name="flag_of_owner", condition=Q(state="open")),
            models.Index(
                fields=["opened_at", "id", "severity", "concerns"], name="flag_age", condition=Q(state="open")
            ),
            models.Index(fields=["verdict", "id"], name="flag_decided", condition=Q(verdict__isnull=False)),
            models.Index(fields=["verdict", "id"], name="flag_snoozed", condition=Q(state="snoozed")),
            models.Index(fields=["resolved_at", "id"], name="flag_resolved", condition=Q(state="resolved")),
            models.Index(fields=["rule", "fared", "opened_at"], name="flag_fared", condition=~Q(fared="")),
            models.Index(fields=["opened_at"], name="flag_unread", condition=Q(state="open", fared="")),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


class Event(models.Model):
    """A flag opened, was resolved, or came back, and why. What people decided is in their verdicts."""

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    because = models.TextField(blank=True)

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.state}: {self.because}"


class Verdict(models.Model):
    """What a person decided, with everything needed to tell it, let it expire and take it back.

    A verdict about an item's link or exemption counts as evidence wherever the item is judged; the
    others only say what becomes of the flag.
    """

    LINK, EXEMPT, FALSE_POSITIVE, ACCEPT, SNOOZE = KINDS = ["link", "exempt", "false_positive", "accept", "snooze"]
    GROWS, GOAL_CHANGES = EVENTS = ["grows", "goal_changes"]
    WORDS = {
        LINK: "linked",
        EXEMPT: "exempt",
        FALSE_POSITIVE: "called a false positive",
        ACCEPT: "accepted",
        SNOOZE: "snoozed",
    }
    EVENT_WORDS = {GROWS: "it grows", GOAL_CHANGES: "its goal changes"}
    HIDES = {EXEMPT: "exempt", FALSE_POSITIVE: "exempt", ACCEPT: "exempt", SNOOZE: "snoozed"}
    """In which state the flag waits. A link hides nothing: the finding itself goes, or the flag is back."""

    flag = models.ForeignKey(Flag, models.SET_NULL, null=True, related_name="verdicts")
    item = models.ForeignKey("trackers.Item", models.CASCADE, null=True, related_name="verdicts")
    of = models.ForeignKey("self", models.CASCADE, null=True, related_name="members")
    """The decision about a group of which this is the part that is about one item."""
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
    batch = models.CharField(max_length=16, blank=True, db_default="")
    """Shared by what was decided about many flags at once, so that it can be taken back at once."""
    before = models.JSONField(default=dict)
    """How the flag stood when it was decided: what an event is told by, and what undoing restores."""
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=255, blank=True)
    ended_at = models.DateTimeField(null=True)
    """When it expired, its event came, another decision took its place, or its undoing was carried through."""
    ended_because = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="verdict_taken_back", condition=Q(ended_at=None, undone_at__isnull=False)),
            models.Index(
                fields=["until_event"],
                name="verdict_event",
                condition=Q(undone_at=None, ended_at=None) & ~Q(until_event=""),
            ),
            models.Index(fields=["item", "id"], name="verdict_item"),
            models.Index(fields=["until"], name="verdict_until", condition=Q(undone_at=None, ended_at=None)),
            models.Index(fields=["batch"], name="verdict_batch", condition=~Q(batch="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.author}"

    @property
    def is_evidence(self) -> bool:
        """Whether items are judged by it."""
        return self.kind in (self.LINK, self.EXEMPT)

    @property
    def says(self) -> str:
        """In words: what was decided, for how long, by whom, and why."""
        target = {self.LINK: f" to {self.target}", self.EXEMPT: f" ({self.target})"}.get(self.kind, "")
        until = f" until {spelled(self.until)}" if self.until else ""
        event = f" until {self.EVENT_WORDS[self.until_event]}" if self.until_event else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.WORDS[self.kind]}{target}{until}{event} by {self.author}{why}"


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


class Question(models.Model):
    """What somebody asked about a flag or an item, and the answer that is owed. Nothing of it goes to a tracker."""

    ASK, CHALLENGE = KINDS = ["ask", "challenge"]
    """``ask`` goes to the owner of the work; ``challenge`` doubts a flag or a link, and goes to the goal's owner."""

    kind = models.CharField(max_length=16)
    flag = models.ForeignKey(Flag, models.SET_NULL, null=True, related_name="questions")
    item = models.ForeignKey("trackers.Item", models.CASCADE, null=True, related_name="questions", db_index=False)
    goal = models.CharField(max_length=64, blank=True)
    """Of a challenge: the goal in whose name it is answered."""
    text = models.TextField()
    asker = models.CharField(max_length=255)
    to = models.CharField(max_length=255, blank=True)
    """Whose answer is owed, by the name that the tracker or the strategy knows; empty where there is nobody."""
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=255, blank=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="question_of_item")]

    def __str__(self) -> str:
        return f"{self.asker}: {self.text}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.answered_at is None and self.withdrawn_at is None


class SavedView(models.Model):
    """A name for a list: the query string of its address. Ages in it are relative and stay so."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_views")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    """Whether everybody sees it; only its owner changes it."""
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name
