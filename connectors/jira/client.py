"""The endpoints that are used, over the ``jira`` library's session. Dicts out.

The library signs requests and keeps connections. Its own way of sending is stepped around: it sends
a request again after a dropped connection, even one that writes, waits in its own manner, follows
redirects, and fails on error bodies that are no objects.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import orjson
import requests
from jira import JIRA

from connectors.base import BadResponse
from connectors.calls import CONNECT_TIMEOUT, READ_TIMEOUT, Answer, Lane, NoAnswer
from connectors.jira.answers import classify
from connectors.jira.settings import Account
from connectors.mirror import Write
from connectors.transport import GuardedAdapter, no_answer, of_requests

Json = dict[str, Any]

FAST = 2.0
"""Seconds: a full page that took less lets the next one be larger."""


@dataclass(slots=True)
class PageSize:
    """How many issues to ask for at once: grows while full pages come fast, halves on a time-out or
    5xx. Jira gives fewer when it likes, which is never a sign of the end."""

    most: int
    asked: int = 100

    def halve(self) -> None:
        self.asked = max(10, self.asked // 2)

    def came(self, issues: int, seconds: float) -> None:
        if issues >= self.asked and seconds < FAST:
            self.asked = min(self.most, self.asked * 2)


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of search results. ``token`` leads to the next page on Cloud; ``total`` and ``limit``
    (the page size that the server allows) come from Data Center. ``as_of``: see :class:`connectors.calls.Answer`."""

    issues: list[Json]
    token: str | None
    total: int | None
    limit: int
    as_of: datetime


