"""The Jira connector: Cloud and Data Center.

One stream for a whole site: all its projects are read by one query, so that a poll with nothing new
is one request. See ``docs/connectors/jira.md``.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

from connectors import reading
from connectors.base import Census, Cursor, Discovery, Finding, Found, Known, Page, Problem, Seen, Stream, Window
from connectors.calls import Lane
from connectors.item import Item
from connectors.jira import checkup, discovery, lookup, parse
from connectors.jira.client import Client, Json, PageSize
from connectors.jira.query import Query
from connectors.jira.scope import FROM_THE_START, OVERLAP, Scope
from connectors.jira.settings import Settings
from connectors.jira.site import Site
from connectors.jira.walks import Walk, walk
from connectors.walk import interleave

MOST = 500
"""Issues in a page at most: each is one transaction."""
MOST_IDS = {True: 5000, False: 1000}
"""Ids in a page at most, on Cloud and on Data Center."""
WINDOWS = 3
"""Spans of a first sync that are read at once; each may cost one request more than a single walk."""
SHORTEST_SPAN = timedelta(minutes=1)
RECONCILE_FOR = 600.0
"""Seconds for which an issue that was written is read past the index."""
MAX_RECONCILE = 50


class Jira:
    """Fulfils :class:`connectors.base.Connector`.

    :raises connectors.settings.SecretMissing: the token is not there
    """

    kind = "jira"

    def __init__(self, settings: Settings, lane: Lane, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._client = Client(settings, lane)
        self._scope = Scope(settings.scope, self._client, clock)
        self._written: dict[int, float] = {}
        self._lock = threading.Lock()

    def discover(self, known: Sequence[Stream]) -> Discovery:  # noqa: ARG002 - projects are in the scope by key
        return discovery.discover(self._settings, self._client, self._scope)

    def pull(self, stream: Stream, cursor: Cursor) -> Iterator[Page]:
        site = Site.from_meta(stream.meta)
        if all(window.done for window in cursor.windows):
            yield from self._run(site, cursor)
        else:
            query = self._query(site, cursor.covered)
            walks = [walk(query, window) for window in cursor.windows if not window.done]
            yield from self._pages(site, cursor, query, walks)

    def census(self, stream: Stream) -> Iterator[Census]:
        everything = dict.fromkeys(self._scope.readable(), FROM_THE_START)
        query = self._query(Site.from_meta(stream.meta), everything, ids_only=True)
        for issues in walk(query, Window(None)).pages():
            seen = [Seen(str(issue.get("id")), str(issue.get("key"))) for issue in issues]
            yield Census(seen, unreadable=self._scope.problems())
        if self._scope.ask_again(query.covered):  # a project that is hidden only leaves the results
            yield Census((), unreadable=self._scope.problems())

    def look_up(self, stream: Stream, known: Sequence[Known]) -> Found:
        site = Site.from_meta(stream.meta)
        return lookup.look_up(self._client, self._scope, site, self._settings.name, known)

    def check(self) -> Iterator[Finding]:
        return checkup.check(self._settings, self._client, self._scope)

    def reconcile(self, ids: Sequence[str]) -> None:
        """These issues were written just now: for ten minutes polls read them past the index, which
        lags behind writes (Cloud)."""
        now = self._clock()
        with self._lock:
            self._written |= {int(native_id): now + RECONCILE_FOR for native_id in ids if native_id.isdigit()}

    def close(self) -> None:
        self._client.close()

    def _run(self, site: Site, cursor: Cursor) -> Iterator[Page]:
        """A new run. Its first answer tells the server's time, and whether one page is all; what is
        read from the start then goes on in several windows at once."""
        marks = {part: cursor.covered.get(part, FROM_THE_START) for part in self._scope.readable()}
        cursor = cursor.begin(datetime.now(UTC), [Window(None)], OVERLAP)
        query = self._query(site, marks)
        walks = [walk(query, Window(None))]
        issues = next(walks[0].pages())
        cursor = replace(cursor, started=walks[0].as_of or cursor.started)
        if FROM_THE_START in marks.values():
            walks += _split(query, walks[0], until=cursor.started or datetime.now(UTC))
        cursor = replace(cursor, windows=tuple(each.window for each in walks))
        yield self._page(*self._items(site, issues), cursor, query)
        if not walks[0].window.done:
            yield from self._pages(site, cursor, query, walks)

    def _pages(self, site: Site, cursor: Cursor, query: Query, walks: Sequence[Walk]) -> Iterator[Page]:
        """Go on with a run's unfinished windows to its end."""
        unfinished = [index for index, window in enumerate(cursor.windows) if not window.done]

        def steps(of: Walk) -> Iterator[tuple[list[Item], list[Problem], Window]]:
            for issues in of.pages():
                yield *self._items(site, issues), of.window

        with closing(interleave([partial(steps, each) for each in walks])) as together:
            for which, (items, problems, window) in together:
                cursor = cursor.moved(unfinished[which], window)
                yield self._page(items, problems, cursor, query)

    def _page(self, items: Sequence[Item], problems: Sequence[Problem], cursor: Cursor, query: Query) -> Page:
        """What is lost on the way leaves the cursor, so that it is read from the start when it comes back."""
        cursor = replace(cursor, covered=query.covered)
        finished = all(window.done for window in cursor.windows)
        return Page(items, cursor.finish() if finished else cursor, (*problems, *self._scope.problems()))

    def _items(self, site: Site, issues: Sequence[Json]) -> tuple[list[Item], list[Problem]]:
        return reading.each(issues, lambda issue: parse.item(issue, self._settings.name, site), self._scope.name)

    def _query(self, site: Site, covered: Mapping[str, datetime], *, ids_only: bool = False) -> Query:
        if ids_only:
            fields, size = ["key" if site.cloud else "created"], PageSize(MOST_IDS[site.cloud], MOST_IDS[site.cloud])
        else:
            fields, size = site.fields, PageSize(MOST)
        written = self._recently_written()
        return Query(self._client, self._scope, covered, cloud=site.cloud, fields=fields, size=size, reconcile=written)

    def _recently_written(self) -> list[int]:
        now = self._clock()
        with self._lock:
            self._written = {native_id: until for native_id, until in self._written.items() if until > now}
            return sorted(self._written, key=lambda native_id: self._written[native_id])[-MAX_RECONCILE:]


def _split(query: Query, first: Walk, until: datetime) -> list[Walk]:
    """Give the later spans of creation time up to ``until`` to other walks. They cannot know where
    most issues lie, so the spans are of equal length."""
    at = first.window.at
    if first.window.done or at is None or (until - at) / WINDOWS < SHORTEST_SPAN:
        return []
    cuts = [_whole_millis(at + (until - at) * part / WINDOWS) for part in range(1, WINDOWS)]
    first.stop_at(cuts[0])
    return [walk(query, Window(start, end)) for start, end in pairwise([*cuts, None]) if start]


def _whole_millis(at: datetime) -> datetime:
    """As precise as JQL, so that neighbours agree on their border."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
