"""Faults on demand: what trackers and the network between do to a client on a bad day.

Kinds that keep the request from the service: a status (``429``, ``403``, ``503`` …), ``reset`` (the
connection is reset before an answer), ``html`` (a login page with 200), ``redirect`` (to another
host). Kinds that happen to a true answer: ``cut`` (the body ends half-way), ``slow`` (a few bytes at
a time), ``drop_after_effect`` (reset after the work was done), ``wrong_type`` (another JSON shape).
"""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from syncd.sandbox.base import Response

KINDS = ("reset", "cut", "html", "slow", "redirect", "drop_after_effect", "wrong_type")
LOGIN_PAGE = b"<!doctype html><html><head><title>Log in</title></head><body><form>Please log in.</form></body></html>"


@dataclass(slots=True, kw_only=True)
class Fault:
    """What shall go wrong, where and how often."""

    service: str
    """A service's prefix; empty for all."""
    match: str = ""
    """Regular expression searched for in ``METHOD /path``, below the prefix."""
    kind: str
    times: int | None = 1
    """How often; None until it is cleared."""
    after: int = 0
    """How many matching requests pass unharmed first."""
    retry_after: float | str | None = None
    """Seconds, or ``date`` (a date two seconds ahead), or ``date:30``."""
    seconds: float = 5.0
    """How long a ``slow`` answer takes at most."""
    location: str = "http://elsewhere.invalid/"
    """Where a ``redirect`` leads."""
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.kind = str(self.kind)
        if self.kind not in KINDS and not re.fullmatch(r"[45]\d\d", self.kind):
            raise ValueError(f"unknown kind of fault {self.kind!r}: use a status from 400 to 599 or {', '.join(KINDS)}")
        try:
            self.pattern = re.compile(self.match)
        except re.error as error:
            raise ValueError(f"{self.match!r} is not a regular expression: {error}") from None

    @property
    def status(self) -> int | None:
        return int(self.kind) if self.kind.isdigit() else None

    @property
    def drops(self) -> bool:
        """Whether the client sees a reset connection and no answer."""
        return self.kind in ("reset", "drop_after_effect")

    def instead(self, service: str, now: datetime) -> Response | None:
        """The answer given in place of the service's; None if the request shall reach the service."""
        if self.status is not None:
            vendor = next((part for part in service.split("-") if part in _BODIES), "jira")
            return Response(self.status, _BODIES[vendor](self.status), self._headers(vendor, now))
        if self.kind == "html":
            return Response(200, LOGIN_PAGE, {"Content-Type": "text/html; charset=utf-8"})
        if self.kind == "redirect":
            return Response(302, b"", {"Location": self.location})
        return Response(0) if self.kind == "reset" else None

    def _headers(self, vendor: str, now: datetime) -> dict[str, str]:
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = _retry_after(self.retry_after, now)
        if vendor == "jira" and self.status == 429:
            headers["RateLimit-Reason"] = "jira-burst-based"
        return headers


def wrong_type(response: Response) -> Response:
    """The same status with JSON of another shape."""
    return Response(response.status, {} if isinstance(response.body, list) else [], response.headers)


def _retry_after(value: float | str, now: datetime) -> str:
    if not isinstance(value, str):
        return f"{value:g}"
    _, _, seconds = value.partition(":")
    return format_datetime(now + timedelta(seconds=float(seconds or 2)), usegmt=True)


def _jira(status: int) -> Any:
    if status == 429:
        return {"errorMessages": ["Rate limit exceeded."], "errors": {}}
    return {"errorMessages": [f"The request could not be served ({status})."], "errors": {}}


def _github(status: int) -> Any:
    limited = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    message = limited if status in (403, 429) else "Server Error"
    return {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}


_NOTION_CODES = {
    401: "unauthorized",
    403: "restricted_resource",
    404: "object_not_found",
    409: "conflict_error",
    429: "rate_limited",
    500: "internal_server_error",
    503: "service_unavailable",
    504: "gateway_timeout",
    529: "service_overload",
}


def _notion(status: int) -> Any:
    code = _NOTION_CODES.get(status, "internal_server_error" if status >= 500 else "validation_error")
    return {
        "object": "error",
        "status": status,
        "code": code,
        "message": code.replace("_", " ").capitalize() + ".",
        "request_id": "00000000-0000-4000-8000-000000000000",
    }


_BODIES = {"jira": _jira, "github": _github, "notion": _notion}


class Faults:
    """The faults that wait for their request. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def pick(self, service: str, line: str) -> Fault | None:
        """The fault this request meets, if any; it is used up once."""
        with self._lock:
            for fault in self._waiting:
                if fault.service in ("", service) and fault.pattern.search(line) and self._hits(fault):
                    return fault
        return None

    def _hits(self, fault: Fault) -> bool:
        if fault.after > 0:
            fault.after -= 1
            return False
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._waiting.remove(fault)
        return True
