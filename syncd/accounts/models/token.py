"""A key to the API, given by a person to a program."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models


class Tokens(models.QuerySet["Token"]):
    def live(self, now: datetime) -> "Tokens":
        """Neither revoked nor expired, and their person may still come in."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class Token(models.Model):
    """Only the hash of its secret is kept; the prefix finds it, and tells people which one it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.CharField(max_length=64)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Token"]] = Tokens.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def state(self, now: datetime) -> str:
        """``live``, ``revoked`` or ``expired``."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= now else "live"

    def revoke(self, now: datetime) -> None:
        """For good; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = now
            self.save(update_fields=["revoked_at"])
