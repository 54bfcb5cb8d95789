"""Authenticated endpoints of Notion's API over notion-client; JSON objects out.

The library builds the requests and knows the paths; its retries, its error objects and its JSON
parser are not used. Version and shapes: https://developers.notion.com/reference/versioning
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import httpx
import notion_client

from connectors.base import BadResponse
from connectors.calls import CONNECT_TIMEOUT, READ_TIMEOUT, Answer, Lane
from connectors.mirror import Write
from connectors.notion.errors import classify
from connectors.notion.settings import Account
from connectors.transport import no_answer, of_httpx, read_httpx

API_VERSION = "2026-03-11"
PAGE_SIZE = 100
"""The most that Notion gives at once."""
ASCENDING = ({"timestamp": "created_time", "direction": "ascending"},)
DESCENDING = ({"timestamp": "created_time", "direction": "descending"},)


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a query: page objects, and ``cursor`` for the next page, empty after the last.

    ``capped``: Notion lists only the first 10,000 of what matches. ``as_of``: see :class:`connectors.calls.Answer`.
    """

    rows: Sequence[dict[str, Any]]
    cursor: str
    capped: bool
    as_of: datetime


class _Wire(notion_client.Client):
    """The library's client, made to send once and to give the answer as it came."""

    def request(
        self,
        path: str,
        method: str,
        query: dict[Any, Any] | None = None,
        body: dict[Any, Any] | None = None,
        form_data: dict[Any, Any] | None = None,
        auth: str | dict[str, str] | None = None,
    ) -> Answer:
        with no_answer():
            return of_httpx(self.client.send(self._build_request(method, path, query, body, form_data, auth)))


class Client:
    """The endpoints the connector uses. Thread-safe, as httpx is. All raise the four errors."""

    def __init__(self, settings: Account, lane: Lane) -> None:
        http = httpx.Client(event_hooks={"response": [read_httpx]})
        self._lane = lane
        self._wire = _Wire(
            client=http,
            auth=settings.auth.token.reveal(),
            base_url=settings.root.removesuffix("/v1"),
            notion_version=API_VERSION,
            retry=False,
            logger=logging.getLogger("notion_client"),
        )
        http.timeout = httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)  # the library sets its own when it takes it

    def me(self) -> Answer:
        """Who the token signs in as; the answer also tells the server's time."""
        return self._ask("notion.me", self._wire.users.me)

    def users(self) -> dict[str, Any]:
        """The first of the workspace's users: a connection without user information is refused."""
        return self._object("notion.users", "list", self._wire.users.list, page_size=1)

    def database(self, database_id: str) -> dict[str, Any]:
        """A database: a container of data sources."""
        return self._object("notion.database", "database", self._wire.databases.retrieve, database_id)

    def data_source(self, data_source_id: str) -> dict[str, Any]:
        """A data source with its schema."""
        return _expect(self.data_source_answer(data_source_id).json(), "data_source")

    def data_source_answer(self, data_source_id: str) -> Answer:
        """The same with the server's time."""
        return self._ask("notion.data_source", self._wire.data_sources.retrieve, data_source_id)

    def page(self, page_id: str) -> dict[str, Any]:
        """One page, also from the trash."""
        return self._object("notion.page", "page", self._wire.pages.retrieve, page_id)

    def query(
        self,
        data_source_id: str,
        *,
        condition: Mapping[str, Any] | None = None,
        cursor: str = "",
        sorts: Sequence[Mapping[str, str]] = ASCENDING,
        only: Sequence[str] = (),
        trash: bool = False,
        size: int = PAGE_SIZE,
    ) -> Rows:
        """One page of a data source's rows.

        :param condition: a filter object
        :param cursor: where the page before said to go on; belongs to the same condition and sorts
        :param only: ids of the properties to give, as Notion spells them; empty gives all
        :param trash: the rows in the trash instead of the live ones
        """
        body: dict[str, Any] = {"page_size": size, "sorts": list(sorts)}
        if condition:
            body["filter"] = dict(condition)
        if cursor:
            body["start_cursor"] = cursor
        if trash:
            body["in_trash"] = True
        if only:
            # ids come URL-encoded, and httpx encodes what stands in a query once more
            body["filter_properties"] = [unquote(property_id) for property_id in only]
        answer = self._ask("notion.query", self._wire.data_sources.query, data_source_id, **body)
        listed = _expect(answer.json(), "list")
        capped = (listed.get("request_status") or {}).get("type") == "incomplete"
        return Rows(_results(listed), _next_cursor(listed, cursor), capped, answer.as_of)

    def property_items(self, page_id: str, property_id: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Every item of a property that a page object gives in part.

        :param property_id: as the page spells it, URL-encoding included
        :returns: the items, and the ``property_item`` of the last answer, which holds a rollup's result
        """
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            after = {"start_cursor": cursor} if cursor else {}
            listed = self._object(
                "notion.property",
                "list",
                self._wire.pages.properties.retrieve,
                page_id,
                property_id,
                page_size=PAGE_SIZE,
                **after,
            )
            items += _results(listed)
            cursor = _next_cursor(listed, cursor)
            if not cursor:
                return items, listed.get("property_item") or {}

    def comments(self, page_id: str) -> list[dict[str, Any]]:
        """Every comment on a page that is not resolved; needs the capability to read comments."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            after = {"start_cursor": cursor} if cursor else {}
            listed = self._object(
                "notion.comments", "list", self._wire.comments.list, block_id=page_id, page_size=PAGE_SIZE, **after
            )
            found += _results(listed)
            cursor = _next_cursor(listed, cursor)
            if not cursor:
                return found

    def write(self, write: Write) -> Answer:
        """Send what changes something; once, unless twice is the same."""
        return self._lane.call(
            lambda: self._wire.request(write.path, write.method, None, dict(write.body or {})),
            op=write.op,
            classify=classify,
            idempotent=write.repeatable,
        )

    def close(self) -> None:
        self._wire.close()

    def _object(self, op: str, kind: str, endpoint: Callable[..., Any], *args: str, **kwargs: Any) -> dict[str, Any]:
        return _expect(self._ask(op, endpoint, *args, **kwargs).json(), kind)

    def _ask(self, op: str, endpoint: Callable[..., Any], *args: str, **kwargs: Any) -> Answer:
        return self._lane.call(lambda: endpoint(*args, **kwargs), op=op, classify=classify)


def _expect(value: dict[str, Any], kind: str) -> dict[str, Any]:
    if value.get("object") != kind:
        raise BadResponse(f"a {value.get('object') or 'JSON object'} where a {kind} belongs: is the url Notion's API?")
    return value


def _results(listed: dict[str, Any]) -> list[dict[str, Any]]:
    results = listed.get("results")
    if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
        raise BadResponse("a list without results")
    return results


def _next_cursor(listed: dict[str, Any], asked: str) -> str:
    """Where the next page starts; empty after the last.

    :raises BadResponse: it does not lead on, and following it would never end
    """
    if not listed.get("has_more"):
        return ""
    cursor = listed.get("next_cursor")
    if not isinstance(cursor, str) or not cursor or cursor == asked:
        raise BadResponse("a list that says it has more, but not where")
    return cursor
