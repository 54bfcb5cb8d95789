"""Walks through a data source in ascending order of creation, however many queries that takes.

A query lists at most 10,000 rows and stamps are whole minutes, so a walk continues behind the limit
in a new query that starts at the minute it has reached:
https://developers.notion.com/guides/data-apis/query-large-data-sources
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from connectors.base import BadResponse, Window
from connectors.notion.client import Rows
from connectors.notion.parse import moment

MINUTE = timedelta(minutes=1)
ROWS_PER_QUERY = 10_000
WINDOWS = 4
"""How many windows a back-fill walks at once."""

Row = Mapping[str, Any]


class Query(Protocol):
    """Asks for one page of rows that meet a condition, in ascending order of creation."""

    def __call__(self, *, condition: dict[str, Any] | None, cursor: str) -> Rows: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One page of rows that were not there before, the window behind it, as of when."""

    rows: Sequence[Row]
    window: Window
    as_of: datetime


class Walk:
    """One window, from where it stands to its end.

    :param since: only rows edited then or later
    :param read: ids of rows that need not come again
    """

    def __init__(self, query: Query, window: Window, since: datetime | None = None, read: Iterable[str] = ()) -> None:
        self._query = query
        self._window = window
        self._since = since
        self._read = frozenset(read)
        self._last_minute: set[str] = set()
        self._lost_at: Window | None = None

    def __iter__(self) -> Iterator[Step]:
        while not self._window.done:
            yield from self._one_query()

    def _one_query(self) -> Iterator[Step]:
        start, cursor, listed, capped = self._window.at, "", 0, False
        condition = condition_of(self._since, start, self._window.end)
        while True:
            try:
                got = self._query(condition=condition, cursor=cursor)
            except BadResponse as error:
                if not cursor or error.status != 400:
                    raise
                return self._resume_by_minute(error)
            listed += len(got.rows)
            capped = capped or got.capped
            at = _reached(got.rows) if got.rows else self._window.at
            fresh = self._fresh(got.rows, at)
            cut_off = not got.cursor and (capped or listed >= ROWS_PER_QUERY)
            self._window = replace(self._window, at=at, done=not got.cursor and not cut_off)
            yield Step(fresh, self._window, got.as_of)
            if cut_off and at == start:
                raise BadResponse(f"more than {listed} rows were created in the minute {at}: Notion lists no further")
            if not got.cursor:
                return
            cursor = got.cursor

    def _resume_by_minute(self, error: BadResponse) -> None:
        """The cursor is no longer valid: the next query starts at the minute reached, unless the last did too."""
        if self._lost_at == self._window:
            raise error
        self._lost_at = self._window

    def _fresh(self, rows: Sequence[Row], at: datetime | None) -> list[Row]:
        """Without those the minute of an earlier query brought already."""
        known = self._read | self._last_minute
        fresh = [row for row in rows if row.get("id") not in known]
        if at != self._window.at:
            self._last_minute = set()
        self._last_minute |= {str(row.get("id")) for row in rows if _minute(row) == at}
        return fresh


def condition_of(since: datetime | None, start: datetime | None, end: datetime | None) -> dict[str, Any] | None:
    """The filter for rows edited ``since`` and created from ``start`` on and before ``end``."""
    parts = []
    if since:
        parts.append(_by("last_edited_time", "on_or_after", since))
    if start:
        parts.append(_by("created_time", "on_or_after", start))
    if end:
        parts.append(_by("created_time", "before", end))
    if len(parts) < 2:
        return parts[0] if parts else None
    return {"and": parts}


def windows_between(oldest: Sequence[Row], newest: Sequence[Row]) -> tuple[Window, ...]:
    """What lies between the oldest rows and the newest, in windows of equal time to be walked at once.

    Each window may end with a page that is not full, and the minutes at both ends are read again. Four
    windows keep a back-fill within five requests of the fewest possible; three where those minutes are
    crowded. None where the two overlap in time, so nothing lies between. (Equal ids would not prove
    that: rows of one minute come in any order.)

    :param oldest: the first page in ascending order of creation
    :param newest: the first page in descending order
    """
    if not oldest or not newest:
        return (Window(None),)
    start, end = _reached(oldest), _reached(newest)
    if start > end:
        return ()
    again = sum(_minute(row) in (start, end) for row in (*oldest, *newest))
    minutes = (end - start) // MINUTE + 1
    count = min(WINDOWS if again <= 100 else WINDOWS - 1, minutes)
    edges = [start + MINUTE * (minutes * part // count) for part in range(count + 1)]
    return tuple(Window(at, before) for at, before in pairwise(edges))


def floor(at: datetime) -> datetime:
    """The minute of a time, which is as fine as Notion's stamps are."""
    return at.replace(second=0, microsecond=0)


def _reached(rows: Sequence[Row]) -> datetime:
    """The minute of the last row that tells when it was created.

    :raises BadResponse: none of them does
    """
    for row in reversed(rows):
        if at := _minute(row):
            return at
    raise BadResponse(f"row {rows[-1].get('id')} tells no creation time: may the connection read content?")


def _minute(row: Row) -> datetime | None:
    try:
        return floor(moment(row["created_time"]))
    except (KeyError, TypeError, ValueError):
        return None


def _by(stamp: str, operator: str, at: datetime) -> dict[str, Any]:
    """In Notion's own spelling of a time."""
    return {"timestamp": stamp, stamp: {operator: f"{floor(at):%Y-%m-%dT%H:%M:%S.000Z}"}}
