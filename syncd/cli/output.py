"""What commands print: one JSON object a line for machines, tables and words for people."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson


def json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One object a line; times in ISO 8601 with Z."""
    out = sys.stdout.buffer
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS))
    out.flush()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """A table as wide as the terminal; plain, without cutting anything, where it is not one."""
    body = [list(row) for row in rows]
    if not body:
        print(empty)
        return
    if not sys.stdout.isatty():
        for row in (list(headings), *body):
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in headings:
        grid.add_column(heading, overflow="ellipsis", no_wrap=heading != "title")
    for row in body:
        grid.add_row(*row)
    Console().print(grid, markup=False)


def ago(when: datetime | None, now: datetime | None = None) -> str:
    """``3 min ago``; ``never``."""
    if when is None:
        return "never"
    return f"{span(((now or datetime.now(UTC)) - when).total_seconds())} ago"


def span(seconds: float) -> str:
    """A duration in its largest unit: ``42 s``, ``3 min``, ``5 h``, ``2 days``."""
    seconds = max(0, round(seconds))
    if seconds < 90:
        return f"{seconds} s"
    if seconds < 90 * 60:
        return f"{seconds // 60} min"
    if seconds < 36 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def count(number: int, one: str, many: str = "") -> str:
    """``1 item``, ``2,000 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