class Client:
    """One Jira with one credential. Thread-safe. All methods may raise the four errors.

    :raises connectors.settings.SecretMissing: from the constructor, when the token is not there
    """

    def __init__(self, settings: Account, lane: Lane) -> None:
        token, email = settings.auth.token.reveal(), settings.auth.email
        self._lane = lane
        self._jira = JIRA(
            settings.root,
            basic_auth=(email, token) if email else None,
            token_auth=None if email else token,
            get_server_info=False,
            max_retries=0,
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        )
        self._session: requests.Session = self._jira._session  # noqa: SLF001 - the library has no other door
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # no session to go stale
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, GuardedAdapter())

    def close(self) -> None:
        self._session.close()

    def server_info(self) -> tuple[Json, datetime | None]:
        """``GET serverInfo``, which needs no rights, and the server's clock."""
        answer = self._call("serverInfo", "GET", "2/serverInfo")
        return answer.json(), answer.date

    def fields(self) -> list[Json]:
        """``GET field``: every field that this account can see."""
        fields: list[Json] = self._call("field", "GET", "2/field").json(list)
        return fields

    def myself(self) -> Answer:
        """``GET myself``: the account; its headers tell the limits."""
        return self._call("myself", "GET", "2/myself")

    def project(self, key: str) -> Json:
        """``GET project/KEY``; AuthFailed where it is not there or hidden."""
        project: Json = self.project_answer(key).json()
        return project

    def project_answer(self, id_or_key: str) -> Answer:
        """The same with the server's time."""
        return self._call("project", "GET", f"2/project/{quote(id_or_key, safe='')}")

    def permissions(self, project: str | None, names: Sequence[str]) -> dict[str, bool]:
        """``GET mypermissions``: which of these this account has, in a project or anywhere."""
        query = {"permissions": ",".join(names)} | ({"projectKey": project} if project else {})
        said = self._call("mypermissions", "GET", "2/mypermissions", query=query).json().get("permissions", {})
        return {name: said.get(name, {}).get("havePermission") is True for name in names}

    def issue(self, id_or_key: str, fields: Sequence[str], *, cloud: bool) -> Json:
        """``GET issue/ID``: straight from the database; AuthFailed with 404 or 410 where it is not there."""
        path = f"{3 if cloud else 2}/issue/{quote(id_or_key, safe='')}"
        issue: Json = self._call("issue", "GET", path, query={"fields": ",".join(fields)}).json()
        return issue

    def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str], properties: Sequence[str] = ()) -> Json:
        """``POST issue/bulkfetch``, Cloud: up to 100 at once, by id or key, straight from the database.

        :param properties: keys of entity properties to give as well
        """
        body = {"issueIdsOrKeys": list(ids), "fields": list(fields)} | (
            {"properties": list(properties)} if properties else {}
        )
        found: Json = self._call("bulkfetch", "POST", "3/issue/bulkfetch", body=body).json()
        return found

    def transitions(self, issue_id: str) -> list[Json]:
        """``GET issue/ID/transitions``: what this account can do with an issue's status now."""
        path = f"2/issue/{quote(issue_id, safe='')}/transitions"
        found: list[Json] = self._call("transitions", "GET", path).json().get("transitions") or []
        return found

    def comments(self, issue_id: str, *, cloud: bool) -> list[Json]:
        """``GET issue/ID/comment``: the newest 100."""
        path = f"{3 if cloud else 2}/issue/{quote(issue_id, safe='')}/comment"
        query = {"orderBy": "-created", "maxResults": "100"}
        found: list[Json] = self._call("comments", "GET", path, query=query).json().get("comments") or []
        return found

    def open_to_all(self, project: str) -> bool:
        """Whether a project can be seen by somebody who is not signed in: asked without the credential."""
        url = f"{self._jira.server_url}/rest/api/2/project/{quote(project, safe='')}"

        def send() -> Answer:
            with no_answer(), requests.Session() as session:
                for scheme in ("https://", "http://"):
                    session.mount(scheme, GuardedAdapter(connections=1))
                # an auth of its own, since without one requests looks into .netrc
                return of_requests(session.get(url, allow_redirects=False, auth=lambda request: request))

        return self._lane.call(send, op="jira.anonymous", classify=lambda _: None).status == 200

    def write(self, write: Write) -> Answer:
        """Send what changes something; once, unless twice is the same."""
        return self._lane.call(
            lambda: self._send(write.method, write.path, body=write.body),
            op=write.op,
            classify=lambda answer: None if answer.status in write.accept else classify(answer),
            idempotent=write.repeatable,
        )

    def search(self, body: Json, size: PageSize, *, cloud: bool) -> Hits:
        """Cloud: ``POST search/jql``; ``body`` has jql, fields and, after the first page, nextPageToken.
        Data Center: ``POST search``; ``body`` has jql, fields and startAt."""
        path = "3/search/jql" if cloud else "2/search"
        asked, seconds = 0, 0.0

        def send() -> Answer:
            nonlocal asked, seconds
            asked, began = size.asked, time.monotonic()
            try:
                answer = self._send("POST", path, body=body | {"maxResults": asked})
            except NoAnswer:
                size.halve()
                raise
            if answer.status >= 500:
                size.halve()
            seconds = time.monotonic() - began
            return answer

        hits = _hits(self._lane.call(send, op="jira.search", classify=classify), asked)
        size.came(len(hits.issues), seconds)
        return hits

    def _call(
        self, op: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json | None = None
    ) -> Answer:
        return self._lane.call(
            lambda: self._send(method, path, query=query, body=body), op=f"jira.{op}", classify=classify
        )

    def _send(self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None) -> Answer:
        """One attempt, with the library's session but without its retries and redirects."""
        url = f"{self._jira.server_url}/rest/api/{path}"
        data = None if body is None else orjson.dumps(body)
        with no_answer():
            response = requests.Session.request(
                self._session, method, url, params=query, data=data, allow_redirects=False
            )
        return of_requests(response)


def _hits(answer: Answer, asked: int) -> Hits:
    page = answer.json()
    issues, token, total, limit = (page.get(name) for name in ("issues", "nextPageToken", "total", "maxResults"))
    if not isinstance(issues, list) or not all(isinstance(issue, dict) for issue in issues):
        raise BadResponse("answers a search without a list of issues")
    return Hits(
        issues,
        token if isinstance(token, str) and token else None,
        total if isinstance(total, int) else None,
        limit if isinstance(limit, int) else asked,
        answer.as_of,
    )
