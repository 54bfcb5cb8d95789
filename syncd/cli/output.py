"""What commands print: one JSON object a line for machines, tables and words for people."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from syncd.web import words

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LEAST = 20
"""Cells that the last column of a table needs; where the others leave it fewer, rows become entries."""


def json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One object a line; times in ISO 8601 with Z."""
    out = sys.stdout.buffer
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS))
    out.flush()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """On a terminal a table whose last column wraps; elsewhere one line a row, tab-separated. Nothing is cut."""
    body = [[line(cell) for cell in row] for row in rows]
    if not body:
        print(empty)
    elif sys.stdout.isatty():
        _show(headings, body)
    else:
        for row in (headings, *body):
            print("\t".join(row))


def line(text: str) -> str:
    """On one line, and without what could move a terminal's cursor: titles come from outside."""
    return _CONTROL.sub(" ", text)


def shortened(asked: str, longest: int = 80) -> str:
    """What somebody typed, as far as it helps them to find the mistake."""
    text = line(asked)
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def ago(when: datetime | None) -> str:
    """``3 min ago``; ``never``."""
    return words.ago(when, datetime.now(UTC))


def _show(headings: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len
    from rich.console import Console

    console = Console(highlight=False)
    columns = zip(headings, *body, strict=True)
    widths = [max(cell_len(cell) for cell in column) + 2 for column in columns]
    if console.width - sum(widths[:-1]) >= min(LEAST, widths[-1]):
        _grid(console, headings, body)
    else:
        _entries(console, headings, body)


def _grid(console: "Console", headings: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    *others, last = headings
    for index, heading in enumerate(others):
        figures = all(row[index].replace(",", "").isdigit() for row in body)
        grid.add_column(heading, no_wrap=True, justify="right" if figures else "left")
    grid.add_column(last, overflow="fold")
    for row in body:
        grid.add_row(*map(Text, row))
    console.print(grid)


def _entries(console: "Console", headings: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """For a narrow terminal: what a row is about, and below it the rest with its headings."""
    from rich.padding import Padding
    from rich.text import Text

    for *others, about in body:
        console.print(Text(about, style="bold"))
        facts = " · ".join(f"{heading} {cell.strip()}" for heading, cell in zip(headings, others, strict=False))
        console.print(Padding(Text(facts), (0, 0, 0, 2)))
