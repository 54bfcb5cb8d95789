"""From a tracker into the store: the whole story of a pull on one page.

    claim the stream → for each page the connector brings: one transaction with its items and the
    cursor → release the stream with what came of it.

A crash at any point leaves a cursor from which the same pages come again, and upserts that change
nothing the second time. An error closes, resolves and deletes nothing: it is written on the stream in
words, and the stream is tried again later.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from connectors.base import Connector, ConnectorError, Cursor, Page, Problem, RateLimited, Stream
from connectors.calls import metered
from connectors.item import Item
from syncd.trackers import health, names, store
from syncd.trackers.lease import Fenced, Lease, problems_as_json
from syncd.trackers.models import Stream as StreamRow
from syncd.trackers.models import Trouble
from syncd.trackers.writing import writing
from syncd.worker import faults
from syncd.worker.pulse import kept

log = structlog.get_logger(__name__)

CHUNK = 500
"""Items in one transaction at most: some 50 ms."""


@dataclass(slots=True)
class Pulled:
    """What came of one slice of a pull."""

    written: store.Written = field(default_factory=store.Written)
    requests: int = 0
    more: bool = False
    """The run is not complete: pull again."""
    busy: bool = False
    """Another worker holds the stream."""
    error: ConnectorError | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slice:
    """How long a pull may go on. Without ``seconds``, to the end of the run."""

    seconds: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    """Set at shutdown: the pull ends after the current page, and nothing counts as an error."""
    progress: Callable[[Pulled], None] = lambda _: None
    """Called after every committed page with the totals so far."""


def pull(stream_id: int, connector: Connector, every: float, limit: Slice) -> Pulled:
    """Continue one stream's run.

    :param every: the stream's poll interval in seconds
    """
    lease = Lease.claim(stream_id)
    if lease is None:
        return Pulled(busy=True)
    done = Pulled()
    with structlog.contextvars.bound_contextvars(tracker=lease.stream.tracker.name, stream=lease.stream.name):
        try:
            _walk(lease, connector, done, limit)
            _release(lease, done, every)
        except Fenced as fenced:
            log.warning("stream_taken_over", reason=str(fenced))
            done.busy = True
        except Exception as error:
            pause = timezone.now() + health.LONGEST_PAUSE
            lease.release(
                next_due_at=pause,
                trouble=Trouble.OURS,
                error=f"syncd itself failed ({type(error).__name__}): see the log",
            )
            raise
    return done


def _walk(lease: Lease, connector: Connector, done: Pulled, limit: Slice) -> None:
    """Commit page after page. A slice ends only where the cursor has moved, or the next one would stand still."""
    stream = lease.stream
    start = cursor = Cursor.from_json(stream.cursor)
    already = stream.requests if start.started else 0
    ends = time.monotonic() + (limit.seconds or float("inf"))
    with (
        metered() as meter,
        kept(lease, meter),
        closing(connector.pull(Stream(stream.native_id, stream.name, stream.meta), start)) as pages,
    ):
        try:
            for page in pages:
                done.requests = already + meter.requests
                _commit(lease, page, done)
                cursor = page.cursor
                limit.progress(done)
                if limit.stop.is_set() or (time.monotonic() > ends and cursor != start):
                    break
        except ConnectorError as error:
            done.error = None if limit.stop.is_set() else error
        done.requests = already + meter.requests
    done.more = done.error is None and (cursor.started is not None or not cursor.backfilled)


def _commit(lease: Lease, page: Page, done: Pulled) -> None:
    """One page, one transaction: its items and where to go on.

    A page of thousands is stored in several, so that nobody waits long for the write lock; the cursor
    moves with the last, and until then the same items would merely come again.
    """
    *first, last = _chunks(page.items) or [()]
    for items in first:
        with writing():
            lease.hold()
            done.written += store.upsert(lease.stream, items, timezone.now())
        faults.point("mid-page")
    faults.point("before-commit")
    with writing():
        lease.advance(page.cursor, done.requests)
        done.written += store.upsert(lease.stream, last, timezone.now())
        if page.renamed:
            names.rename(lease.stream, *page.renamed)
        faults.point("in-commit")
    done.problems += page.problems
    faults.point("after-commit")


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]


def _release(lease: Lease, done: Pulled, every: float) -> None:
    """Write on the stream what came of it, and when to come again."""
    now = timezone.now()
    problems = _problems(lease.stream, done)
    if done.error:
        _release_after_error(lease, done.error, every, now, done.requests)
    elif done.more:
        lease.release(next_due_at=now, requests=done.requests, problems=problems)
    else:
        lease.release(
            next_due_at=now + timedelta(seconds=every),
            last_success_at=now,
            requests=done.requests,
            error="",
            trouble="",
            broken_since=None,
            problems=problems,
            filled_at=lease.stream.filled_at or now,
        )
        health.stream_recovered(lease.stream)
        if not lease.stream.cursor.get("backfilled"):
            log.info("stream_filled", items=lease.stream.items.count(), requests=done.requests)


def _problems(stream: StreamRow, done: Pulled) -> list[dict[str, str]]:
    """What could not be read in this run, in earlier slices of it as well; logged when it is new."""
    found = problems_as_json(done.problems)
    new = [problem for problem in found if problem not in stream.problems]
    for problem in new:
        log.warning("read_in_part", where=problem["where"], reason=problem["what"])
    goes_on = Cursor.from_json(stream.cursor).started is not None
    return [*stream.problems, *new] if goes_on else found


def _release_after_error(lease: Lease, error: ConnectorError, every: float, now: datetime, requests: int) -> None:
    stream = lease.stream
    if isinstance(error, RateLimited):
        pause = max(error.retry_after, 1.0)
        log.info("stream_parked", seconds=round(pause), reason=str(error))
        lease.release(
            next_due_at=now + timedelta(seconds=pause), error=str(error), trouble=Trouble.LIMIT, requests=requests
        )
        return
    broken_since = stream.broken_since or now
    lease.release(
        next_due_at=now + health.pause_after(broken_since, now, every),
        error=str(error),
        trouble=Trouble.of(error),
        broken_since=broken_since,
        requests=requests,
    )
    health.stream_broke(stream, error, now)
