"""Pages of a list and the Link header that leads from one to the next.

Source: "Using pagination in the REST API". A large list takes no page numbers past a limit: they are
answered with 422, and the links carry cursors (``after``, ``before``) that point between two rows.
"""

import base64
import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import orjson

from syncd.sandbox.base import Request
from syncd.sandbox.github.access import denied

T = TypeVar("T")
Key = tuple[Any, int]
TOO_LARGE = (
    "Pagination with the page parameter is not supported for large datasets, "
    "please use cursor based pagination (after/before)"
)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page and its Link header, empty if it is the only page."""

    rows: Sequence[T]
    link: str


def number(request: Request, name: str, default: int, most: int | None = None) -> int:
    """A positive number from the query; what is no such number counts as the default, as at GitHub."""
    text = request.query.get(name, "")
    value = (int(text) if text.isdecimal() else 0) or default
    return min(value, most) if most else value


def by_number(request: Request, url: str, rows: Sequence[T]) -> Page[T]:
    """One page by its number. ``url`` is the list's canonical address without a query."""
    size = number(request, "per_page", 30, 100)
    page = number(request, "page", 1)
    last = max(1, -(-len(rows) // size))
    links: dict[str, dict[str, str]] = {}
    if page > 1:
        links["prev"] = {"page": str(min(page - 1, last))}
    if page < last:
        links |= {"next": {"page": str(page + 1)}, "last": {"page": str(last)}}
    if page > 1:
        links["first"] = {"page": "1"}
    return Page(rows[(page - 1) * size : page * size], _link(request, url, links))


def by_cursor(request: Request, url: str, rows: Sequence[T], key: Callable[[T], Key], *, limit: int) -> Page[T]:
    """One page of a large list that is sorted by ``key``, either way.

    :raises Refused: 422, a page number that leads past ``limit`` rows, or a bad cursor
    """
    size = number(request, "per_page", 30, 100)
    start, end = _span(request, rows, key, size, limit)
    page = rows[start:end]
    links = {}
    if page and start > 0:
        links["prev"] = {"before": _encode(key(page[0]))}
    if page and end < len(rows):
        links["next"] = {"after": _encode(key(page[-1]))}
    return Page(page, _link(request, url, links))


def _span(request: Request, rows: Sequence[T], key: Callable[[T], Key], size: int, limit: int) -> tuple[int, int]:
    """Where the page starts and ends."""
    query = request.query
    falling = len(rows) > 1 and key(rows[0]) > key(rows[-1])

    def rows_before(cursor: Key, itself: bool) -> int:
        def beyond(row: T) -> bool:
            at = key(row)
            return (at < cursor if falling else at > cursor) or (at == cursor and not itself)

        return bisect.bisect_left(rows, True, key=beyond)

    if "after" in query:
        start = rows_before(_decode(query["after"]), itself=True)
        return start, start + size
    if "before" in query:
        end = rows_before(_decode(query["before"]), itself=False)
        return max(0, end - size), end
    page = number(request, "page", 1)
    if page > 1 and page * size >= limit:
        raise denied(422, TOO_LARGE, "https://docs.github.com/rest/issues/issues#list-repository-issues")
    return (page - 1) * size, page * size


def _link(request: Request, url: str, links: dict[str, dict[str, str]]) -> str:
    """The header, each target keeping the other parameters as they were."""
    kept = [
        (name, value)
        for name, value in parse_qsl(request.query_string, keep_blank_values=True)
        if name not in ("page", "after", "before")
    ]
    return ", ".join(f'<{url}?{urlencode([*kept, *new.items()])}>; rel="{rel}"' for rel, new in links.items())


def _encode(key: Key) -> str:
    return base64.b64encode(b"cursor:v2:" + orjson.dumps(key)).decode()


def _decode(cursor: str) -> Key:
    try:
        value, row_id = orjson.loads(base64.b64decode(cursor, validate=True).removeprefix(b"cursor:v2:"))
    except (ValueError, TypeError):
        raise denied(422, "The after or before cursor is not valid.") from None
    return value, row_id
