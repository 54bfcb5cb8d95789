"""A small GitHub on a loopback port."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.base import Cursor, Page, Stream
from connectors.github.connector import GitHub

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOKEN = "ghp_of_ana"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Asked:
    """A request as the server saw it."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        parts = urlsplit(target)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}

    def __repr__(self) -> str:
        return f"{self.method} {self.path}?{urlencode(self.query)}"


Reply = tuple[int, dict[str, str], bytes]


def reply(status: int, body: object = None, **headers: str) -> Reply:
    """A JSON answer; header names with underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status, {"Content-Type": "application/json; charset=utf-8"} | named, raw


class FakeGitHub:
    """One repository of number 77 with issues and pull requests, and a fault for any request.

    ``fault`` sees every request first and may answer it. ``last_page`` is the last page number that is
    allowed. ``cursors`` makes links that go by cursor. ``etags``, ``graphql`` switch features.
    """

    def __init__(self) -> None:
        self.name, self.now = "acme/web", NOW
        self.rows: dict[int, dict] = {}
        self.gone: dict[int, int] = {}
        self.branches: dict[str, str] = {}
        self.closing: dict[str, list[tuple[str, int]]] = {}
        self.asked: list[Asked] = []
        self.fault: Callable[[Asked], Reply | None] = lambda _: None
        self.etags = self.graphql = True
        self.cursors = False
        self.last_page = 10_000
        self._lock = threading.Lock()
        self.root = ""

    def add(self, number: int | None = None, *, pull: bool = False, at: datetime | None = None, **more: object) -> dict:
        """One more issue, a minute younger than the one before."""
        number = number or max(self.rows, default=0) + 1
        at = at or BEGAN + timedelta(minutes=number)
        url = f"{self.root}/repos/{self.name}/issues/{number}"
        row: dict = {
            "id": 5000 + number,
            "node_id": f"{'PR' if pull else 'I'}_{number}",
            "number": number,
            "title": f"Item {number}",
            "body": None,
            "state": "open",
            "user": {"login": "ana", "id": 1, "type": "User"},
            "labels": [],
            "assignees": [],
            "url": url,
            "repository_url": f"{self.root}/repos/{self.name}",
            "html_url": f"https://github.com/{self.name}/issues/{number}",
            "created_at": stamp(at),
            "updated_at": stamp(at),
            **more,
        }
        if pull:
            row |= {"pull_request": {"merged_at": None}, "draft": False}
            self.branches[row["node_id"]] = f"branch-{number}"
        self.rows[number] = row
        return row

    def fill(self, count: int, pulls: Callable[[int], bool] = lambda _: False) -> None:
        for number in range(1, count + 1):
            self.add(number, pull=pulls(number))

    def touch(self, number: int, **more: object) -> None:
        """Somebody edits an item now."""
        self.rows[number] |= {"updated_at": stamp(self.now), **more}

    def requests(self) -> list[str]:
        return [request.path for request in self.asked]

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            return self.fault(asked) or self._answer(asked)

    def _answer(self, asked: Asked) -> Reply:
        if asked.path == "/graphql":
            return self._graphql(asked)
        if asked.headers.get("authorization") != f"token {TOKEN}":
            return reply(401, {"message": "Bad credentials"})
        owner_name, by_number = f"/repos/{self.name}", "/repositories/77"
        if asked.path in (owner_name, by_number):
            return reply(200, self.repository())
        for prefix in (owner_name, by_number):
            if asked.path == f"{prefix}/issues":
                return self._list(asked, list(self.rows.values()))
            if asked.path == f"{prefix}/pulls":
                pulls = [row for row in self.rows.values() if "pull_request" in row]
                heads = [row | {"head": {"ref": self.branches[row["node_id"]]}} for row in pulls]
                return self._list(asked, heads)
            if asked.path.startswith(f"{prefix}/issues/"):
                return self._issue(int(asked.path.rpartition("/")[2]))
        return reply(404, {"message": "Not Found"})

    def repository(self) -> dict:
        return {
            "id": 77,
            "full_name": self.name,
            "html_url": f"https://github.com/{self.name}",
            "archived": False,
            "permissions": {"pull": True, "push": False},
        }

    def _issue(self, number: int) -> Reply:
        if number in self.gone:
            return reply(
                self.gone[number], {"message": "This issue was deleted"}, Location=f"{self.root}/repositories/8"
            )
        return reply(200, self.rows[number]) if number in self.rows else reply(404, {"message": "Not Found"})

    def _list(self, asked: Asked, rows: list[dict]) -> Reply:
        query = asked.query
        key = {"created": "created_at", "updated": "updated_at"}[query["sort"]]
        rows = [row for row in rows if row["updated_at"] >= query.get("since", "")]
        falling = query["direction"] == "desc"
        rows.sort(key=lambda row: (row[key], row["id"]), reverse=falling)
        size, page = int(query["per_page"]), int(query.get("page", "1"))
        if "page" in query and page > self.last_page:
            message = "Pagination with the page parameter is not supported for large datasets"
            return reply(
                422, {"message": message, "errors": [{"resource": "Search", "field": "page", "code": "invalid"}]}
            )
        start = (page - 1) * size
        if "after" in query:  # a cursor points between two rows, whatever becomes of them
            value, _, row_id = query["after"].partition("~")
            at = value, int(row_id)
            start = sum((row[key], row["id"]) >= at if falling else (row[key], row["id"]) <= at for row in rows)
        chosen = rows[start : start + size]
        body = json.dumps(chosen).encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        targets = {}
        if start + size < len(rows):
            last = -(-len(rows) // size)
            cursor = f"{chosen[-1][key]}~{chosen[-1]['id']}"
            targets = {"next": cursor} if self.cursors else {"next": page + 1, "last": last}
        headers = {"Link": self._links(asked, targets)} | ({"ETag": etag} if self.etags else {})
        if self.etags and asked.headers.get("if-none-match") == etag:
            return reply(304, b"", **headers)
        return reply(200, body, **headers)

    def _links(self, asked: Asked, targets: dict[str, object]) -> str:
        kept = {name: value for name, value in asked.query.items() if name not in ("page", "after")}
        word = "after" if self.cursors else "page"
        links = {rel: f"{self.root}{asked.path}?{urlencode(kept | {word: target})}" for rel, target in targets.items()}
        return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())

    def _graphql(self, asked: Asked) -> Reply:
        if not self.graphql:
            return reply(404, {"message": "Not Found"})
        groups = json.loads(asked.body)["variables"]
        data = {name: [self._node(node_id) for node_id in ids] for name, ids in groups.items()}
        missing = [
            {"type": "NOT_FOUND", "message": "gone"} for nodes in data.values() for node in nodes if node is None
        ]
        return reply(200, {"data": data} | ({"errors": missing} if missing else {}))

    def _node(self, node_id: str) -> dict | None:
        if node_id not in self.branches:
            return None
        closing = [{"number": n, "repository": {"nameWithOwner": name}} for name, n in self.closing.get(node_id, ())]
        return {"headRefName": self.branches[node_id], "closingIssuesReferences": {"nodes": closing}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeGitHub

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, named, raw = self.fake.answer(Asked(self.command, self.path, headers, body))
        self.send_response_only(status)
        named = {"Date": format_datetime(self.fake.now, usegmt=True), "Content-Length": str(len(raw))} | named
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _serve  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(fake: FakeGitHub) -> Iterator[FakeGitHub]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    server.daemon_threads = True
    fake.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


WEB = Stream("77", "acme/web")


def pull(connector: GitHub, cursor: Cursor | None = None, stream: Stream = WEB) -> list[Page]:
    """One whole pass."""
    return list(connector.pull(stream, cursor or Cursor()))


def ids(pages: list[Page]) -> list[str]:
    """The ids of all items on the pages, in order."""
    return [item.native_id for page in pages for item in page.items]
