"""A tracker in memory that implements the connector's interface, for tests of the worker.

What it says is scripted: pages to yield, an error to raise after so many of them, what exists.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from connectors.base import (
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
from connectors.item import Item

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class FakeTracker:
    """``pages`` are the pages of the next run; a resumed run continues where its cursor says."""

    kind: str = "jira"
    streams: Sequence[Stream] = (Stream("site", "WEB"),)
    problems: Sequence[Problem] = ()
    pages: Sequence[Sequence[Item]] = ()
    page_problems: Sequence[Problem] = ()
    each_page: bool = False
    """Every page has them; else the last."""
    fails_after: tuple[int, ConnectorError] | None = None
    exists: Sequence[Item] = ()
    unreadable: Sequence[Problem] = ()
    fates: dict[str, Fate] = field(default_factory=dict)
    by_id: Sequence[Item] = ()
    renamed: tuple[str, str] | None = None
    closed: bool = False
    asked: list[str] = field(default_factory=list)

    def discover(self, known: Sequence[Stream]) -> Discovery:
        self.asked.append("discover")
        if self.fails_after and self.fails_after[0] < 0:
            raise self.fails_after[1]
        return Discovery(tuple(self.streams), tuple(self.problems))

    def pull(self, stream: Stream, cursor: Cursor) -> Generator[Page, None, None]:
        done = cursor.windows[0].page if cursor.started else 0
        cursor = cursor if cursor.started else replace(cursor, started=START, windows=(Window(START),))
        pages = self.pages or [()]
        for number, items in enumerate(pages):
            if self.fails_after and number == self.fails_after[0]:
                raise self.fails_after[1]
            if number < done:
                continue
            self.asked.append(f"page {number}")
            last = number == len(pages) - 1
            cursor = cursor.finish() if last else cursor.moved(0, Window(START, page=number + 1))
            yield Page(items, cursor, tuple(self.page_problems) if last or self.each_page else (), self.renamed)

    def census(self, stream: Stream) -> Generator[Census, None, None]:
        self.asked.append("census")
        if self.fails_after:
            raise self.fails_after[1]
        yield Census([Seen(item.native_id, item.key) for item in self.exists], unreadable=tuple(self.unreadable))

    def look_up(self, stream: Stream, known: Sequence[Known]) -> Found:
        self.asked.append(f"look up {', '.join(item.key for item in known)}")
        ids = {item.native_id for item in known}
        fates = {id_: self.fates[id_] for id_ in ids if id_ in self.fates}
        return Found([item for item in self.by_id if item.native_id in ids], fates)

    def check(self) -> Iterator[Finding]:
        yield Finding("sign-in", True, "as a fake")

    def close(self) -> None:
        self.closed = True
