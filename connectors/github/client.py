"""GitHub's endpoints over PyGithub, which builds and signs the requests; answers come back as they are.

PyGithub's objects and its own handling of answers are not used: it would repeat requests, follow a
redirect without its query, and sleep.
"""

from collections import deque
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from github.Auth import AppAuth, Auth
from github.Consts import API_VERSION_2022_11_28
from github.Requester import HTTPRequestsConnectionClass, Requester, RequestsResponse
from requests import Response

from connectors.base import ConnectorError
from connectors.calls import DEADLINE, READ_TIMEOUT, Answer, Classify, Lane, NoAnswer, fingerprint
from connectors.github.auth import auth_of, check_key
from connectors.github.classify import Classifier
from connectors.github.settings import Account
from connectors.mirror import Write
from connectors.transport import GuardedAdapter, no_answer, of_requests

PER_PAGE = 100
_ACCEPT = "application/vnd.github+json"


class Client:
    """Every request of one GitHub account. Thread-safe; close it.

    :raises SecretMissing: a secret of the settings is not there
    """

    def __init__(self, settings: Account, lane: Lane) -> None:
        self.root = settings.root
        self.by_name_only = False
        """Learned on the way: the server does not know ``/repositories/{id}/issues``."""
        self._lane = lane
        self._classify = Classifier()
        self._lines: deque[_Line] = deque()
        self._auth = auth_of(settings, self._ask_for_token)

    def get(
        self,
        url: str,
        parameters: dict[str, str] | None = None,
        *,
        op: str,
        etag: str = "",
        accept: Collection[int] = (),
    ) -> Answer:
        """One GET.

        :param url: a path below the root, or a URL of an answer, of which only path and query are used
        :param etag: ask only for what has changed since; the answer may then be a 304
        :param accept: statuses that are answers here, not errors
        """
        headers = {"If-None-Match": etag} if etag else {}
        return self._call("GET", self._below_root(url), parameters, headers, op=op, classify=self.unless(accept))

    def graphql(
        self, query: str, variables: dict[str, Any], *, classify: Classify, deadline: float = DEADLINE
    ) -> Answer:
        """One GraphQL query; its errors are inside the answer."""
        body = {"query": query, "variables": variables}
        url = f"{self._graphql_root}/graphql"
        return self._call("POST", url, None, {}, body, op="graphql", classify=classify, deadline=deadline)

    def write(self, write: Write) -> Answer:
        """Send what changes something; once, unless twice is the same."""
        return self._call(
            write.method, write.path, None, {}, write.body,
            op=write.op.removeprefix("github."), classify=self.unless(write.accept), repeatable=write.repeatable,
        )  # fmt: skip

    def unless(self, accept: Collection[int]) -> Classify:
        """The account's view on answers, except for some statuses that count as success."""

        def classify(answer: Answer) -> ConnectorError | None:
            return None if answer.status in accept else self._classify(answer)

        return classify

    def identity(self) -> str:
        """A name for the root and the token in use now, which ETags belong to. An App's changes hourly."""
        return fingerprint(self.root, self._auth.token)

    def close(self) -> None:
        """Close the connections; the client may still be used and opens new ones."""
        while self._lines:
            self._lines.pop().close()

    @property
    def _graphql_root(self) -> str:
        """GitHub Enterprise Server has REST at ``/api/v3`` and GraphQL at ``/api/graphql``."""
        return self.root.removesuffix("/v3")

    def _below_root(self, url: str) -> str:
        if url.startswith((f"{self.root}/", "/")):
            return url
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def _call(
        self,
        verb: str,
        url: str,
        parameters: dict[str, str] | None,
        headers: dict[str, str],
        body: Any = None,
        *,
        op: str,
        classify: Classify,
        deadline: float = DEADLINE,
        repeatable: bool = True,
    ) -> Answer:
        _ = self._auth.token  # renewed here, outside the attempt that would repeat it

        def send() -> Answer:
            return self._on_a_line(lambda line: line.send(verb, url, parameters, headers, body))

        return self._lane.call(send, op=f"github.{op}", classify=classify, idempotent=repeatable, deadline=deadline)

    def _on_a_line(self, send: "Callable[[_Line], Answer]") -> Answer:
        try:
            line = self._lines.pop()
        except IndexError:
            line = _Line(self.root, self._auth)
        try:
            return send(line)
        finally:
            self._lines.append(line)

    def _ask_for_token(self, app: AppAuth, installation_id: int) -> Answer:
        """Signed by the App itself, so on a line of its own."""
        check_key(app)
        line = _Line(self.root, app)
        url = f"/app/installations/{installation_id}/access_tokens"
        try:
            return self._lane.call(
                lambda: line.send("POST", url, None, {}, {}), op="github.installation_token", classify=self._classify
            )
        finally:
            line.close()


class _Line:
    """A PyGithub requester with its connection, for one request at a time: PyGithub keeps the request
    that is under way on the connection."""

    def __init__(self, root: str, auth: Auth) -> None:
        self._connection = _Connection(root)
        self._requester = Requester(
            auth=auth,
            base_url=root,
            timeout=int(READ_TIMEOUT),
            user_agent="syncd",
            per_page=PER_PAGE,
            verify=True,
            retry=None,
            pool_size=1,
            seconds_between_requests=0,
            seconds_between_writes=0,
            lazy=True,
            api_version=API_VERSION_2022_11_28,
        )

    def send(
        self, verb: str, url: str, parameters: dict[str, str] | None, headers: dict[str, str], body: Any
    ) -> Answer:
        """:raises NoAnswer: none came, or not all of it"""
        with no_answer():
            self._requester.requestJson(verb, url, parameters, {"Accept": _ACCEPT, **headers}, body, self._connection)
        return self._connection.taken()

    def close(self) -> None:
        self._connection.close()


class _Connection(HTTPRequestsConnectionClass):
    """PyGithub's connection, that keeps the answer for us and shows PyGithub an empty success."""

    def __init__(self, root: str) -> None:
        parts = urlsplit(root)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        super().__init__(host, parts.port or {"http": 80, "https": 443}[parts.scheme])
        self.protocol = parts.scheme
        adapter = GuardedAdapter(connections=1)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)
        self._answer: Answer | None = None

    def getresponse(self) -> RequestsResponse:
        self._answer = None
        self._answer = of_requests(super().getresponse().response)
        nothing = Response()
        nothing.status_code = 200
        return RequestsResponse(nothing)

    def taken(self) -> Answer:
        """The answer to the last request."""
        if self._answer is None:
            raise NoAnswer("the request was not sent", sent=False)
        return self._answer
