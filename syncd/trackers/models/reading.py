"""How far somebody has read: the search through the items, a person through what changed."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class SearchMark(models.Model):
    """One row: the search has read every item that was known, or left its tracker, before these moments."""

    known_at = models.DateTimeField(default=BEGINNING)
    gone_at = models.DateTimeField(default=BEGINNING)


class Look(models.Model):
    """When somebody last said that they had seen what changed."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="look", primary_key=True)
    at = models.DateTimeField()
