"""``POST /v1/data_sources/{id}/query``.

Source: "Query a data source", "Query large data sources". At most 10,000 rows of one query are listed;
what is cut off is told by ``request_status`` on every page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from syncd.sandbox.notion.bodies import Bodies
from syncd.sandbox.notion.errors import invalid
from syncd.sandbox.notion.filters import compile_filter, reader
from syncd.sandbox.notion.listing import page_size
from syncd.sandbox.notion.model import DataSource, Page

_KNOWN = {"filter", "sorts", "start_cursor", "page_size", "in_trash", "archived", "result_type"}
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a query as far as they are listed, where each of them stands, and whether some are cut off."""

    rows: Sequence[Page]
    positions: dict[str, int]
    capped: bool


class Queries:
    """Answers queries. A selection is kept while its data source stays as it is, so that pages are quick."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[bytes, tuple[int, Selection]] = {}
        self.row_cap = 10_000

    def answer(self, source: DataSource, body: dict[str, Any], only: list[str], bodies: Bodies) -> dict[str, Any]:
        """:raises Refused: 400 validation_error"""
        for name in body.keys() - _KNOWN:
            raise invalid(f"body failed validation: body.{name} should be not present, instead was `{body[name]}`.")
        size = page_size(body.get("page_size"))
        wanted = property_ids(source, only)
        selection = self._selection(source, body)
        start = _start(selection, body.get("start_cursor"))
        end = start + size
        more = end < len(selection.rows)
        answer: dict[str, Any] = {
            "object": "list",
            "results": [bodies.page(page, wanted) for page in selection.rows[start:end]],
            "next_cursor": selection.rows[end].id if more else None,
            "has_more": more,
            "type": "page_or_data_source",
            "page_or_data_source": {},
        }
        if selection.capped:
            answer["request_status"] = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
        return answer

    def _selection(self, source: DataSource, body: dict[str, Any]) -> Selection:
        asked = [
            source.id,
            self.row_cap,
            body.get("filter"),
            body.get("sorts"),
            _in_trash(body),
            body.get("result_type"),
        ]
        key = orjson.dumps(asked)
        version, kept = self._kept.get(key, (-1, None))
        if kept is None or version != source.version:
            kept = self._select(source, body)
            self._kept = dict(list(self._kept.items())[-_KEPT:])
            self._kept[key] = (source.version, kept)
        return kept

    def _select(self, source: DataSource, body: dict[str, Any]) -> Selection:
        rows = _sorted(source, body.get("sorts") or [], in_trash=_in_trash(body))
        if body.get("filter") is not None:
            test = compile_filter(body["filter"], source, self._clock())
            rows = [page for page in rows if test(page)]
        if body.get("result_type") == "data_source":
            rows = []
        listed = rows[: self.row_cap]
        return Selection(listed, {page.id: at for at, page in enumerate(listed)}, len(rows) > self.row_cap)


def property_ids(source: DataSource, only: list[str]) -> set[str] | None:
    """The ids meant by ``filter_properties``, encoded or not; None if all properties are wanted."""
    if not only:
        return None
    return {_property_id(source, wanted) for wanted in only}


def _property_id(source: DataSource, wanted: str) -> str:
    spec = source.property_by_id(wanted)
    if spec is None:
        raise invalid(f"Could not find property with name or id: {wanted}")
    return spec.id


def _in_trash(body: dict[str, Any]) -> bool:
    return bool(body.get("in_trash") or body.get("archived"))


def _start(selection: Selection, cursor: Any) -> int:
    if cursor is None:
        return 0
    if cursor not in selection.positions:
        raise invalid(f"The start_cursor provided is invalid: {cursor}")
    return selection.positions[cursor]


def _sorted(source: DataSource, sorts: list[Any], *, in_trash: bool) -> list[Page]:
    """The pages in the order asked for; without one, as they were created. Earlier sorts weigh more."""
    orders = (source.trash if in_trash else source.live).orders
    if len(sorts) == 1 and isinstance(sorts[0], dict) and sorts[0].get("timestamp") in orders:
        rows = orders[sorts[0]["timestamp"]].rows
        return rows[::-1] if _falling(sorts[0]) else rows[:]
    rows = orders["created_time"].rows[:]
    for sort in reversed(sorts):
        read = _reader(source, sort)
        filled = [page for page in rows if read(page) not in (None, "", [])]
        empty = [page for page in rows if read(page) in (None, "", [])]
        rows = [*sorted(filled, key=read, reverse=_falling(sort)), *empty]
    return rows


def _reader(source: DataSource, sort: Any) -> Callable[[Page], Any]:
    name = sort.get("property") if isinstance(sort, dict) else None
    if isinstance(sort, dict) and sort.get("timestamp") in ("created_time", "last_edited_time"):
        return _STAMPS[sort["timestamp"]]
    spec = source.property(str(name))
    if spec is None:
        raise invalid(f"Could not find sort property with name or id: {name}")
    return reader(spec)


_STAMPS: dict[str, Callable[[Page], Any]] = {
    "created_time": lambda page: page.created,
    "last_edited_time": lambda page: page.edited,
}


def _falling(sort: dict[str, Any]) -> bool:
    if sort.get("direction") not in ("ascending", "descending"):
        raise invalid('body failed validation: body.sorts direction should be "ascending" or "descending".')
    return bool(sort["direction"] == "descending")
