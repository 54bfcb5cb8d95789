"""Rows to items, each by itself: one that cannot be read does not stop the others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from connectors.base import BadResponse, Problem
from connectors.item import Item

UNREADABLE = (AttributeError, BadResponse, IndexError, KeyError, OverflowError, TypeError, ValueError)
"""What a pure parser raises for a row that is not of the documented shape."""

Row = TypeVar("Row", bound=Mapping[str, Any])


def each(rows: Sequence[Row], parse: Callable[[Row], Item], where: str) -> tuple[list[Item], list[Problem]]:
    """The items of the rows that can be read, and a problem for each of the others.

    :param where: the stream's name
    :raises BadResponse: not one of them has an id, so that these are no items at all
    """
    if rows and not any(row.get("id") for row in rows):
        raise BadResponse(f"rows without id where items belong; the first has {sorted(rows[0])}", where=where)
    items: list[Item] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            items.append(parse(row))
        except UNREADABLE as error:
            problems.append(_unreadable(row, where, error))
    return items, problems


def _unreadable(row: Mapping[str, Any], where: str, error: Exception) -> Problem:
    """In words: which row, and what is wrong with it. What is stored of it stays as it is."""
    which = next((str(row[name]) for name in ("key", "html_url", "id", "url") if row.get(name)), "one without an id")
    why = error.what if isinstance(error, BadResponse) else f"{type(error).__name__}: {error}"
    return Problem(where, BadResponse(f"cannot read {which}, which is left as it was: {why}"), partial=True)
