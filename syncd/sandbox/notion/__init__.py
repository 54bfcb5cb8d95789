"""The sandbox's Notion: databases, data sources, pages, comments, search.

Source: https://developers.notion.com/reference, versions 2026-03-11 and 2025-09-03.
"""

import random
import string
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from syncd.sandbox.base import Event, Refused, Request, Response, Work
from syncd.sandbox.notion.acts import ACTS, Acts
from syncd.sandbox.notion.bodies import LATEST, Bodies, title_of
from syncd.sandbox.notion.endpoints import Comments, Pages, dashed
from syncd.sandbox.notion.errors import error, invalid, not_found
from syncd.sandbox.notion.limits import Limits
from syncd.sandbox.notion.listing import listed
from syncd.sandbox.notion.model import DataSource, Page
from syncd.sandbox.notion.planting import Planting
from syncd.sandbox.notion.query import Queries
from syncd.sandbox.notion.truth import truth
from syncd.sandbox.notion.workspace import Workspace

VERSIONS = ("2025-09-03", LATEST)


class NotionService:
    """One workspace, and one connection that all its data sources are shared with.

    ``limits.per_minute`` is the connection's budget, ``queries.row_cap`` how many rows a query lists.
    """

    ACTS = ACTS

    def __init__(self, clock: Callable[[], datetime], seed: int, prefix: str = "notion", company: str = "Acme") -> None:
        self._clock = clock
        self.prefix = prefix
        self.root = "https://api.notion.com"
        self.events: list[Event] = []
        letters = random.Random(f"{prefix} token {seed}")  # noqa: S311 - a sandbox's tokens are no secrets
        self.token = "ntn_" + "".join(letters.choices(string.ascii_letters + string.digits, k=46))
        self.workspace = Workspace(clock, f"{prefix} {seed}", self._happened, company)
        self.limits = Limits()
        self.queries = Queries(clock)
        self._pages = Pages(self.workspace)
        self._comments = Comments(self.workspace, self._pages)
        self._planting = Planting(self.workspace)
        self._acts = Acts(self.workspace, self._planting, self.limits, clock)

    def _happened(self, event: Event) -> None:
        self.events.append(event)

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        return self._planting.plant(works, addresses)

    def truth(self) -> list[dict[str, Any]]:
        return truth(self.workspace)

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        return self._acts.act(name, arguments)

    def tick(self, now: datetime) -> None:
        self.workspace.catch_up(now)

    def handle(self, request: Request) -> Response:
        request_id = str(uuid.uuid4())
        try:
            self._admit(request)
            response = Response(200, self._answer(request))
        except Refused as refused:
            response = refused.response
        response.body["request_id"] = request_id
        response.headers["x-notion-request-id"] = request_id
        return response

    def _admit(self, request: Request) -> None:
        """Check credential, version and limits. Raises Refused."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            raise error(401, "unauthorized", "API token is invalid.")
        version = request.headers.get("notion-version")
        if version not in VERSIONS:
            instead = "`undefined`" if version is None else f'`"{version}"`'
            wanted = "defined" if version is None else " or ".join(f'"{known}"' for known in VERSIONS)
            message = f"Notion-Version header failed validation: Notion-Version header should be {wanted}, instead was {instead}."
            raise error(400, "missing_version", message)
        self.limits.spend(self._clock())

    def _answer(self, request: Request) -> dict[str, Any]:
        bodies = Bodies(self.workspace, request.headers["notion-version"])
        version, _, path = request.path.strip("/").partition("/")
        if version == "v1":
            for endpoints in (self._of_tables, self._of_pages, self._of_people):
                if (answer := endpoints(request, path.split("/"), bodies)) is not None:
                    return answer
        raise error(400, "invalid_request_url", "Invalid request URL.")

    def _of_tables(self, request: Request, path: list[str], bodies: Bodies) -> dict[str, Any] | None:
        match [request.method, *path]:
            case ["GET", "databases", wanted]:
                database = self.workspace.databases.get(dashed(wanted))
                if database is None or all(source.forbidden for source in database.sources):
                    raise not_found("database", dashed(wanted), self.workspace.integration_id)
                return bodies.database(database)
            case ["GET", "data_sources", wanted]:
                return bodies.data_source(self._pages.source(wanted))
            case ["POST", "data_sources", wanted, "query"]:
                source = self._pages.source(wanted)
                return self.queries.answer(source, _body(request), _filter_properties(request), bodies)
            case ["POST", "search"]:
                return self._search(_body(request), bodies)
        return None

    def _of_pages(self, request: Request, path: list[str], bodies: Bodies) -> dict[str, Any] | None:
        match [request.method, *path]:
            case ["POST", "pages"]:
                return self._pages.create(_body(request), bodies)
            case ["GET", "pages", wanted]:
                return self._pages.read(wanted, _filter_properties(request), bodies)
            case ["PATCH", "pages", wanted]:
                return self._pages.update(wanted, _body(request), bodies)
            case ["POST", "pages", wanted, "move"]:
                return self._pages.move(wanted, _body(request), bodies)
            case ["GET", "pages", wanted, "properties", property_id]:
                return self._pages.property(wanted, property_id, request)
            case ["GET", "comments"]:
                return self._comments.list(request.query, bodies)
            case ["POST", "comments"]:
                return self._comments.create(_body(request), bodies)
            case ["GET", "comments", wanted]:
                return bodies.comment(self._comments.find(wanted))
            case ["PATCH", "comments", wanted]:
                return self._comments.update(wanted, _body(request), bodies)
            case ["DELETE", "comments", wanted]:
                return self._comments.delete(wanted, bodies)
        return None

    def _of_people(self, request: Request, path: list[str], bodies: Bodies) -> dict[str, Any] | None:
        match [request.method, *path]:
            case ["GET", "users", "me"]:
                return bodies.me()
            case ["GET", "users", wanted]:
                user = self.workspace.user_by_id(dashed(wanted))
                if user is None:
                    raise not_found("user", dashed(wanted), self.workspace.integration_id)
                return bodies.user(user)
            case ["GET", "users"]:
                people = [user for user in (*self.workspace.users.values(), self.workspace.bot) if not user.gone]
                query = request.query
                size, cursor = query.get("page_size"), query.get("start_cursor")
                return listed("user", people, bodies.user, lambda user: user.id, size, cursor)
        return None

    def _search(self, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        """By words of the title, latest edit first; like the real one it sees what queries see."""
        wanted = str(body.get("query") or "").lower()
        kind = (body.get("filter") or {}).get("value")
        open_sources = [source for source in self.workspace.sources.values() if not source.forbidden]
        found: list[Page | DataSource] = []
        if kind != "data_source":
            pages = [page for source in open_sources for page in source.live.orders["last_edited_time"].rows]
            found += [page for page in pages if wanted in title_of(page).lower()]
        if kind != "page":
            found += [source for source in open_sources if wanted in source.title.lower()]
        rising = (body.get("sort") or {}).get("direction") == "ascending"
        found.sort(key=lambda each: each.edited, reverse=not rising)

        def give(each: Page | DataSource) -> dict[str, Any]:
            return bodies.page(each) if isinstance(each, Page) else bodies.data_source(each)

        size, cursor = body.get("page_size"), body.get("start_cursor")
        return listed("page_or_data_source", found, give, lambda each: each.id, size, cursor)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        raise error(400, "invalid_json", "Error parsing JSON body.") from None
    if not isinstance(body, dict):
        raise invalid("body failed validation: body should be an object.")
    return body


def _filter_properties(request: Request) -> list[str]:
    """Repeated parameters; some clients number them in brackets."""
    query = parse_qs(request.query_string)
    return [value for name, found in query.items() if name.partition("[")[0] == "filter_properties" for value in found]
