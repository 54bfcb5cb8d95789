"""Does with pages what the worker does, in memory: newest version of each item, cursor kept as JSON."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from connectors.base import Connector, Cursor, Page, Problem, Stream
from connectors.calls import metered
from connectors.item import Item
from tests.contract.rows import Row, read


class Reader:
    """One connector, and what has been read through it."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.streams: Sequence[Stream] = ()
        self.problems: list[Problem] = []
        self.items: dict[str, Item] = {}
        self.cursors: dict[str, str] = {}
        self.requests = 0
        """Of the last discovery or pull."""

    def discover(self) -> Sequence[Stream]:
        with metered() as meter:
            found = self.connector.discover(self.streams)
        self.requests = meter.requests
        self.streams, self.problems = found.streams, list(found.problems)
        return self.streams

    def pull(self, stream: Stream, pages: int = 0) -> list[Page]:
        """Go on where the stream's cursor stands, to the end of the run or for so many pages.

        Like the worker it stops only where the cursor has moved: within one instant it stands still."""
        got: list[Page] = []
        start = self.cursor(stream)
        with metered() as meter, closing(self.connector.pull(stream, start)) as coming:
            for page in coming:
                got.append(page)
                self._keep(stream, page)
                if pages and len(got) >= pages and page.cursor != start:
                    break
        self.requests = meter.requests
        return got

    def pull_all(self) -> list[Page]:
        """Every stream to its end; what has become of the requests of all of them is their sum."""
        pages, requests = [], 0
        for stream in self.streams:
            pages += self.pull(stream)
            requests += self.requests
        self.requests = requests
        return pages

    def everything(self) -> None:
        """A first sync."""
        self.discover()
        self.pull_all()

    def cursor(self, stream: Stream) -> Cursor:
        return Cursor.from_json(json.loads(self.cursors.get(stream.native_id, "{}")))

    def under_way(self, stream: Stream) -> bool:
        cursor = self.cursor(stream)
        return cursor.started is not None or not cursor.backfilled

    def rows(self) -> dict[str, Row]:
        return read(self.items.values())

    def _keep(self, stream: Stream, page: Page) -> None:
        for item in page.items:
            known = self.items.get(item.native_id)
            if known is None or item.updated_at >= known.updated_at:
                self.items[item.native_id] = item
        self.problems += page.problems
        self.cursors[stream.native_id] = json.dumps(page.cursor.to_json())


def ids(pages: Sequence[Page]) -> list[str]:
    """Of the items, in the order in which they came."""
    return [item.native_id for page in pages for item in page.items]


def json_of(page: Page) -> Any:
    return json.loads(json.dumps(page.cursor.to_json()))
