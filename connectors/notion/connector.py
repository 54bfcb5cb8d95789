"""The Notion connector: data sources as streams, their pages as items."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.base import (
    AuthFailed,
    Census,
    ConnectorError,
    Cursor,
    Discovery,
    Fate,
    Finding,
    Found,
    Known,
    Page,
    Problem,
    Seen,
    Stream,
    Window,
)
from connectors.calls import Lane
from connectors.item import Item
from connectors.notion.check import check
from connectors.notion.client import DESCENDING, Client
from connectors.notion.parse import Layout, key_of
from connectors.notion.properties import uuid
from connectors.notion.read import Reader, is_live_page
from connectors.notion.schema import stream_of
from connectors.notion.scope import discover, in_scope
from connectors.notion.settings import Settings
from connectors.notion.walk import Walk, windows_between
from connectors.reading import UNREADABLE
from connectors.walk import interleave

OVERLAP = timedelta(minutes=5)
"""Stamps are whole minutes, and a query lags behind a write by up to a minute."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One page of one window."""

    items: list[Item]
    problems: list[Problem]
    window: Window
    as_of: datetime


class Notion:
    """Fulfils :class:`connectors.base.Connector`."""

    kind = "notion"

    def __init__(self, settings: Settings, lane: Lane) -> None:
        self._settings = settings
        self._client = Client(settings, lane)

    def discover(self, known: Sequence[Stream]) -> Discovery:
        return discover(self._client, self._settings, known)

    def pull(self, stream: Stream, cursor: Cursor) -> Generator[Page, None, None]:
        with _about(stream):
            if cursor.started:
                yield from self._run(stream, cursor)
            elif cursor.backfilled:
                yield from self._run(stream, cursor.begin(datetime.now(UTC), [Window(None)], OVERLAP), new=True)
            else:
                yield from self._backfill(stream, cursor)

    def census(self, stream: Stream) -> Generator[Census, None, None]:
        layout = Layout.of(self._settings.name, stream)
        roles = stream.meta["properties"]
        only = [roles.get("key") or roles.get("title") or "title"]
        with _about(stream):
            trashed = self._trashed(stream, only)
            for step in Walk(partial(self._client.query, stream.native_id, only=only), Window(None)):
                pages = [row for row in step.rows if is_live_page(row) and row.get("id") not in trashed]
                yield Census([seen for page in pages if (seen := _seen(page, layout))])

    def look_up(self, stream: Stream, known: Sequence[Known]) -> Found:
        items: list[Item] = []
        fates: dict[str, Fate] = {}
        with _about(stream):
            for one in known:
                found = self._find(stream, one.native_id)
                if isinstance(found, str):
                    fates[one.native_id] = found
                else:
                    items += found
        return Found(items, fates)

    def check(self) -> Iterator[Finding]:
        return check(self._client, self._settings)

    def close(self) -> None:
        self._client.close()

    def _backfill(self, stream: Stream, cursor: Cursor) -> Iterator[Page]:
        """The oldest page, the newest page, then what lies between in several windows at once."""
        oldest = self._client.query(stream.native_id)
        rows = list(oldest.rows)
        windows: tuple[Window, ...] = ()
        if oldest.cursor or oldest.capped:
            newest = self._client.query(stream.native_id, sorts=DESCENDING)
            windows = windows_between(oldest.rows, newest.rows)
            rows = list({row.get("id"): row for row in (*rows, *newest.rows)}.values())
        cursor = cursor.begin(oldest.as_of, windows, OVERLAP)
        items, problems = self._reader(stream).items(rows)
        yield Page(items, cursor if windows else cursor.finish(), tuple(problems))
        if windows:
            yield from self._run(stream, cursor, read=[str(row.get("id")) for row in rows])

    def _run(self, stream: Stream, cursor: Cursor, *, new: bool = False, read: Iterable[str] = ()) -> Iterator[Page]:
        """Walk the windows that are not done, and finish the run with the last page.

        :param new: the run begins with the first page, and takes its start from the server's clock
        """
        todo = [index for index, window in enumerate(cursor.windows) if not window.done]
        parts = [partial(self._walk, stream, cursor.windows[index], cursor.since, read) for index in todo]
        with closing(interleave(parts)) as arriving:
            for number, part in arriving:
                if new:
                    cursor = replace(cursor, started=part.as_of)
                new = False
                cursor = cursor.moved(todo[number], part.window)
                done = all(window.done for window in cursor.windows)
                yield Page(part.items, cursor.finish() if done else cursor, tuple(part.problems))

    def _walk(self, stream: Stream, window: Window, since: datetime | None, read: Iterable[str]) -> Iterator[_Part]:
        reader = self._reader(stream)
        for step in Walk(partial(self._client.query, stream.native_id), window, since, read):
            yield _Part(*reader.items(step.rows), step.window, step.as_of)

    def _trashed(self, stream: Stream, only: Sequence[str]) -> set[str]:
        """Ids in the trash: the live rows may still list what was trashed a moment ago."""
        found: set[str] = set()
        cursor = ""
        while True:
            got = self._client.query(stream.native_id, cursor=cursor, only=only, trash=True)
            found |= {str(row.get("id")) for row in got.rows}
            if not got.cursor:
                return found
            cursor = got.cursor

    def _find(self, stream: Stream, page_id: str) -> Sequence[Item] | Fate:
        """The page, or what became of it; neither if it is there and cannot be read."""
        try:
            page = self._client.page(page_id)
        except AuthFailed as error:
            if error.status in (403, 404):
                return "forbidden"
            raise
        if not is_live_page(page):
            return "trashed"
        home = self._home(stream, page.get("parent") or {})
        return self._reader(home).items([page])[0] if home else "moved"

    def _home(self, stream: Stream, parent: Mapping[str, Any]) -> Stream | None:
        """The stream a page belongs to now, by whose schema it is read; None out of the scope."""
        source = parent.get("data_source_id")
        if source and uuid(source) == stream.native_id:
            return stream
        if source and in_scope(self._settings, parent):
            return stream_of(self._client.data_source(source), self._settings.properties, None)[0]
        return None

    def _reader(self, stream: Stream) -> Reader:
        return Reader(self._client, self._settings.name, stream)


def _seen(page: Mapping[str, Any], layout: Layout) -> Seen | None:
    """That a page is there is certain also where it cannot be read; None where it does not tell which it is."""
    try:
        native_id = uuid(page["id"])
    except UNREADABLE:
        return None
    try:
        return Seen(native_id, key_of(page, layout))
    except UNREADABLE:
        return Seen(native_id, "")


@contextmanager
def _about(stream: Stream) -> Iterator[None]:
    """Errors name the data source."""
    try:
        yield
    except ConnectorError as error:
        error.where = error.where or stream.name
        raise
