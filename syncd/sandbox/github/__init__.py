"""The sandbox's GitHub: REST v3 and the part of GraphQL that tracker clients use.

Source: https://docs.github.com/rest and the published OpenAPI description.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import orjson

from syncd.sandbox.base import Event, Refused, Request, Response, Work
from syncd.sandbox.github import apps, bodies, graphql
from syncd.sandbox.github.access import Access, Grant, denied
from syncd.sandbox.github.acts import ACTS, Acts
from syncd.sandbox.github.edits import Edits
from syncd.sandbox.github.endpoints import RepositoryEndpoints, moved, not_found, page_response
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.limits import Limits, Window, headers
from syncd.sandbox.github.model import Repository, User
from syncd.sandbox.github.paging import by_number
from syncd.sandbox.github.planting import Planting
from syncd.sandbox.github.rows import Rows
from syncd.sandbox.github.truth import truth
from syncd.sandbox.github.writing import fields_of


class GitHubService:
    """One GitHub with one organisation's worth of repositories.

    ``token`` is a personal access token; ``access`` has the App's id, installation and private key.
    ``limits.limit`` is the hourly budget of every credential, ``endpoints.page_limit`` how many issues
    page numbers reach (None: all).
    """

    ACTS = ACTS

    def __init__(self, clock: Callable[[], datetime], seed: int, prefix: str = "github") -> None:
        self._clock = clock
        self.prefix = prefix
        self.root = "https://api.github.com"
        self.events: list[Event] = []
        self.access = Access(clock, seed)
        self.token = self.access.token
        self.limits = Limits()
        self.hub = Hub(seed, clock())
        self._me = self.hub.user("syncd-reader")
        self._bot = self.hub.user("syncd-sandbox[bot]", "Bot")
        self._rows = Rows(self.root)
        self._edits = Edits(self.hub, self.rows, clock, self._happened)
        self.endpoints = RepositoryEndpoints(self.hub, self._edits)
        self._planting = Planting(self.hub)
        self._acts = Acts(self.hub, self._edits, self._planting, self.limits, clock)

    def rows(self) -> Rows:
        """The builder of answers for the present root."""
        if self._rows.root != self.root:
            self._rows = Rows(self.root)
        return self._rows

    def _happened(self, event: Event) -> None:
        self.events.append(event)

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        return self._planting.plant(works, addresses)

    def truth(self) -> list[dict[str, Any]]:
        return truth(self.hub)

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        return self._acts.act(name, arguments)

    def tick(self, now: datetime) -> None:
        """Nothing at GitHub lags: lists are read from the database."""

    def handle(self, request: Request) -> Response:
        now = self._clock()
        grant = self.access.who(request)
        resource = "graphql" if request.path == "/graphql" else "core"
        window = self.limits.window(grant.token, resource, now)
        if request.path == "/rate_limit":
            return Response(200, self.limits.overview(grant.token, now), headers(window, resource))
        self.limits.check(window, resource, now)
        try:
            response = self._answer(request, grant, window)
        except Refused as refused:
            response = refused.response
        if request.method in ("GET", "HEAD") and response.status == 200:
            response = _conditional(request, response, grant.token)
        if response.status != 304:  # those are free
            window.used += 1
        response.headers |= headers(window, resource)
        return response

    def _answer(self, request: Request, grant: Grant, window: Window) -> Response:
        path = [unquote(part) for part in request.path.strip("/").split("/")]
        if grant.kind == "app":
            return self._answer_app(request, path)
        rows = self.rows()
        match [request.method, *path]:
            case ["POST", "graphql"]:
                schema = graphql.Schema(self.hub, lambda repo: _may_read(repo, grant), self._who(grant), window)
                return Response(200, graphql.answer(schema, _json(request)))
            case ["GET", "user"]:
                if grant.kind == "installation":
                    raise denied(403, "Resource not accessible by integration")
                return Response(200, rows.account(self._me), {"X-OAuth-Scopes": "read:org, repo"})
            case ["GET", "users", login] if login in self.hub.users:
                return Response(200, rows.account(self.hub.users[login]))
            case ["GET", ("orgs" | "organizations"), login_or_id, "repos"]:
                return self._repositories_of(request, grant, login_or_id)
            case ["GET", "installation", "repositories"]:
                return self._installed(request, grant)
            case [_, "repos", owner, name, *rest]:
                return self._below(request, grant, self._named(request, grant, f"{owner}/{name}", rest), rest)
            case [_, "repositories", number, *rest] if number.isdecimal():
                return self._below(request, grant, self._readable(self.hub.repositories.get(int(number)), grant), rest)
        raise not_found()

    def _answer_app(self, request: Request, path: list[str]) -> Response:
        """What an App may ask with its own JWT."""
        rows, access, owner = self.rows(), self.access, self._owner()
        numbers = (access.app_id, access.installation_id, owner)
        match [request.method, *path]:
            case ["GET", "app"]:
                return Response(200, apps.app(rows, access.app_id, owner))
            case ["GET", "app", "installations"]:
                return Response(200, [apps.installation(rows, *numbers)])
            case ["GET", "app", "installations", number] if number == str(access.installation_id):
                return Response(200, apps.installation(rows, *numbers))
            case ["GET", ("orgs" | "users"), login, "installation"] if login == owner.login:
                return Response(200, apps.installation(rows, *numbers))
            case ["POST", "app", "installations", number, "access_tokens"] if number == str(access.installation_id):
                return self._issue_token(request)
        raise not_found()

    def _issue_token(self, request: Request) -> Response:
        wanted = fields_of(request)
        ids = wanted.get("repository_ids")
        if names := wanted.get("repositories"):
            ids = [repo.id for repo in self.hub.repositories.values() if repo.name in names]
        grant = self.access.issue_token(wanted.get("permissions") or {}, ids)
        return Response(201, apps.installation_token(grant))

    def _below(self, request: Request, grant: Grant, repo: Repository, rest: list[str]) -> Response:
        if request.method not in ("GET", "HEAD") and grant.read_only:
            raise denied(403, "Resource not accessible by integration")
        return self.endpoints.answer(request, self.rows(), repo, rest, self._who(grant))

    def _named(self, request: Request, grant: Grant, full_name: str, rest: list[str]) -> Repository:
        """The repository of this name; a former name redirects to the repository's id."""
        repo = self._readable(self.hub.names.get(full_name.lower()), grant)
        if repo.full_name.lower() != full_name.lower():
            raise moved(request, "/".join([f"{self.root}/repositories/{repo.id}", *rest]))
        return repo

    def _readable(self, repo: Repository | None, grant: Grant) -> Repository:
        """What a credential may not read looks as if it were not there."""
        if repo is None or not _may_read(repo, grant):
            raise not_found()
        return repo

    def _repositories_of(self, request: Request, grant: Grant, login_or_id: str) -> Response:
        names = {str(user.id): user for user in self.hub.users.values()}
        names |= {user.login.lower(): user for user in self.hub.users.values()}
        account = names.get(login_or_id.lower())
        if account is None:
            raise not_found()
        owned = [repo for repo in self._visible(grant) if repo.owner is account]
        page = by_number(request, f"{self.root}/organizations/{account.id}/repos", owned)
        return page_response(page, [bodies.repository(self.rows(), repo) for repo in page.rows])

    def _installed(self, request: Request, grant: Grant) -> Response:
        if grant.kind != "installation":
            message = "You must authenticate with an installation access token in order to list repositories for an installation."
            raise denied(403, message)
        visible = self._visible(grant)
        page = by_number(request, f"{self.root}/installation/repositories", visible)
        body = {
            "total_count": len(visible),
            "repository_selection": "all" if grant.repositories is None else "selected",
            "repositories": [bodies.repository(self.rows(), repo) for repo in page.rows],
        }
        return Response(200, body, {"Link": page.link} if page.link else {})

    def _visible(self, grant: Grant) -> list[Repository]:
        return [repo for repo in self.hub.repositories.values() if _may_read(repo, grant)]

    def _who(self, grant: Grant) -> User:
        return self._bot if grant.kind == "installation" else self._me

    def _owner(self) -> User:
        """The organisation that installed the App."""
        return next((user for user in self.hub.users.values() if user.kind == "Organization"), self._me)


def _may_read(repo: Repository, grant: Grant) -> bool:
    return not repo.forbidden and (grant.repositories is None or repo.id in grant.repositories)


def _json(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        raise denied(400, "Problems parsing JSON") from None


def _conditional(request: Request, response: Response, token: str) -> Response:
    """The answer with its ETag, which is another for every credential, or 304 if the client has it."""
    if isinstance(response.body, list):
        response.body = [orjson.Fragment(orjson.dumps(row)) for row in response.body]
    digest = hashlib.blake2b(orjson.dumps(response.body), key=token.encode()[:64], digest_size=32).hexdigest()
    etag = f'W/"{digest}"'
    response.headers |= {"ETag": etag, "Cache-Control": "private, max-age=60, s-maxage=60"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {etag.removeprefix("W/"), "*"}:
        return Response(304, b"", response.headers)
    return response
