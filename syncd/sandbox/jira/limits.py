"""Jira Cloud's burst limit: so many requests a second for each endpoint and method.

Headers as in developer.atlassian.com, "Rate limiting": the reason tells a client to slow this endpoint only.
"""

import math
from collections import defaultdict
from datetime import UTC, datetime

from syncd.sandbox.base import Refused, Response


class Burst:
    """A bucket for each endpoint; without a limit everything passes."""

    def __init__(self) -> None:
        self.per_second: float | None = None
        self._left: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, -math.inf))

    def spend(self, endpoint: str, now: datetime) -> None:
        """Count one request.

        :raises Refused: 429
        """
        if self.per_second is None:
            return
        left, at = self._left[endpoint]
        left = min(self.per_second, left + (now.timestamp() - at) * self.per_second)
        if left < 1:
            self._left[endpoint] = (left, now.timestamp())
            raise self._refusal(math.ceil((1 - left) / self.per_second), now)
        self._left[endpoint] = (left - 1, now.timestamp())

    def describe(self, endpoint: str, response: Response) -> Response:
        """Tell how much is left, as every answer does while a limit is in force."""
        if self.per_second is not None:
            left, _ = self._left[endpoint]
            response.headers |= {"X-RateLimit-Limit": f"{self.per_second:g}", "X-RateLimit-Remaining": str(int(left))}
            if left < self.per_second / 5:
                response.headers["X-RateLimit-NearLimit"] = "true"
        return response

    def _refusal(self, seconds: int, now: datetime) -> Refused:
        reset = datetime.fromtimestamp(math.ceil(now.timestamp()) + seconds, UTC)
        headers = {
            "Retry-After": str(seconds),
            "RateLimit-Reason": "jira-burst-based",
            "X-RateLimit-Limit": f"{self.per_second:g}",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%MZ"),
        }
        return Refused(429, {"errorMessages": ["Rate limit exceeded."], "errors": {}}, headers)
