"""Broken and recovered: told once each, by a conditional UPDATE that only one worker wins. And how old
what we know may be before nothing is flagged or resolved on it any more."""

from datetime import datetime, timedelta

import structlog
from django.db.models.functions import Least
from django.utils import timezone

from connectors.base import ConnectorError, Unavailable
from syncd.trackers.models import Item, Stream, Tracker, Trouble

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(minutes=15)
MISSED_POLLS = 3
"""Polls in a row without success after which what we know of a stream is out of date."""
SHORTEST_LAG = timedelta(minutes=15)
"""So long it never is: a busy quarter of an hour is no news."""


def is_stale(broken_since: datetime | None, last_success_at: datetime | None, every: float, now: datetime) -> bool:
    """Whether what we know of a stream is out of date: it is broken, or its last success is too long ago.

    One that is still being read for the first time is not: what came so far is what there is.

    :param broken_since: of the stream, or of its tracker
    :param every: the stream's poll interval in seconds
    """
    if broken_since is not None:
        return True
    if last_success_at is None:
        return False
    return now - last_success_at > max(timedelta(seconds=MISSED_POLLS * every), SHORTEST_LAG)


def frozen(now: datetime, since: datetime | None = None) -> list[int]:
    """Ids of the streams whose items open and resolve no flag now, because they are stale.

    A stream that is no longer polled is not among them: nobody waits for news of it.

    :param since: who succeeded after that is fresh, however long ago it is by now
    """
    columns = ("id", "broken_since", "tracker__broken_since", "last_success_at", "tracker__every")
    streams = Stream.objects.filter(active=True, tracker__active=True).values_list(*columns)
    return [
        id_
        for id_, broken, tracker_broken, succeeded, every in streams
        if is_stale(broken or tracker_broken, succeeded, every, now)
        and not (since and not (broken or tracker_broken) and succeeded >= since)
    ]


def hidden() -> list[tuple[int, str]]:
    """Parts of streams that could not be read the last time, while the rest of the stream was: the stream's id and
    the container (of a Jira site, a project that the account may not see any more). What we know of them is
    out of date as well."""
    rows = Stream.objects.filter(active=True, tracker__active=True).exclude(problems=[])
    return [
        (id_, problem["where"])
        for id_, name, problems in rows.values_list("id", "name", "problems")
        for problem in problems
        if problem["where"] != name
    ]


def is_frozen(item: Item, now: datetime) -> bool:
    """Whether the stream of an item is among :func:`frozen`; no query where the item came with stream and tracker."""
    stream, tracker = item.stream, item.tracker
    broken = stream.broken_since or tracker.broken_since
    polled = stream.active and tracker.active
    return polled and is_stale(broken, stream.last_success_at, tracker.every, now)


def is_hidden(item: Item) -> bool:
    """Whether the container of an item is among :func:`hidden`; no query where the item came with stream and tracker."""
    stream = item.stream
    polled = stream.active and item.tracker.active and item.container != stream.name
    return polled and any(problem["where"] == item.container for problem in stream.problems)


def tracker_broke(tracker_id: int, error: ConnectorError, now: datetime) -> None:
    """The tracker as a whole cannot be used. Logged the first time; silent while it stays broken."""
    tracker = Tracker.objects.filter(id=tracker_id)
    if tracker.filter(broken_since=None).update(broken_since=now, error=str(error), trouble=Trouble.of(error)):
        log.error("tracker_broken", error=type(error).__name__, reason=str(error), status=error.status)
    else:
        tracker.update(error=str(error), trouble=Trouble.of(error), broken_since=Least("broken_since", now))


def tracker_recovered(tracker_id: int) -> None:
    """The tracker answers again: the streams that broke with it are due at once."""
    broken = Tracker.objects.filter(id=tracker_id).exclude(broken_since=None)
    since = broken.values_list("broken_since", flat=True).first()
    if since and broken.update(broken_since=None, error="", trouble=""):
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
