"""Trackers and their streams."""

from datetime import datetime
from typing import Any

from syncd.api.shapes.schema import Schema


class Stream(Schema):
    """As ``syncd status --json`` prints it, without counting its items."""

    tracker: str
    stream: str
    last_success_at: datetime | None
    lag_s: float | None
    error: str | None
    problems: list[dict[str, Any]]
    next_poll_at: datetime | None
    requests: int
    backfilled: bool
    held: dict[str, Any] | None


class Budget(Schema):
    """What may be sent now: ``left`` of ``burst`` requests at once; ``blocked``: seconds until anything may be."""

    left: int
    burst: int
    per_second: float
    blocked: float


class Due(Schema):
    """How many streams are next in line."""

    streams: int


class Tracker(Schema):
    """``remedy``: what to do about the error, where its kind is known."""

    name: str
    kind: str
    url: str
    discovered_at: datetime | None
    broken_since: datetime | None
    error: str | None
    remedy: str | None
    problems: list[dict[str, Any]]
    budget: Budget | None
    streams: list[Stream]
