"""The strategy over time, and which items serve which goal."""

from django.db import models
from django.db.models import Q

from syncd.strategy.tally.models import Tallied, Tally

__all__ = [
    "Decision",
    "Draft",
    "GoalUpdate",
    "Link",
    "PastDecision",
    "StrategyVersion",
    "Suggestion",
    "Tallied",
    "Tally",
]


class StrategyVersion(models.Model):
    """The strategy and rules in force from ``applied_at`` on; the newest is in force. Rows are never changed."""

    hash = models.CharField(max_length=32)
    """Of all that strategy and rules say: see ``syncd.strategy.versions.identity``."""
    strategy = models.JSONField()
    """Vision and goals, those that are kept in a tracker among them."""
    rules = models.JSONField()
    """Rules and thresholds as they are judged by."""
    files = models.JSONField(default=dict)
    """``strategy.yaml``, ``rules.yaml`` and ``partners.yaml`` as written, to have them in force again: file name -> content
    as JSON text. PostgreSQL's JSON forgets the order of keys, which explanations follow."""
    demoted = models.JSONField(default=list, db_default=[])
    """Rules and checks that rest in monitor, whatever the files say: people did not act on them."""
    effect = models.JSONField(default=dict)
    """What the plan said that it would change, in numbers."""
    author = models.CharField(max_length=255, blank=True)
    message = models.TextField(blank=True)
    applied_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True)
    """When all that it touches was marked to be judged anew."""

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"version {self.id}"


class Draft(models.Model):
    """What a folder said when it was last looked at, and whether that took effect."""

    IN_FORCE, HELD = STATES = ["in_force", "held"]

    folder = models.TextField(unique=True)
    hash = models.CharField(max_length=32)
    """Of what it said. While it says the same, what became of it stays: what was undone is not done again."""
    state = models.CharField(max_length=16)
    because = models.TextField(blank=True)
    """Why it is held, in words."""
    effect = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.folder}: {self.state}"


class Decision(models.Model):
    """What was decided about one item, with its explanation as it was then."""

    item = models.OneToOneField("trackers.Item", models.CASCADE, related_name="decision")
    primary_goal = models.CharField(max_length=64, blank=True)
    strength = models.PositiveSmallIntegerField(default=0)
    exempt = models.CharField(max_length=64, blank=True)
    explanation = models.TextField()
    """JSON of the judgement; see ``syncd.strategy.store``."""
    fingerprint = models.CharField(max_length=32)
    """Of ``explanation``: equal fingerprints, nothing was decided anew."""
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    """When time alone may change it."""

    class Meta:
        indexes = [
            models.Index(fields=["primary_goal", "item"], name="decision_goal"),
            models.Index(fields=["item"], name="decision_exempt", condition=~Q(exempt="")),
            models.Index(fields=["next_at"], name="decision_next", condition=Q(next_at__isnull=False)),
        ]


class PastDecision(models.Model):
    """What was decided about an item until something else was: for ``explain --at``."""

    item = models.ForeignKey("trackers.Item", models.CASCADE, related_name="past_decisions", db_index=False)
    primary_goal = models.CharField(max_length=64, blank=True)
    exempt = models.CharField(max_length=64, blank=True)
    explanation = models.TextField()
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["item", "ended_at"], name="past_decision_of_item")]


class Suggestion(models.Model):
    """Goals that an item without one might serve, best first."""

    item = models.OneToOneField("trackers.Item", models.CASCADE, related_name="suggestion")
    model = models.CharField(max_length=32)
    """Fingerprint of what was learned from, and of the item's text: another one, and it is asked for anew."""
    ranked = models.JSONField()
    """``[{"goal": id, "confidence": 0..1, "strength": word, "words": [...]}]``, empty where it abstained."""
    made_at = models.DateTimeField()


class GoalUpdate(models.Model):
    """What a goal's owner says about it: health in a word, and why."""

    ON_TRACK, AT_RISK, OFF_TRACK = HEALTH = ["on_track", "at_risk", "off_track"]

    goal = models.CharField(max_length=64)
    health = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    author = models.CharField(max_length=255)
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "made_at"
        indexes = [models.Index(fields=["goal", "-made_at"], name="update_of_goal")]


class Link(models.Model):
    """One goal of one item; the evidence is in the decision's explanation."""

    item = models.ForeignKey("trackers.Item", models.CASCADE, related_name="links", db_index=False)
    goal = models.CharField(max_length=64)
    strength = models.PositiveSmallIntegerField()
    primary = models.BooleanField()
    against = models.BooleanField(default=False)
    """The goal is a non-goal."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "goal"], name="link_once")]
        indexes = [
            models.Index(fields=["goal", "item"], name="link_goal"),
            # what people said: rules and suggestions are learned from it
            models.Index(fields=["goal", "-item"], name="link_accepted", condition=Q(strength__gte=5, against=False)),
        ]
