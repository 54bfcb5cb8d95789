"""Broken and recovered: told once each, by a conditional UPDATE that only one worker wins."""

from datetime import datetime, timedelta

import structlog

from connectors.base import ConnectorError
from syncd.trackers.models import Stream, Tracker

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(minutes=15)


def broke(stream: Stream, error: ConnectorError, now: datetime, *, whole_tracker: bool) -> None:
    """A pull failed. Logged when the stream, or its whole tracker, breaks; silent while it stays broken."""
    if whole_tracker:
        tracker = Tracker.objects.filter(id=stream.tracker_id)
        newly = tracker.filter(broken_since=None).update(broken_since=now, error=str(error))
        if newly:
            log.error("tracker_broken", error=type(error).__name__, reason=str(error), status=error.status)
        else:
            tracker.update(error=str(error))
    elif stream.broken_since is None:
        log.error("stream_broken", error=type(error).__name__, reason=str(error), status=error.status)


def recovered(stream: Stream) -> None:
    """A pull succeeded."""
    tracker = Tracker.objects.filter(id=stream.tracker_id).exclude(broken_since=None)
    if tracker.update(broken_since=None, error=""):
        log.info("tracker_recovered")
    elif stream.broken_since is not None and stream.tracker.broken_since is None:
        log.info("stream_recovered", broken_since=stream.broken_since.isoformat(timespec="seconds"))


def pause_after(broken_since: datetime, now: datetime, every: float) -> timedelta:
    """Wait as long as it has been broken, which doubles from try to try, but at least one interval."""
    return min(max(now - broken_since, timedelta(seconds=every)), LONGEST_PAUSE)
