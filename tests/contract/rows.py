"""What a tracker holds and what was read of it, in one shape, to be compared value by value.

The shape is that of :meth:`syncd.sandbox.base.Service.truth`, with times as datetimes and lists whose
order means nothing sorted. Parents are native ids; one that is not among the items counts as none. How
many empty lines a text has is the business of whoever made it plain.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from connectors.item import Item

Row = dict[str, Any]

_TIMES = ("created_at", "updated_at", "closed_at")
_UNORDERED = ("labels", "assignees", "components", "versions", "goals")


def expected(truth: Iterable[Mapping[str, Any]]) -> dict[str, Row]:
    """The sandbox's truth by id."""
    rows = {str(row["native_id"]): row for row in truth}
    return {native_id: _expected(row, rows.keys()) for native_id, row in rows.items()}


def _expected(row: Mapping[str, Any], there: Collection[str]) -> Row:
    out = {name: value if name not in _UNORDERED else sorted(value) for name, value in row.items()}
    out |= {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _TIMES}
    out |= {"body": _lines(row["body"])} if "body" in row else {}
    return out | {
        "due": str(row["due"]) if row["due"] else None,
        "parent": row["parent"] if row["parent"] in there else None,
    }


def read(items: Iterable[Item]) -> dict[str, Row]:
    """Items by id."""
    items = list(items)
    ids = {item.address: item.native_id for item in items}
    return {item.native_id: row_of(item, ids.get(item.parent)) for item in items}


def row_of(item: Item, parent: str | None) -> Row:
    """:param parent: its parent's native id"""
    row = {name: getattr(item, name) for name in _PLAIN}
    row |= {name: read(item) for name, read in _READ.items()}
    return row | {"parent": parent}


def differences(truth: Mapping[str, Row], got: Mapping[str, Row]) -> list[str]:
    """In words; empty if everything that the truth tells is as it says, and nothing else is there."""
    out = [f"missing: {truth[id_]['key']} {truth[id_]['title']!r}" for id_ in truth.keys() - got.keys()]
    out += [f"too much: {got[id_]['key']} {got[id_]['title']!r}" for id_ in got.keys() - truth.keys()]
    for id_ in truth.keys() & got.keys():
        row, found = truth[id_], got[id_]
        out += [f"{row['key']}: {name} is {found[name]!r}, not {value!r}"
                for name, value in row.items() if found[name] != value]  # fmt: skip
    return sorted(out)


def _lines(text: str) -> str:
    return re.sub(r"\n+", "\n", text)


_PLAIN = (
    *("native_id", "container", "key", "kind", "title", "url", "status", "status_category"),
    *("created_at", "updated_at", "closed_at", "points", "milestone", "draft", "branch", "priority", "sprint"),
)
_READ: Mapping[str, Callable[[Item], Any]] = {
    "body": lambda item: _lines(item.body),
    "labels": lambda item: sorted(item.labels),
    "assignees": lambda item: sorted(person.name for person in item.assignees),
    "reporter": lambda item: item.reporter.name if item.reporter else "",
    "components": lambda item: sorted(item.components),
    "versions": lambda item: sorted(item.versions),
    "goals": lambda item: sorted(item.goals),
    "due": lambda item: item.due.isoformat() if item.due else None,
    "merged": lambda item: None if item.draft is None else item.merged_at is not None,
}
