"""The ways to find issues: by JQL on Cloud (tokens) and Data Center (offsets), and many by id.

Limits follow the reference of ``/rest/api/3/search/jql`` and ``/rest/api/3/issue/bulkfetch`` and, for
Data Center, Atlassian's notes on OpenSearch (no result beyond the 10,000th).
"""

import base64
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import orjson

from syncd.sandbox.base import Response
from syncd.sandbox.jira.api import Call, Route, refuse
from syncd.sandbox.jira.jql import Query, parse
from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.tokens import JqlError

IDS_ONLY_MAX = 5000
FULL_MAX = 100
DATACENTER_MAX = 1000
WINDOW = 10_000
RECONCILE_MAX = 50
FETCH_MAX = 100
TOKEN_LIFE_MS = 7 * 86_400_000

Row = tuple[tuple[int, ...], Issue]
"""The numbers that an issue was sorted by, and the issue as the index knows it."""


class Search:
    """Evaluates queries, and remembers the results of the last ones until something changes."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int, int], list[Row]] = OrderedDict()

    def rows(self, call: Call, jql: str, fresh: Sequence[int] = ()) -> list[Row]:
        """Everything that matches, in order; ``fresh`` names issues to read past the index."""
        query = self._parse(call, jql)
        rows = self._indexed(call, jql, query)
        stale = [i for i in fresh if call.state.index.get(i) is not call.state.issues.get(i)]
        if not stale:
            return rows
        current = [issue for i in stale if (issue := call.state.issues.get(i))]
        return sorted(
            [row for row in rows if row[1].id not in stale] + _matching(call, query, current), key=lambda row: row[0]
        )

    def _parse(self, call: Call, jql: str) -> Query:
        try:
            query = parse(jql, call.site)
        except JqlError as error:
            raise refuse(400, str(error)) from None
        if query.where is None and call.site.deployment == "cloud":
            raise refuse(
                400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
            )
        return query

    def _indexed(self, call: Call, jql: str, query: Query) -> list[Row]:
        key = (jql, call.state.revision, call.state.now_ms // 1000 if query.passing else 0)
        if key not in self._known:
            self._known[key] = sorted(_matching(call, query, call.state.index.values()), key=lambda row: row[0])
            if len(self._known) > 8:
                self._known.popitem(last=False)
        return self._known[key]


def _matching(call: Call, query: Query, issues: Any) -> list[Row]:
    hidden = {project.id for project in call.state.projects.values() if not project.readable}
    where, order = query.where, query.order
    return [
        (order(issue), issue) for issue in issues if (where is None or where(issue)) and issue.project not in hidden
    ]


def by_jql_get(call: Call, search: Search) -> Response:
    asked: dict[str, Any] = {
        "jql": call.query("jql"),
        "nextPageToken": call.query("nextPageToken"),
        "maxResults": call.number("maxResults", 50),
        "fields": call.queries("fields"),
        "expand": call.query("expand"),
        "properties": call.queries("properties"),
        "reconcileIssues": call.queries("reconcileIssues"),
    }
    return _by_jql(call, search, asked)


def by_jql_post(call: Call, search: Search) -> Response:
    return _by_jql(call, search, call.body())


def _by_jql(call: Call, search: Search, asked: dict[str, Any]) -> Response:
    jql, fields = str(asked.get("jql") or ""), call.render.select(_names(asked, "fields"), default="id")
    rows = search.rows(call, jql, fresh=_reconciled(asked))
    start = _position(call, jql, rows, asked.get("nextPageToken") or "")
    most = IDS_ONLY_MAX if set(fields) <= {"id", "key"} else FULL_MAX
    size = min(most, max(0, _number(asked, "maxResults")) or 50)
    page = rows[start : start + size]
    expand, properties = asked.get("expand") or "", _names(asked, "properties")
    issues = [call.render.issue(issue, fields, expand, properties) for _, issue in page]
    last = start + size >= len(rows)
    out: dict[str, Any] = {"issues": issues, "isLast": last}
    if not last:
        out["nextPageToken"] = _token(call, jql, page[-1])
    return Response(body=out)


def _number(asked: dict[str, Any], name: str, default: int = 0) -> int:
    value = asked.get(name, default)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise refuse(400, f"{name} must be a whole number.")
    return max(-1, value or 0)


def _names(asked: dict[str, Any], name: str) -> list[str]:
    value = asked.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise refuse(400, f"{name} must be a list of names.")
    return value


def _reconciled(asked: dict[str, Any]) -> list[int]:
    ids = asked.get("reconcileIssues") or []
    if len(ids) > RECONCILE_MAX:
        raise refuse(400, f"The number of issues to reconcile must not exceed {RECONCILE_MAX}.")
    try:
        return [int(i) for i in ids]
    except (TypeError, ValueError):
        raise refuse(400, "reconcileIssues must hold issue ids.") from None


def _token(call: Call, jql: str, row: Row) -> str:
    content = [call.state.now_ms, zlib.crc32(jql.encode()), row[0]]
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode()


def _position(call: Call, jql: str, rows: list[Row], token: str) -> int:
    """Where a walk goes on: behind the last row it gave, wherever that is now."""
    if not token:
        return 0
    try:
        born, fingerprint, last = orjson.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise refuse(400, "The provided next page token is invalid.") from None
    if fingerprint != zlib.crc32(jql.encode()):
        raise refuse(400, "The provided next page token does not belong to this query.")
    if call.state.now_ms - born > TOKEN_LIFE_MS:
        raise refuse(400, "The provided next page token has expired.")
    return bisect_right(rows, tuple(last), key=lambda row: row[0])


def count(call: Call, search: Search) -> Response:
    return Response(body={"count": len(search.rows(call, str(call.body().get("jql") or "")))})


def by_offset_get(call: Call, search: Search) -> Response:
    asked: dict[str, Any] = {
        "jql": call.query("jql"),
        "startAt": call.number("startAt", 0),
        "maxResults": call.number("maxResults", 50),
        "fields": call.queries("fields"),
        "expand": call.query("expand"),
    }
    return _by_offset(call, search, asked)


def by_offset_post(call: Call, search: Search) -> Response:
    asked = call.body()
    expand = asked.get("expand") or ""
    return _by_offset(call, search, asked | {"expand": ",".join(expand) if isinstance(expand, list) else expand})


def _by_offset(call: Call, search: Search, asked: dict[str, Any]) -> Response:
    start, size = max(0, _number(asked, "startAt")), _number(asked, "maxResults", 50)
    size = DATACENTER_MAX if size < 0 else min(DATACENTER_MAX, size)
    if start + size > WINDOW:
        raise refuse(
            400,
            f"Result window is too large, from + size must be less than or equal to: [{WINDOW}] "
            f"but was [{start + size}].",
        )
    rows = search.rows(call, str(asked.get("jql") or ""))
    fields = call.render.select(_names(asked, "fields"), default="*navigable")
    issues = [call.render.issue(issue, fields, asked.get("expand") or "") for _, issue in rows[start : start + size]]
    where = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(rows)}
    return Response(body=where | {"issues": issues})


def bulk_fetch(call: Call) -> Response:
    """By id or key, past the index; what cannot be read is named with a reason."""
    asked = call.body()
    wanted = asked.get("issueIdsOrKeys")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= FETCH_MAX:
        raise refuse(400, f"issueIdsOrKeys must hold between 1 and {FETCH_MAX} issue ids or keys.")
    fields, properties = call.render.select(_names(asked, "fields"), default="*navigable"), _names(asked, "properties")
    expand = ",".join(_names(asked, "expand"))
    issues, errors = [], []
    for name in wanted:
        issue = call.state.find(str(name))
        if issue and call.state.readable(issue):
            issues.append(call.render.issue(issue, fields, expand, properties))
        else:
            errors.append({"id": str(name), "errorMessage": "Issue does not exist or you do not have permission."})
    return Response(body={"issues": issues, "issueErrors": errors})


def routes() -> tuple[Route, ...]:
    """The endpoints of one site; they share what was found last."""
    search = Search()
    return (
        Route("GET", "/search/jql", lambda call: by_jql_get(call, search), only="cloud"),
        Route("POST", "/search/jql", lambda call: by_jql_post(call, search), only="cloud"),
        Route("POST", "/search/approximate-count", lambda call: count(call, search), only="cloud"),
        Route("POST", "/issue/bulkfetch", bulk_fetch, only="cloud"),
        Route("GET", "/search", lambda call: by_offset_get(call, search), only="datacenter"),
        Route("POST", "/search", lambda call: by_offset_post(call, search), only="datacenter"),
    )
