"""GitHub's lists: a sheet of up to 100 rows at a time, and the links that lead from one to the next.

Source: docs.github.com, "Using pagination in the REST API".
"""

import contextvars
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from connectors.base import BadResponse
from connectors.calls import Answer

Row = dict[str, Any]
AHEAD = 8
"""Sheets that are fetched at once; GitHub allows 100 requests at a time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list. ``number`` counts from 1; ``next`` is empty at the end; ``last`` is the
    number of the last sheet, 0 where the server does not number them."""

    rows: list[Row]
    number: int
    next: str
    last: int
    as_of: datetime
    etag: str
    unchanged: bool = False
    """A 304: the list is as it was when its ETag was given."""

    @property
    def next_is_numbered(self) -> bool:
        """Whether any later sheet can be asked for by its number."""
        return self.last > 0 and _page_number(self.next) == self.number + 1


def sheet_of(answer: Answer, number: int = 1) -> Sheet:
    """:raises BadResponse: the answer is not a list of objects"""
    rows = [] if answer.status == 304 else answer.json(list)
    if not all(isinstance(row, dict) for row in rows):
        raise BadResponse("a list of something else where a list of objects belongs", status=answer.status)
    links = {link.get("rel", ""): link["url"] for link in parse_header_links(answer.headers.get("link", ""))}
    return Sheet(
        rows=rows,
        number=number,
        next=links.get("next", ""),
        last=_page_number(links.get("last", "")),
        as_of=answer.as_of,
        etag=answer.headers.get("etag", ""),
        unchanged=answer.status == 304,
    )


def ahead(fetch: Callable[[int], Sheet], numbers: Iterable[int]) -> Iterator[Sheet]:
    """Fetch sheets by number, several at once, and give them in order.

    The threads run in copies of the caller's context. Closing waits for what is under way.
    """
    waiting: deque[Future[Sheet]] = deque()
    with ThreadPoolExecutor(AHEAD, thread_name_prefix="github") as pool:
        try:
            for number in numbers:
                waiting.append(pool.submit(contextvars.copy_context().run, fetch, number))
                if len(waiting) == AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _page_number(url: str) -> int:
    """The ``page`` of a link; 0 for a link that goes by cursor."""
    query = parse_qs(urlsplit(url).query)
    if "after" in query or "cursor" in query:
        return 0
    page = query.get("page", ["0"])[-1]
    return int(page) if page.isdecimal() else 0
