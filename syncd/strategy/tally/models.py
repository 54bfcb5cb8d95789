"""Rows of the daily tallies."""

from django.db import models


class Tallied(models.Model):
    """A day that was tallied, and how."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    seconds = models.FloatField()
    """What it took: a large store is tallied less often."""
    since = models.DateTimeField()
    """From when on finished work counted."""
    reckoned = models.BooleanField(default=False)
    """Whether it was before the first day: reckoned from what is decided today about what was open then."""

    class Meta:
        get_latest_by = "day"

    def __str__(self) -> str:
        return f"{self.day}{' (reckoned)' if self.reckoned else ''}"


class Tally(models.Model):
    """Some work on a day, all of it alike. The sides of :data:`WHOLE` share out all work; the others stand beside it."""

    GOAL, EXEMPT, UNLINKED, WAITING = WHOLE = ["goal", "exempt", "unlinked", "waiting"]
    """``goal``: its primary goal; ``waiting``: not judged yet."""
    HIDDEN, AGAINST, FLAGGED = BESIDE = ["hidden", "against", "flagged"]
    """``hidden``: was open when the tracker last let us see it; ``against``: tied to a non-goal; ``flagged``: open
    flags in place of items."""

    day = models.DateField()
    tracker = models.ForeignKey("trackers.Tracker", models.CASCADE, null=True, related_name="+", db_index=False)
    """None for flags."""
    container = models.CharField(max_length=255, blank=True)
    side = models.CharField(max_length=8)
    name = models.CharField(max_length=64, blank=True)
    """The goal, non-goal or category of exemption."""
    strength = models.PositiveSmallIntegerField(default=0)
    """Of the link to the goal (``rules.model.Strength``)."""
    status = models.CharField(max_length=16, blank=True)
    """``todo``, ``in_progress``, or ``done`` lately; ``open`` on a reckoned day, of which no more is known."""
    items = models.PositiveIntegerField()
    estimated = models.PositiveIntegerField(default=0)
    """Items with points."""
    points = models.FloatField(default=0.0)
    days = models.FloatField(default=0.0)
    """Days that what is in progress has been so, at least."""
    stale = models.PositiveIntegerField(default=0)
    """Items of streams that were stale: what is known of them was out of date."""

    class Meta:
        indexes = [models.Index(fields=["day", "side", "name"], name="tally_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.side} {self.name}: {self.items}"
