"""A small Jira on a real socket: Cloud's and Data Center's search over planted issues, every request
on record, and any answer replaced on demand."""

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

from connectors.base import Stream
from connectors.jira.connector import Jira

EPOCH = datetime.fromtimestamp(0, UTC)
FIELDS = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string", "system": "summary"}},
    {"id": "customfield_1", "name": "Goal", "schema": {"type": "option", "custom": "x:select"}},
    {
        "id": "customfield_2",
        "name": "E",
        "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"},
    },
    {"id": "customfield_3", "name": "S", "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
]
Reply = tuple[int, dict[str, str], bytes]


class FakeJira:
    """``cap`` is the largest page; ``before(path, body)`` may return the reply to give instead."""

    def __init__(self) -> None:
        self.url = ""
        self.issues: list[dict[str, Any]] = []
        self.hidden: set[str] = set()
        self.deployment = "Cloud"
        self.cap = 100
        self.requests: list[tuple[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.before: Callable[[str, Any], Reply | None] = lambda path, body: None
        self.lock = threading.Lock()
        self._tokens: dict[str, list[dict[str, Any]]] = {}

    def plant(self, number: int, *, project: str = "WEB", every: timedelta = timedelta(hours=1)) -> None:
        """As many issues, ``every`` so often, the last one a day ago."""
        newest = datetime.now(UTC) - timedelta(days=1)
        for at in range(number):
            created = newest - every * (number - 1 - at)
            self.issues.append(issue(10_000 + len(self.issues), f"{project}-{at + 1}", created))

    def searches(self) -> list[dict[str, Any]]:
        return [body for path, body in self.requests if "search" in path]

    def answer(self, method: str, path: str, body: Any) -> Reply:
        route = path.partition("?")[0]
        if reply := self.before(route, body):
            return reply
        if route.endswith("/serverInfo"):
            return ok({"deploymentType": self.deployment, "baseUrl": "https://acme.example/jira"})
        if route.endswith("/field"):
            return ok(FIELDS)
        if route.endswith("/myself"):
            return ok({"displayName": "Sync Bot"}, {"X-RateLimit-Remaining": "90", "X-RateLimit-Limit": "100"})
        if "/mypermissions" in route:
            return ok(
                {"permissions": {"EDIT_ISSUES": {"havePermission": True}, "ADD_COMMENTS": {"havePermission": False}}}
            )
        if "/project/" in route:
            key = route.rpartition("/")[2]
            return (
                error(404, f"No project could be found with key '{key}'.") if key in self.hidden else ok({"name": key})
            )
        if "/issue/bulkfetch" in route:
            wanted = set(body["issueIdsOrKeys"])
            return ok({"issues": [one for one in self.visible() if one["id"] in wanted], "issueErrors": []})
        if "/issue/" in route:
            found = [one for one in self.visible() if one["id"] == route.rpartition("/")[2]]
            return (
                ok(found[0]) if found else error(404, "Issue does not exist or you do not have permission to see it.")
            )
        return self._search(route, body)

    def visible(self) -> list[dict[str, Any]]:
        return [one for one in self.issues if project_of(one) not in self.hidden]

    def _search(self, route: str, body: Any) -> Reply:
        for key in re.findall(r'"([A-Z]+)"', body["jql"]):
            if key in self.hidden:
                return error(400, f"The value '{key}' does not exist for the field 'project'.")
        size = min(body["maxResults"], self.cap)
        if route.endswith("/search/jql"):
            token = body.get("nextPageToken")
            rest = self._tokens.get(token) if token else self.matching(body["jql"])
            if rest is None:
                return error(400, "The provided next page token is invalid or expired.")
            page = {"issues": rest[:size], "isLast": len(rest) <= size}
            if rest[size:]:
                page["nextPageToken"] = f"t{len(self._tokens)}"
                self._tokens[page["nextPageToken"]] = rest[size:]
            return ok(page)
        found = self.matching(body["jql"])
        start = body.get("startAt", 0)
        return ok({"startAt": start, "maxResults": size, "total": len(found), "issues": found[start : start + size]})

    def matching(self, jql: str) -> list[dict[str, Any]]:
        where = jql.partition(" ORDER BY ")[0]
        if ids := re.search(r"id in \(([^)]*)\)", where):
            known = {one["id"] for one in self.visible()}
            if self.deployment != "Cloud" and not set(ids[1].split(", ")) <= known:
                return []
        python = re.sub(r"\b(project|id) in \(([^)]*)\)", r"\1 in (\2,)", where)
        python = python.replace(" AND ", " and ").replace(" OR ", " or ")
        found = [one for one in self.visible() if eval(python, {}, _values(one))]
        return sorted(found, key=lambda one: (one["fields"]["created"], int(one["id"])))


def issue(
    native_id: int, key: str, created: datetime, updated: datetime | None = None, **fields: Any
) -> dict[str, Any]:
    project = key.partition("-")[0]
    stamps = {"created": stamp(created), "updated": stamp(updated or created)}
    return {
        "id": str(native_id),
        "key": key,
        "fields": {"summary": f"About {key}", "project": {"key": project}, **stamps, **fields},
    }


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def project_of(one: dict[str, Any]) -> str:
    return one["fields"]["project"]["key"]


def _values(one: dict[str, Any]) -> dict[str, Any]:
    millis = {name: _millis(one["fields"][name]) for name in ("created", "updated")}
    return {"project": project_of(one), "id": int(one["id"]), **millis}


def _millis(value: str) -> int:
    return (datetime.fromisoformat(value) - EPOCH) // timedelta(milliseconds=1)


def ok(value: Any, headers: dict[str, str] | None = None) -> Reply:
    return 200, {"Content-Type": "application/json", **(headers or {})}, json.dumps(value).encode()


def error(status: int, message: str, headers: dict[str, str] | None = None) -> Reply:
    body = {"errorMessages": [message], "errors": {}}
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # headers and body in one packet
    jira: FakeJira

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with self.jira.lock:
            self.jira.requests.append((self.path, body))
            self.jira.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, headers, payload = self.jira.answer(self.command, self.path, body)
        self.send_response_only(status)
        usual = {"Content-Length": str(len(payload)), "Date": self.date_time_string()}
        for name, value in (usual | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_DELETE = _reply  # noqa: N815 - the base class's names

    def log_message(self, *args: Any) -> None:
        pass


def stream_of(jira: Jira) -> Stream:
    (stream,) = jira.discover([]).streams
    return stream
