"""Where somebody is signed in: a row a browser, so that each can be seen and ended without its cookie."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DBStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

STARTED, SEEN, IP, AGENT, METHOD = "started", "seen", "ip", "agent", "method"
"""Keys of a session: seconds since 1970 twice, the address, the browser, how its person signed in."""


class Session(AbstractBaseSession):
    """Django's session with whose it is. Without a person: a sign-in under way, or a message to somebody signed out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ip = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DBStore):
    """Django's, with the columns that tell whose it is."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        row: Session = super().create_model_instance(dict(data))  # type: ignore[assignment]
        person = data.get(SESSION_KEY)
        row.user_id = int(person) if person else None
        row.started_at, row.seen_at = _moment(data.get(STARTED)), _moment(data.get(SEEN))
        row.ip, row.agent = data.get(IP, ""), data.get(AGENT, "")[:200]
        return row


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
