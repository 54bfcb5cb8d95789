"""The strategy over time, and which items serve which goal."""

from django.db import models


class StrategyVersion(models.Model):
    """The strategy and rules in force from ``applied_at`` on, as JSON; the newest is current."""

    hash = models.CharField(max_length=32)
    strategy = models.JSONField()
    rules = models.JSONField()
    author = models.CharField(max_length=255, blank=True)
    message = models.TextField(blank=True)
    applied_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"


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

    class Meta:
        indexes = [models.Index(fields=["primary_goal", "item"], name="decision_goal")]


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
        indexes = [models.Index(fields=["goal", "item"], name="link_goal")]
