"""Trackers and the streams polled of them; the lease that decides who may commit."""

from django.db import models

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable


class Trouble(models.TextChoices):
    """What kind of error it was, where somebody has to know what to do: the connectors' four, and our own mistakes."""

    AUTH = "auth", "Credential refused"
    LIMIT = "limit", "Asked to wait"
    AWAY = "away", "No answer"
    ANSWER = "answer", "Unexpected answer"
    OURS = "ours", "syncd failed"

    @classmethod
    def of(cls, error: ConnectorError) -> "Trouble":
        return next((trouble for kind, trouble in _TROUBLES.items() if isinstance(error, kind)), cls.ANSWER)


_TROUBLES: dict[type[ConnectorError], Trouble] = {
    AuthFailed: Trouble.AUTH,
    RateLimited: Trouble.LIMIT,
    Unavailable: Trouble.AWAY,
    BadResponse: Trouble.ANSWER,
}


class Tracker(models.Model):
    """A configured account. Rows follow ``syncd.yaml``; one that left it is kept, inactive, and its items take no part."""

    name = models.CharField(max_length=63, unique=True)
    kind = models.CharField(max_length=16)
    url = models.TextField()
    active = models.BooleanField(default=True)
    every = models.FloatField(db_default=60.0)
    """Seconds between two polls of a stream, as configured: how soon what we know of it is out of date."""
    asked_at = models.DateTimeField(null=True)
    """When discovery was last tried."""
    discovered_at = models.DateTimeField(null=True)
    discovered_as = models.CharField(max_length=16, blank=True)
    """Fingerprint of the settings that discovery ran with; a change asks for a new one."""
    broken_since = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    trouble = models.CharField(max_length=8, blank=True, db_default="")
    """Of ``error``: a :class:`Trouble`; empty where there is none, or it is from before they were told apart."""
    credential = models.CharField(max_length=16, blank=True, db_default="")
    """Fingerprint of what it is asked with; names the row of its :class:`Limit`."""
    problems = models.JSONField(default=list)
    """What discovery could not read: ``[{"where": …, "what": …}]``."""
    scope_hidden = models.BooleanField(default=False)
    """Whether that is a whole repository, project or data source: nothing may count as having left the scope."""
    leaving = models.JSONField(default=dict, db_default={})
    """Of one that left ``syncd.yaml`` and is not let go yet: ``{"since": …, "because": why it is held, "with": names of all
    that leave together, "effect": …}``; empty of all others."""

    def __str__(self) -> str:
        return self.name

    @property
    def leaving_says(self) -> str:
        """That its removal is held, and why, in words; empty if it is not."""
        if not self.leaving:
            return ""
        return f"{self.name} is no longer in syncd.yaml, and its removal is held: {self.leaving['because']}"


class Stream(models.Model):
    """The unit that is polled with its own cursor.

    ``epoch`` is the fencing token: it grows with every claim, and a page commits only while it is
    still the one its worker claimed.
    """

    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="streams", db_index=False)
    native_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    meta = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    cursor = models.JSONField(default=dict)
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=255, blank=True)
    """Who holds the lease; see ``syncd.trackers.lease.holder``."""
    next_due_at = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(null=True)
    """When a job was last put in the queue for it."""
    filled_at = models.DateTimeField(null=True)
    """When its first sync was complete: items that we knew by then were there before syncd."""
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    broken_since = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    trouble = models.CharField(max_length=8, blank=True, db_default="")
    problems = models.JSONField(default=list)
    requests = models.PositiveIntegerField(default=0)
    """Requests of the last pass, or so far of the one under way."""
    census = models.PositiveIntegerField(default=0)
    swept_at = models.DateTimeField(null=True)
    held = models.JSONField(default=dict)
    """What the sweep's brake holds back: ``{"missing": n, "of": m, "since": …}``; empty if nothing."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tracker", "native_id"], name="stream_identity")]
        indexes = [models.Index(fields=["next_due_at"], name="stream_due")]

    def __str__(self) -> str:
        return f"{self.tracker.name}/{self.name}"
