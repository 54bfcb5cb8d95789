"""GitHub's limits: the hourly budget a credential has, told in headers, and the secondary limit.

Source: "Rate limits for the REST API".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.base import Refused

_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass(slots=True)
class Window:
    """One hour of one credential; ``used`` requests of ``limit``."""

    limit: int
    resets: datetime
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    def to_json(self) -> dict[str, int]:
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.remaining,
            "reset": int(self.resets.timestamp()),
        }


class Limits:
    """Counts every credential's requests. ``limit`` is the hourly budget of REST and of GraphQL, an Enterprise organisation's unless set otherwise."""

    def __init__(self, limit: int = 15_000) -> None:
        self.limit = limit
        self._windows: dict[tuple[str, str], Window] = {}
        self._blocked_until: datetime | None = None

    def window(self, token: str, resource: str, now: datetime) -> Window:
        """The hour that runs now; a new one begins with the first request after the last ended."""
        known = self._windows.get((token, resource))
        if known is None or known.resets <= now:
            known = Window(self.limit, (now + timedelta(hours=1)).replace(microsecond=0))
            self._windows[token, resource] = known
        return known

    def spend(self, remaining: int) -> None:
        """Leave every credential no more than this many requests in its hour."""
        for window in self._windows.values():
            window.used = max(window.used, window.limit - remaining)

    def block(self, until: datetime) -> None:
        """Answer everything with the secondary limit until then."""
        self._blocked_until = until

    def check(self, window: Window, resource: str, now: datetime) -> None:
        """Raises Refused if a limit is reached."""
        if self._blocked_until and now < self._blocked_until:
            wait = max(1, round((self._blocked_until - now).total_seconds()))
            message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            raise Refused(403, _body(message), headers(window, resource) | {"Retry-After": str(wait)})
        if window.remaining <= 0:
            message = "API rate limit exceeded for user ID 1."
            raise Refused(403, _body(message), headers(window, resource))

    def overview(self, token: str, now: datetime) -> dict[str, Any]:
        """The body of ``GET /rate_limit``, which costs nothing."""
        core = self.window(token, "core", now).to_json()
        search = {"limit": 30, "used": 0, "remaining": 30, "reset": int(now.timestamp()) + 60}
        graphql = self.window(token, "graphql", now).to_json()
        return {"resources": {"core": core, "search": search, "graphql": graphql}, "rate": core}


def headers(window: Window, resource: str) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Used": str(window.used),
        "X-RateLimit-Reset": str(int(window.resets.timestamp())),
        "X-RateLimit-Resource": resource,
    }


def _body(message: str) -> dict[str, str]:
    return {"message": message, "documentation_url": _DOCS, "status": "403"}
