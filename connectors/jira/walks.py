"""Walks one window of a query in the order of creation, which no edit changes.

Cloud leads from page to page by token. Data Center has only offsets, which shift under every write
and end at 10,000: there each page starts anew at the creation time of the last issue, and an offset
is used only among issues of that one instant.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from connectors.base import AuthFailed, BadResponse, Window
from connectors.jira import parse
from connectors.jira.client import Hits, Json
from connectors.jira.query import Query

MAX_EMPTY = 50
"""Empty pages in a row that still promise more."""


def walk(query: Query, window: Window) -> "Walk":
    return CloudWalk(query, window) if query.cloud else DataCenterWalk(query, window)


class Walk(ABC):
    """Yields the issues of each page. ``window`` tells how far it is, and may be given an earlier end
    between two pages; ``as_of`` is when the first answer came."""

    def __init__(self, query: Query, window: Window) -> None:
        self.query = query
        self.window = window
        self.as_of: datetime | None = None

    def pages(self) -> Iterator[list[Json]]:
        """The last page comes with ``window.done``; it may be empty."""
        empty = 0
        while not self.window.done:
            hits = self._ask_until_answered()
            self.as_of = self.as_of or hits.as_of
            issues = self._advance(hits)
            empty = 0 if hits.issues else empty + 1
            if empty > MAX_EMPTY:
                raise BadResponse("a search goes on for ever with empty pages")
            if issues or self.window.done:
                yield issues

    def _ask_until_answered(self) -> Hits:
        while True:
            try:
                return self._ask()
            except (AuthFailed, BadResponse) as error:
                if not self._recovered(error):
                    raise

    def stop_at(self, end: datetime) -> None:
        """What was created at ``end`` or later is somebody else's."""
        self.window = replace(self.window, end=end)

    @abstractmethod
    def _ask(self) -> Hits:
        """The next page."""

    @abstractmethod
    def _recovered(self, error: AuthFailed | BadResponse) -> bool:
        """Whether asking again, in another way, may succeed."""

    @abstractmethod
    def _advance(self, hits: Hits) -> list[Json]:
        """Move the window past a page. :returns: the issues of the page that lie in the window"""


class CloudWalk(Walk):
    """By ``nextPageToken``. Whether there is one decides whether there is more, not ``isLast`` and not
    the number of issues. A token lost or expired costs a new start at the last creation time."""

    def __init__(self, query: Query, window: Window) -> None:
        super().__init__(query, window)
        self._lost_at: Window | None = None
        self._start()

    def _start(self) -> None:
        self._version, self._jql = self.query.version, self.query.jql(self.window)
        self._token: str | None = None
        self._used: set[str] = set()

    def _ask(self) -> Hits:
        return self.query.by_token(self._jql, self._token)

    def _recovered(self, error: AuthFailed | BadResponse) -> bool:
        if self._token and error.status == 400 and self._lost_at != self.window:
            self._lost_at = self.window
        elif not self.query.shrunk(error, self._version):
            return False
        self._start()
        return True

    def _advance(self, hits: Hits) -> list[Json]:
        if hits.token in self._used:
            raise BadResponse("a search gave the same page token twice: it would never end")
        self._token = hits.token
        if hits.token:
            self._used.add(hits.token)
        issues = self._inside(hits.issues)
        done = hits.token is None or len(issues) < len(hits.issues)
        last = parse.created(issues[-1]) if issues and not done else None
        self.window = replace(self.window, at=last or self.window.at, done=done)
        return issues

    def _inside(self, issues: list[Json]) -> list[Json]:
        """Without what lies behind the window's end, where the end is younger than the query."""
        if (end := self.window.end) is None:
            return issues
        return [issue for issue in issues if (at := parse.created(issue)) is None or at < end]


class DataCenterWalk(Walk):
    """By creation time. ``_tied`` issues of the instant at which the window stands are known already;
    ``_rest`` is how many must follow: another number means that the ones before have shifted, and
    the instant is read from its beginning."""

    def __init__(self, query: Query, window: Window) -> None:
        super().__init__(query, window)
        self._version = query.version
        self._from_the_instant()

    def _from_the_instant(self) -> None:
        self._tied = 0
        self._rest: int | None = None

    def stop_at(self, end: datetime) -> None:
        super().stop_at(end)
        self._from_the_instant()  # the total will be another one

    def _ask(self) -> Hits:
        self._version = self.query.version
        hits = self.query.by_offset(self.query.jql(self.window), self._tied)
        if self._tied and self._rest is not None and hits.total is not None and hits.total - self._tied != self._rest:
            self._from_the_instant()
            return self._ask()
        return hits

    def _recovered(self, error: AuthFailed | BadResponse) -> bool:
        self._from_the_instant()
        return self.query.shrunk(error, self._version)

    def _advance(self, hits: Hits) -> list[Json]:
        came = len(hits.issues)
        self._rest = None if hits.total is None else hits.total - self._tied - came
        done = came < hits.limit if self._rest is None else self._rest <= 0
        if done:
            self.window = replace(self.window, done=True)
        else:
            self._stand_at(hits.issues)
        return hits.issues

    def _stand_at(self, issues: list[Json]) -> None:
        times: list[datetime | None] = []
        for issue in issues:  # one that tells no time stands where the one before it does
            times.append(parse.created(issue) or (times[-1] if times else self.window.at))
        last = times[-1] if times else None
        if last is None or (self.window.at and last < self.window.at):
            raise BadResponse("a search is not in the order of creation, or tells no creation time")
        tied = next((count for count, at in enumerate(reversed(times)) if at != last), len(times))
        self._tied = tied + (self._tied if tied == len(times) and last == self.window.at else 0)
        self.window = replace(self.window, at=last)
