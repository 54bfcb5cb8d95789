"""What was sent with a key of its own, so that sending it twice does it once."""

from django.conf import settings
from django.db import models


class Sent(models.Model):
    """One request with an ``Idempotency-Key``, and its answer once there is one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    """Of method, address and body: the same key with another request is a mistake."""
    made_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    """None: it is under way."""
    body = models.TextField(blank=True)
    """Empty where the answer held a secret: nobody keeps that."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="sent_once")]
