"""One pass over the configured trackers, then judge: what ``syncd sync`` and the demo's start do."""

import contextvars
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from django.db import connection
from django.utils import timezone

from config.files import Config
from connectors.base import BadResponse, ConnectorError, Problem
from syncd.trackers import search
from syncd.trackers.models import Stream, Tracker
from syncd.worker import discover, sweep, sync
from syncd.worker.judge import Bench, Judged
from syncd.worker.mirror import mirror
from syncd.worker.publish import publish
from syncd.worker.roster import Roster
from syncd.worker.suggest import Suggested, Suggesting
from syncd.worker.sweep import Swept
from syncd.worker.sync import Pulled, Slice

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Streams pulled at the same time."""
SUGGESTING, INDEXING, MIRRORING = 5.0, 2.0, 10.0
"""Seconds that a pass suggests goals for what has none, reads for the search and writes to partners' own tools; the next
goes on from there."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a pass should do beyond the usual."""

    trackers: Sequence[str]
    full: bool = False
    """Read everything anew instead of what changed."""
    sweep: bool = False
    """Also look for deletions."""
    accept: bool = False
    """Bury however many the sweep misses."""


@dataclass(slots=True)
class Pass:
    """What came of a pass, by stream (``tracker/stream``)."""

    pulled: dict[str, Pulled] = field(default_factory=dict)
    swept: dict[str, Swept] = field(default_factory=dict)
    failed: dict[str, ConnectorError] = field(default_factory=dict)
    """Trackers that could not be asked at all."""
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    """Parts of a tracker that could not be read, with the tracker's name."""
    judged: Judged = field(default_factory=Judged)
    suggested: Suggested = field(default_factory=Suggested)

    @property
    def errors(self) -> list[ConnectorError]:
        """Everything that kept a tracker, or a part of it, from being read."""
        within = [problem.error for problem in self.unreadable]
        return [error for _, error in self.troubles() if not any(error is each for each in within)]

    @property
    def unreadable(self) -> list[Problem]:
        """Within what was read: items, for example, of which nothing can be made."""
        return [each for _, each in self.problems if each.partial and isinstance(each.error, BadResponse)]

    @property
    def busy(self) -> bool:
        """Whether somebody else was at a stream, so that it is not up to date by this pass."""
        pulled = any(pulled.busy for pulled in self.pulled.values())
        return pulled or any(swept.busy for swept in self.swept.values())

    def troubles(self) -> Iterator[tuple[str, ConnectorError]]:
        """Everything that went wrong, with the name of the tracker."""
        yield from self.failed.items()
        streams = [(name, pulled.error) for name, pulled in self.pulled.items()]
        streams += [(name, swept.error) for name, swept in self.swept.items()]
        for name, error in streams:
            if error:
                yield name.partition("/")[0], error
        for tracker, problem in self.problems:
            yield tracker, problem.error


class Watcher:
    """Told how a pass goes on; does nothing by itself."""

    def pulling(self, name: str, done: Pulled) -> None:
        """A page of this stream was committed."""

    def judging(self) -> None:
        """All streams are done."""


def one_pass(config: Config, roster: Roster, orders: Orders, watcher: Watcher) -> Pass:
    """Discover what is due, pull every stream to its end, sweep if asked, judge what changed, suggest for a while."""
    roster.register(config.service.changes)
    done, began = Pass(), timezone.now()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sync") as pool, _stopping(roster, pool):
        streams = _discovered(roster, orders, done, pool)
        for job in [_start(pool, _stream, roster, stream, orders, done, watcher) for stream in streams]:
            job.result()
    watcher.judging()
    done.judged = Bench(config).judge(since=began)
    publish(config)
    mirror(config, roster, MIRRORING)
    done.suggested = Suggesting().suggest(SUGGESTING)
    search.index(INDEXING)
    return done


@contextmanager
def _stopping(roster: Roster, pool: ThreadPoolExecutor) -> Iterator[None]:
    """Where the pass ends early (Ctrl-C above all), pulls end at their next page instead of at their end."""
    try:
        yield
    except BaseException:
        roster.stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _start(pool: ThreadPoolExecutor, work: Callable[..., None], *arguments: object) -> "Future[None]":
    """In a thread with a copy of our context, whose database connection is given back at the end."""
    context = contextvars.copy_context()

    def run() -> None:
        try:
            context.run(work, *arguments)
        finally:
            connection.close()

    return pool.submit(run)


def _discovered(roster: Roster, orders: Orders, done: Pass, pool: ThreadPoolExecutor) -> list[Stream]:
    trackers = Tracker.objects.filter(name__in=orders.trackers)
    jobs = [_start(pool, _discover, roster, tracker, orders.full, done) for tracker in trackers]
    for job in jobs:
        job.result()
    streams = Stream.objects.filter(tracker__in=trackers, active=True).select_related("tracker").order_by("id")
    if orders.full:
        streams.update(cursor={})
    return list(streams)


def _discover(roster: Roster, tracker: Tracker, anew: bool, done: Pass) -> None:
    settings = roster.settings[tracker.name]
    if not (anew or tracker.scope_hidden or discover.due(settings, tracker, timezone.now())):
        return
    try:
        found = discover.discover(settings, roster.connector(tracker.name), roster.stop)
        done.problems += [(tracker.name, problem) for problem in found.problems]
    except ConnectorError as error:
        done.failed[tracker.name] = error


def _stream(roster: Roster, stream: Stream, orders: Orders, done: Pass, watcher: Watcher) -> None:
    name, tracker = str(stream), stream.tracker.name
    connector, every = roster.connector(tracker), roster.settings[tracker].every
    limit = Slice(stop=roster.stop, progress=lambda pulled: watcher.pulling(name, pulled))
    done.pulled[name] = pulled = sync.pull(stream.id, connector, every, limit)
    done.problems += [(tracker, problem) for problem in pulled.problems]
    if orders.sweep and pulled.error is None and not pulled.busy:
        done.swept[name] = sweep.sweep(stream.id, connector, accept=orders.accept)
