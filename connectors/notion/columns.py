"""The properties of a partner's data source that hold our values: found by name and type, written and read back. Pure.

Shapes: developers.notion.com/reference/property-value-object. Options of a status property cannot be made by the
API, those of a select are made when they are first used.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.block import cut, one_line, tidy
from connectors.notion.properties import text

MARKER = "syncd"
NAMES: Mapping[str, str] = {
    "status": "Status",
    "due": "Due",
    "delivered": "Delivered",
    "notes": "Notes",
    "owner": "Owner",
    MARKER: "syncd",
}
"""The name of each property; the title is known by its type."""
TYPES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "status": ("select", "status", "rich_text"),
    "due": ("date", "rich_text"),
    "delivered": ("date", "rich_text"),
    "notes": ("rich_text",),
    "owner": ("rich_text", "select"),
    MARKER: ("rich_text",),
}
_SAID = {"rich_text": "text"}
PIECE, PIECES = 1000, 100
"""Characters in one piece of rich text: half of what Notion allows, which counts some signs twice; pieces in a text."""
OPTION = 100
"""Characters in the name of an option, in which there is no comma."""


@dataclass(frozen=True, slots=True)
class Column:
    """One property of the data source."""

    id: str
    name: str
    type: str
    options: tuple[str, ...] = ()

    def fit(self, value: str) -> str | None:
        """The value as it will be read back; None where this property cannot hold it."""
        match self.type:
            case "select":
                return cut(one_line(value.replace(",", ";")), OPTION)
            case "status":
                return value if value in ("", *self.options) else None
            case "date":
                return value if value == "" or _span(value) else None
        return cut(tidy(value), PIECE * PIECES)

    def body(self, value: str) -> dict[str, Any]:
        """As a request writes it."""
        match self.type:
            case "select" | "status":
                return {self.type: {"name": value} if value else None}
            case "date":
                span = _span(value)
                return {"date": {"start": str(span[0]), "end": str(span[1]) if span[1] else None} if span else None}
        pieces = [value[start : start + PIECE] for start in range(0, len(value), PIECE)]
        return {self.type: [{"type": "text", "text": {"content": piece}} for piece in pieces]}

    def read(self, value: Mapping[str, Any] | None) -> str:
        """As a page gives it."""
        inner = value.get(self.type) if value else None
        match self.type:
            case "select" | "status":
                return inner["name"] if inner else ""
            case "date":
                return _grain(inner["start"][:10], (inner.get("end") or "")[:10]) if inner else ""
        return text(inner)


def columns(schema: Mapping[str, Any]) -> dict[str, Column]:
    """What of the schema has a part, by field; also the property of markers.

    :param schema: ``properties`` of a data source
    """
    found = {}
    for name in ("title", *NAMES):
        label = _label(schema, name)
        if label is not None and schema[label]["type"] in TYPES[name]:
            spec = schema[label]
            options = (spec[spec["type"]] or {}).get("options") or () if spec["type"] in ("select", "status") else ()
            found[name] = Column(spec["id"], label, spec["type"], tuple(option["name"] for option in options))
    return found


def missing(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """What to tell about fields that have no property here."""
    told = []
    for name, wanted in NAMES.items():
        label, types = _label(schema, name), " or ".join(_SAID.get(one, one) for one in TYPES[name])
        if label is None:
            told.append(f"{name} is not shown: add a property “{wanted}” of type {types}")
        elif schema[label]["type"] not in TYPES[name]:
            told.append(f"{name} is not shown: the property “{label}” is of type {schema[label]['type']}, not {types}")
    return tuple(told)


def _label(schema: Mapping[str, Any], name: str) -> str | None:
    if name == "title":
        return next((label for label, spec in schema.items() if spec["type"] == "title"), None)
    return next((label for label in schema if label.strip().lower() == NAMES[name].lower()), None)


def _span(value: str) -> tuple[date, date | None] | None:
    """A day, or the first and last of a month or quarter; None for anything else."""
    if quarter := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        year, last = int(quarter[1]), int(quarter[2]) * 3
        return date(year, last - 2, 1), _end(year, last)
    try:
        if month := re.fullmatch(r"(\d{4})-(\d{2})", value):
            year, number = int(month[1]), int(month[2])
            return date(year, number, 1), _end(year, number)
        return date.fromisoformat(value), None
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _grain(start: str, end: str) -> str:
    """The other way: a span of exactly a month or a quarter is told as such."""
    if not end or end == start:
        return start
    names = (start[:7], f"{start[:4]}-Q{(int(start[5:7]) + 2) // 3}")
    spans = {name: _span(name) for name in names}
    return next(
        (name for name, span in spans.items() if span and (str(span[0]), str(span[1])) == (start, end)),
        f"{start}/{end}",
    )
