"""Who may ask, and which endpoint answers."""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from syncd.sandbox.base import Refused, Request, Response
from syncd.sandbox.jira.fields import Deployment, Site
from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.render import Renderer
from syncd.sandbox.jira.state import State

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


def refuse(status: int, *messages: str, errors: Mapping[str, str] | None = None) -> Refused:
    """Jira's error collection."""
    return Refused(status, {"errorMessages": list(messages), "errors": dict(errors or {})})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in, with what is needed to answer it."""

    request: Request
    site: Site
    render: Renderer
    parts: tuple[str, ...]
    """What stands in the path where the route has ``{}``, decoded."""

    @property
    def state(self) -> State:
        return self.site.state

    def query(self, name: str, default: str = "") -> str:
        return self.request.query.get(name, default)

    def queries(self, name: str) -> list[str]:
        """All values of a repeated parameter; each may hold commas."""
        values = parse_qs(self.request.query_string).get(name, [])
        return [part for value in values for part in value.split(",") if part]

    def number(self, name: str, default: int) -> int:
        text = self.query(name) or str(default)
        try:
            return int(text)
        except ValueError:
            raise refuse(400, f"The value '{text}' of {name} is not a number.") from None

    def body(self) -> dict[str, Any]:
        try:
            value = self.request.json()
        except ValueError:
            raise refuse(400, "There was an error parsing JSON. Check that your request body is valid.") from None
        if not isinstance(value, dict):
            raise refuse(400, "The request body must be a JSON object.")
        return value

    def issue(self, permission: str = "") -> Issue:
        """The issue that the path names, if the account may see it and has the permission."""
        issue = self.state.find(self.parts[0])
        if issue is None or not self.state.readable(issue):
            raise refuse(404, NO_ISSUE)
        if permission in self.state.denied:
            raise refuse(403, f"You do not have the permission {permission} for this issue.")
        return issue


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: method, path below ``/rest/api/<version>`` with ``{}`` for its variables, and where it exists."""

    method: str
    path: str
    handler: Handler
    only: Deployment | None = None

    def parts(self, method: str, segments: list[str]) -> tuple[str, ...] | None:
        """The values of its variables, or None if this is another endpoint."""
        own = self.path.strip("/").split("/")
        if method != self.method or len(own) != len(segments):
            return None
        if any(name not in ("{}", segment) for name, segment in zip(own, segments, strict=True)):
            return None
        return tuple(unquote(segment) for name, segment in zip(own, segments, strict=True) if name == "{}")


def find(routes: tuple[Route, ...], site: Site, method: str, path: str) -> tuple[Route, str, tuple[str, ...]]:
    """The route, the version of the API and the path's variables.

    :raises Refused: 404 for an unknown path, 405 for another method, 410 for what Cloud has removed
    """
    segments = path.strip("/").split("/")
    versions = ("2", "3", "latest") if site.deployment == "cloud" else ("2", "latest")
    if segments[:2] != ["rest", "api"] or len(segments) < 4 or segments[2] not in versions:
        raise Refused(404, {"message": f"null for uri: {path}", "status-code": 404})
    known = [route for route in routes if route.only in (None, site.deployment)]
    for route in known:
        if (parts := route.parts(method, segments[3:])) is not None:
            return route, "3" if segments[2] == "3" else "2", parts
    if site.deployment == "cloud" and segments[3:] == ["search"]:
        raise refuse(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
    if any(route.parts(route.method, segments[3:]) is not None for route in known):
        raise Refused(405, {"message": "Method Not Allowed", "status-code": 405})
    raise Refused(404, {"message": f"null for uri: {path}", "status-code": 404})


def admit(request: Request, deployment: Deployment, email: str, token: str) -> None:
    """Let in who has the credential: Basic with e-mail and token on Cloud, Bearer on Data Center.

    :raises Refused: 401
    """
    expected = f"Bearer {token}"
    if deployment == "cloud":
        expected = "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()
    if hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
        return
    if deployment == "cloud":
        message = "Client must be authenticated to access this resource."
        raise Refused(
            401,
            {"errorMessages": [message], "errors": {}},
            {"WWW-Authenticate": f'OAuth realm="{request.root}"', "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
        )
    raise Refused(
        401,
        {"errorMessages": ["You are not authenticated. Authentication required to perform this operation."]}
        | {"errors": {}},
        {"WWW-Authenticate": f'OAuth realm="{request.root}"', "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
    )
