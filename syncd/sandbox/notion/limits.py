"""Notion's limits: so many requests a minute for a connection, and a workspace's shared limit.

Source: "Request limits".
"""

from datetime import datetime, timedelta

from syncd.sandbox.notion.errors import rate_limited

WINDOW = timedelta(seconds=60)


class Limits:
    """``per_minute``: requests of a connection in each window of a minute; None for no limit."""

    def __init__(self) -> None:
        self.per_minute: int | None = None
        self._began: datetime | None = None
        self._used = 0
        self._blocked_until: datetime | None = None

    def block(self, until: datetime) -> None:
        """The workspace's own limit is reached until then."""
        self._blocked_until = until

    def spend(self, now: datetime) -> None:
        """Count a request. Raises Refused with 429 if there is none left."""
        if self._blocked_until and now < self._blocked_until:
            raise rate_limited(_seconds(self._blocked_until - now), "workspace_rate_limit")
        if self.per_minute is None:
            return
        if self._began is None or now >= self._began + WINDOW:
            self._began, self._used = now, 0
        if self._used >= self.per_minute:
            raise rate_limited(_seconds(self._began + WINDOW - now), "connection_rate_limit")
        self._used += 1


def _seconds(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds() * 1000) // 1000))
