"""What people did that somebody may ask about later."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import connection, models


class AppendOnly(Exception):
    """Somebody tried to change what has happened."""


class Events(models.QuerySet["AuditEvent"]):
    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest of what happened before a moment: what may go is told by age alone, never by what it says.

        :returns: how many went
        """
        old = list(self.filter(at__lt=before).order_by("at", "id").values_list("pk", flat=True)[:most])
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM accounts_auditevent WHERE id = %s", [(pk,) for pk in old])
        return len(old)

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnly("what has happened is not changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("what has happened is not deleted")


class AuditEvent(models.Model):
    """Who did what to what, when and from where. Written once, by :func:`syncd.accounts.audit.record`, and kept for a while
    (:func:`syncd.accounts.audit.prune`)."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=254, db_index=True)
    """E-mail address, ``syncd`` for the program itself, or empty for somebody unknown."""
    verb = models.CharField(max_length=64, db_index=True)
    target = models.CharField(max_length=254, blank=True)
    facts = models.JSONField(default=dict)
    ip = models.CharField(max_length=45, blank=True)

    objects: ClassVar[models.Manager["AuditEvent"]] = Events.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("what has happened is not changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("what has happened is not deleted")
