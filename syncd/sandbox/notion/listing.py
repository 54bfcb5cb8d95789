"""Lists and their cursors: one page of something that the API gives in pages.

Source: "Pagination". A cursor is opaque to clients; here it is the id of the row that comes next, so a
row that has left the list makes its cursor invalid, as it can be in the real API.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from syncd.sandbox.notion.errors import invalid

T = TypeVar("T")
LARGEST = 100


def page_size(value: Any) -> int:
    """:raises Refused: 400, no number from 1 to 100"""
    if value is None:
        return LARGEST
    size = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise invalid(f"body failed validation: body.page_size should be a positive number, instead was `{value}`.")
    if size > LARGEST:
        raise invalid(f"body failed validation: body.page_size should be ≤ `{LARGEST}`, instead was `{size}`.")
    return size


def listed(
    kind: str, rows: Sequence[T], give: Callable[[T], Any], cursor_of: Callable[[T], str], size: Any, cursor: Any
) -> dict[str, Any]:
    """The list object of one page.

    :param kind: what it lists: ``user``, ``comment``, ``page_or_data_source``
    :raises Refused: 400, the page size or the cursor is not valid
    """
    count = page_size(size)
    start = 0 if cursor is None else _position(rows, cursor_of, cursor)
    end = start + count
    more = end < len(rows)
    return {
        "object": "list",
        "results": [give(row) for row in rows[start:end]],
        "next_cursor": cursor_of(rows[end]) if more else None,
        "has_more": more,
        "type": kind,
        kind: {},
    }


def _position(rows: Sequence[T], cursor_of: Callable[[T], str], cursor: Any) -> int:
    for position, row in enumerate(rows):
        if cursor_of(row) == cursor:
            return position
    raise invalid(f"The start_cursor provided is invalid: {cursor}")
