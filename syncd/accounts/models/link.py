"""A link that signs somebody in, once."""

from django.conf import settings
from django.db import models


class OneTimeLink(models.Model):
    """Only the hash of its secret is kept. Without a person it makes the first operator."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
