"""A partner's Notion data source in which its copy is kept: a page a row.

Rows are found again by the text property ``syncd``. A query lags behind a write ("Query a data source" promises no
more), so a page that may or may not have been made is looked for only after :attr:`Mirror.settles`; pages by id are
never late. Sources: developers.notion.com/reference/post-page, patch-page, property-value-object.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.base import AuthFailed, BadResponse, Window
from connectors.calls import Lane
from connectors.mirror import Held, Pin, Place, Refused, Remark, Slots, Write
from connectors.notion.client import Client, Rows
from connectors.notion.columns import MARKER, Column, columns, missing
from connectors.notion.parse import moment
from connectors.notion.properties import text, uuid
from connectors.notion.settings import Account
from connectors.notion.walk import Walk

OVERLAP = timedelta(minutes=5)
_PUBLISHED = (
    "the data source is published to the web: everybody could read what is shared with one partner; unpublish it"
)


class Mirror:
    """Fulfils :class:`connectors.mirror.Target`."""

    kind = "notion"
    settles = timedelta(minutes=2)
    quiet_remarks = True
    keeps = (
        "The page lies in Notion's bin for 30 days, and its history with it; anybody with full access can restore it."
    )

    def __init__(self, settings: Account, lane: Lane, place: str) -> None:
        self._client = Client(settings, lane)
        self._source = uuid(place)
        self._me = ""

    def verify(self, known: Pin | None) -> Place:  # noqa: ARG002 - a data source has no name but its id
        answer = self._client.data_source_answer(self._source)
        source = answer.json()
        if source.get("in_trash"):
            raise Refused("the data source is in the bin: ask the partner to restore it, or name another")
        found = columns(source["properties"])
        if MARKER not in found:
            raise Refused(f"the data source needs a text property called {MARKER}, by which rows are known: add it")
        parent = source.get("parent") or {}
        database = uuid(parent["database_id"]) if parent.get("database_id") else ""
        return Place(
            pin=Pin(uuid(source["id"]), database, "private"),
            name=text(source.get("title")) or "untitled data source",
            url=source.get("url") or "",
            now=answer.date or datetime.now(UTC),
            fields=tuple(name for name in found if name != MARKER),
            remedies=missing(source["properties"]),
            known_as=(database,) if database else (),
            unfit=_PUBLISHED if source.get("public_url") else "",
            meta={"columns": found},
        )

    def slots(self, place: Place, values: Mapping[str, str]) -> Slots:
        found = {name: column.fit(values.get(name, "")) for name, column in _fields(place)}
        return {name: value for name, value in found.items() if value is not None}

    def mark(self, place: Place) -> str:  # noqa: ARG002 - as the protocol names it
        return ""

    def create(self, place: Place, marker: str, slots: Slots) -> Write:
        column: Column = place.meta["columns"][MARKER]
        body = {
            "parent": {"type": "data_source_id", "data_source_id": place.pin.native_id},
            "properties": {column.name: column.body(marker)} | _properties(place, slots),
        }
        return Write("notion.mirror_create", "POST", "pages", body, repeatable=False)

    def update(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        body = {"properties": _properties(place, slots)}
        return [Write("notion.mirror_update", "PATCH", f"pages/{held.remote}", body)]

    def withdraw(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        """Blanked before it goes to the bin: a page there can still be read."""
        blank = _properties(place, dict.fromkeys(slots, ""))
        path = f"pages/{held.remote}"
        blanking = [Write("notion.mirror_blank", "PATCH", path, {"properties": blank})] if blank else []
        return [*blanking, Write("notion.mirror_trash", "PATCH", path, {"in_trash": True})]

    def send(self, place: Place, write: Write) -> str:  # noqa: ARG002
        answer = self._client.write(write)
        return uuid(answer.json()["id"]) if not write.repeatable else ""

    def find(self, place: Place, marker: str, mark: str) -> list[Held]:  # noqa: ARG002
        wanted = {"property": place.meta["columns"][MARKER].name, "rich_text": {"equals": marker}}
        pages = self._client.query(place.pin.native_id, condition=wanted).rows
        return sorted((_held(place, page) for page in pages), key=lambda held: (held.made, held.remote))

    def read(self, place: Place, ids: Sequence[str]) -> Mapping[str, Held]:
        found: dict[str, Held] = {}
        for page_id in ids:
            try:
                page = self._client.page(page_id)
            except AuthFailed as error:
                if error.status != 404:
                    raise
                continue
            if (page.get("parent") or {}).get("data_source_id", "").replace("-", "") == self._source.replace("-", ""):
                found[page_id] = _held(place, page)
        return found

    def rows(self, place: Place) -> Iterator[Sequence[Held]]:
        for step in Walk(partial(self._marked, place), Window(None)):
            yield [_held(place, page) for page in step.rows]

    def changed(self, place: Place, since: datetime) -> list[Held]:
        since = (since - OVERLAP).replace(second=0, microsecond=0)
        return [
            _held(place, page)
            for step in Walk(partial(self._marked, place), Window(None), since=since)
            for page in step.rows
        ]

    def remarks(self, place: Place, ids: Sequence[str], since: datetime) -> list[Remark]:  # noqa: ARG002
        me = self._account()
        return [
            Remark(comment["id"], page_id, text(comment.get("rich_text")), at)
            for page_id in ids
            for comment in self._client.comments(page_id)
            if (at := moment(comment["created_time"])) >= since.replace(second=0, microsecond=0)
            and (comment.get("created_by") or {}).get("id") != me
        ]

    def close(self) -> None:
        self._client.close()

    def _marked(self, place: Place, *, condition: dict[str, Any] | None, cursor: str) -> Rows:
        ours = {"property": place.meta["columns"][MARKER].name, "rich_text": {"is_not_empty": True}}
        both = {"and": [ours, condition]} if condition else ours
        return self._client.query(place.pin.native_id, condition=both, cursor=cursor)

    def _account(self) -> str:
        self._me = self._me or str(self._client.me().json().get("id"))
        return self._me


def _fields(place: Place) -> list[tuple[str, Column]]:
    return [(name, column) for name, column in place.meta["columns"].items() if name != MARKER]


def _properties(place: Place, slots: Slots) -> dict[str, Any]:
    found: dict[str, Column] = place.meta["columns"]
    return {found[name].name: found[name].body(value) for name, value in slots.items() if name in found}


def _held(place: Place, page: Mapping[str, Any]) -> Held:
    by_id = {value["id"]: value for value in page["properties"].values()}
    try:
        marker: Column = place.meta["columns"][MARKER]
        return Held(
            remote=uuid(page["id"]),
            marker=marker.read(by_id.get(marker.id)),
            slots={name: column.read(by_id.get(column.id)) for name, column in _fields(place)},
            made=moment(page["created_time"]),
            url=page.get("url") or "",
            live=not page.get("in_trash", page.get("archived")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadResponse(f"a page that cannot be read: {type(error).__name__}: {error}") from error
