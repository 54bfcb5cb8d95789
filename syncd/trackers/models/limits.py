"""Rate limits: one row per credential, shared by all workers."""

from django.db import models


class Limit(models.Model):
    """A token bucket and the time before which nobody sends. ``credential`` is a fingerprint."""

    credential = models.CharField(max_length=16, primary_key=True)
    tokens = models.FloatField()
    refilled_at = models.FloatField()
    """Unix time, as is ``blocked_until``."""
    blocked_until = models.FloatField(default=0)
    burst = models.FloatField(db_default=0.0)
    """How many tokens the bucket holds; 0 where nobody told."""
    per_second = models.FloatField(db_default=0.0)
    """How fast it fills."""
