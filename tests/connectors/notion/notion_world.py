"""A small Notion on a real socket: data sources, rows, queries with Notion's limits, and faults on demand."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import orjson

SOURCE = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_SOURCE = "aaaaaaaa-0000-4000-8000-000000000002"
DATABASE = "dddddddd-0000-4000-8000-000000000001"
ANA = {"object": "user", "id": "cccccccc-0000-4000-8000-000000000001", "name": "Ana", "type": "person",
       "avatar_url": None, "person": {"email": "ana@acme.example"}}  # fmt: skip
T0 = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)

SCHEMA: dict[str, Any] = {
    "Name": {"id": "title", "name": "Name", "type": "title", "title": {}},
    "Status": {
        "id": "St%3Aa",
        "name": "Status",
        "type": "status",
        "status": {
            "options": [
                {"id": "s1", "name": "Idea"},
                {"id": "s2", "name": "Cooking"},
                {"id": "s3", "name": "Out"},
                {"id": "s4", "name": "Won't do"},
            ],
            "groups": [
                {"id": "g1", "name": "To-do", "option_ids": ["s1"]},
                {"id": "g2", "name": "In progress", "option_ids": ["s2"]},
                {"id": "g3", "name": "Complete", "option_ids": ["s3", "s4"]},
            ],
        },
    },
    "ID": {"id": "Uq", "name": "ID", "type": "unique_id", "unique_id": {"prefix": "TASK"}},
    "Epic": {"id": "%7CEp", "name": "Epic", "type": "relation", "relation": {"data_source_id": SOURCE}},
    "Related": {"id": "Rel", "name": "Related", "type": "relation", "relation": {"data_source_id": SOURCE}},
    "Owner": {"id": "Own", "name": "Owner", "type": "people", "people": {}},
    "Notes": {"id": "Nt", "name": "Notes", "type": "rich_text", "rich_text": {}},
}


def page_id(number: int) -> str:
    return str(UUID(int=0xBBBBBBBB_0000_4000_8000_000000000000 + number))


def stamp(at: datetime) -> str:
    return f"{at.replace(second=0, microsecond=0):%Y-%m-%dT%H:%M:%S.000Z}"


def rich(*texts: str) -> list[dict[str, Any]]:
    return [
        {"type": "text", "text": {"content": text, "link": None}, "plain_text": text, "href": None} for text in texts
    ]


def related(*numbers: int, has_more: bool = False) -> dict[str, Any]:
    return {"type": "relation", "relation": [{"id": page_id(number)} for number in numbers], "has_more": has_more}


def page(number: int, created: datetime = T0, edited: datetime | None = None, **values: Any) -> dict[str, Any]:
    """A page object; ``values`` are property values by name, and replace those it has by default."""
    own = {
        "Name": {"type": "title", "title": rich(f"Work {number}")},
        "Status": {"type": "status", "status": {"id": "s1", "name": "Idea", "color": "gray"}},
        "ID": {"type": "unique_id", "unique_id": {"prefix": "TASK", "number": number}},
        "Epic": related(),
        "Related": related(),
        "Owner": {"type": "people", "people": [ANA]},
        "Notes": {"type": "rich_text", "rich_text": []},
    } | values
    return {
        "object": "page",
        "id": page_id(number),
        "created_time": stamp(created),
        "last_edited_time": stamp(edited or created),
        "created_by": {"object": "user", "id": ANA["id"]},
        "last_edited_by": {"object": "user", "id": ANA["id"]},
        "cover": None,
        "icon": None,
        "parent": {"type": "data_source_id", "data_source_id": SOURCE, "database_id": DATABASE},
        "in_trash": False,
        "is_locked": False,
        "properties": {name: {"id": SCHEMA.get(name, {"id": name})["id"], **value} for name, value in own.items()},
        "url": f"https://www.notion.so/Work-{page_id(number).replace('-', '')}",
        "public_url": None,
    }


def data_source(source_id: str = SOURCE, title: str = "Tasks", schema: Mapping[str, Any] = SCHEMA) -> dict[str, Any]:
    parent = {"type": "database_id", "database_id": DATABASE}
    return {"object": "data_source", "id": source_id, "title": rich(title), "parent": parent, "in_trash": False,
            "properties": dict(schema)}  # fmt: skip


@dataclass
class Said:
    """An answer to give once, whatever is asked."""

    status: int
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)


def error(status: int, code: str, message: str = "words", **more: Any) -> Said:
    return Said(status, {"object": "error", "status": status, "code": code, "message": message, **more})


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str = "words") -> None:
        self.said = error(status, code, message)


@dataclass
class World:
    """What Notion holds, and what was asked of it."""

    sources: dict[str, dict[str, Any]] = field(default_factory=lambda: {SOURCE: data_source()})
    databases: dict[str, list[str]] = field(default_factory=lambda: {DATABASE: [SOURCE]})
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[list[Any], dict[str, Any]]] = field(default_factory=dict)
    """(page id, property id) -> all items of the property, and its ``property_item``."""
    cap: int = 10_000
    tells_cap: bool = True
    now: datetime = NOW
    faults: deque[Said] = field(default_factory=deque)
    refused_paths: dict[str, Said] = field(default_factory=dict)
    """Part of a path -> what is always answered there."""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    """(method, path with query, body)"""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    cursors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *pages: dict[str, Any]) -> None:
        self.pages |= {one["id"]: one for one in pages}

    def fill(self, count: int, every: timedelta = timedelta(minutes=3), start: datetime = T0) -> None:
        self.add(*(page(number, start + number * every) for number in range(1, count + 1)))

    def queries(self) -> list[Any]:
        return [body for _, path, body in self.asked if "/query" in path]

    def answer(self, method: str, target: str, body: Any) -> Said:
        with self.lock:
            self.asked.append((method, target, body))
            if self.faults:
                return self.faults.popleft()
            if refused := next((said for part, said in self.refused_paths.items() if part in target), None):
                return refused
            url = urlsplit(target)
            try:
                return Said(200, self._route(method, url.path.split("/")[2:], parse_qs(url.query), body))
            except Refused as refused:
                return refused.said

    def _route(self, method: str, path: list[str], query: dict[str, list[str]], body: Any) -> Any:
        match method, *path:
            case "GET", "users", "me":
                return {"object": "user", "id": "bot", "name": "syncd", "type": "bot",
                        "bot": {"owner": {"type": "workspace", "workspace": True}, "workspace_name": "Acme"}}  # fmt: skip
            case "GET", "users":
                return {"object": "list", "results": [ANA], "has_more": False, "next_cursor": None}
            case "GET", "databases", found if found in self.databases:
                references = [{"id": source, "name": "x"} for source in self.databases[found]]
                return {"object": "database", "id": found, "data_sources": references, "in_trash": False}
            case "GET", "data_sources", found if found in self.sources:
                return self.sources[found]
            case "GET", "pages", found if found in self.pages:
                return self.pages[found]
            case "GET", "pages", found, "properties", name if (found, name) in self.items:
                return self._items(self.items[found, name], query)
            case "POST", "data_sources", found, "query" if found in self.sources:
                return self._query(found, body, [unquote(name) for name in query.get("filter_properties", ())])
        raise Refused(404, "object_not_found")

    def _items(self, held: tuple[list[Any], dict[str, Any]], query: dict[str, list[str]]) -> Any:
        items, summary = held
        start, size = int(query.get("start_cursor", ["0"])[0]), int(query["page_size"][0])
        more = start + size < len(items)
        return {"object": "list", "type": "property_item", "property_item": summary, "has_more": more,
                "results": items[start : start + size], "next_cursor": str(start + size) if more else None}  # fmt: skip

    def _query(self, source: str, body: dict[str, Any], only: list[str]) -> Any:
        rows = [one for one in self.pages.values() if one.get("parent", {}).get("data_source_id") == source]
        rows = [
            one for one in rows if one["in_trash"] == body.get("in_trash", False) and _meets(one, body.get("filter"))
        ]
        order = body["sorts"][0]
        rows.sort(key=lambda one: one[order["timestamp"]], reverse=order["direction"] == "descending")
        asked = {name: value for name, value in body.items() if name != "start_cursor"}
        start = self._start(asked, body.get("start_cursor"))
        reachable = rows[: self.cap]
        results = reachable[start : start + body["page_size"]]
        more = start + body["page_size"] < len(reachable)
        out: dict[str, Any] = {"object": "list", "type": "page_or_data_source", "results": results, "has_more": more}
        out["next_cursor"] = self._cursor(asked, start + body["page_size"]) if more else None
        if only:
            out["results"] = [_narrowed(one, only) for one in results]
        if self.tells_cap:
            capped = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
            out["request_status"] = capped if len(rows) > self.cap else {"type": "complete"}
        return out

    def _cursor(self, asked: Any, start: int) -> str:
        name = f"cursor-{len(self.cursors)}"
        self.cursors[name] = (asked, start)
        return name

    def _start(self, asked: Any, cursor: str | None) -> int:
        if cursor is None:
            return 0
        if cursor not in self.cursors or self.cursors[cursor][0] != asked:
            raise Refused(400, "validation_error", f"The start_cursor provided is invalid: {cursor}")
        return self.cursors[cursor][1]


def _narrowed(one: dict[str, Any], only: list[str]) -> dict[str, Any]:
    kept = {name: value for name, value in one["properties"].items() if unquote(value["id"]) in only}
    return {**one, "properties": kept}


def _meets(one: dict[str, Any], condition: Any) -> bool:
    if condition is None:
        return True
    if "and" in condition:
        return all(_meets(one, part) for part in condition["and"])
    name = condition["timestamp"]
    value, (operator, bound) = datetime.fromisoformat(one[name]), next(iter(condition[name].items()))
    bound = datetime.fromisoformat(bound)
    return value >= bound if operator == "on_or_after" else value < bound


@contextmanager
def serving(world: World) -> Iterator[World]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = orjson.loads(self.rfile.read(length)) if length else None
            world.headers.append(dict(self.headers))
            said = world.answer(self.command, self.path, body)
            content = said.body if isinstance(said.body, bytes) else orjson.dumps(said.body)
            headers = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(content))}
            self.send_response_only(said.status)
            self.send_header("Date", format_datetime(world.now, usegmt=True))
            for name, value in (headers | said.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    world.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
