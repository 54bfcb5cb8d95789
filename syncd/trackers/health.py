"""Broken and recovered: told once each, by a conditional UPDATE that only one worker wins."""

from datetime import datetime, timedelta

import structlog
from django.db.models.functions import Least
from django.utils import timezone

from connectors.base import ConnectorError, Unavailable
from syncd.trackers.models import Stream, Tracker

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(minutes=15)


def tracker_broke(tracker_id: int, error: ConnectorError, now: datetime) -> None:
    """The tracker as a whole cannot be used. Logged the first time; silent while it stays broken."""
    tracker = Tracker.objects.filter(id=tracker_id)
    if tracker.filter(broken_since=None).update(broken_since=now, error=str(error)):
        log.error("tracker_broken", error=type(error).__name__, reason=str(error), status=error.status)
    else:
        tracker.update(error=str(error), broken_since=Least("broken_since", now))


def tracker_recovered(tracker_id: int) -> None:
    """The tracker answers again: the streams that broke with it are due at once."""
    broken = Tracker.objects.filter(id=tracker_id).exclude(broken_since=None)
    since = broken.values_list("broken_since", flat=True).first()
    if since and broken.update(broken_since=None, error=""):
        log.info("tracker_recovered", broken_since=since.isoformat(timespec="seconds"))
        now = timezone.now()
        Stream.objects.filter(tracker=tracker_id, broken_since__gte=since).update(broken_since=None, next_due_at=now)


def stream_broke(stream: Stream, error: ConnectorError, now: datetime) -> None:
    """A pull failed: for the credential or the whole site (401, no answer), or for this stream alone."""
    if isinstance(error, Unavailable) or error.status == 401:
        tracker_broke(stream.tracker_id, error, now)
    elif stream.broken_since is None:
        log.error("stream_broken", error=type(error).__name__, reason=str(error), status=error.status)


def stream_recovered(stream: Stream) -> None:
    """A pull succeeded. One that broke together with its tracker is told by the tracker's recovery."""
    tracker_recovered(stream.tracker_id)
    with_tracker = stream.tracker.broken_since
    if stream.broken_since and (with_tracker is None or stream.broken_since < with_tracker):
        log.info("stream_recovered", broken_since=stream.broken_since.isoformat(timespec="seconds"))


def pause_after(broken_since: datetime, now: datetime, every: float) -> timedelta:
    """Wait as long as it has been broken, which doubles from try to try, but at least one interval."""
    return min(max(now - broken_since, timedelta(seconds=every)), LONGEST_PAUSE)
