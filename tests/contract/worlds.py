"""A small world of every kind of tracker: the sandbox's service, a clock that stands still, and what a
test has to know beyond the connector's interface.

A world has two places in scope and one outside it. A new kind of tracker needs a world here; the suite
does the rest.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

import orjson

from connectors import registry
from connectors.base import Connector, Fate
from connectors.calls import Lane, LocalBudget
from connectors.jira.connector import Jira
from connectors.settings import Pace, TrackerSettings
from syncd.sandbox import seeds
from syncd.sandbox.base import Request, Response, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.jira import JiraService
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox
from tests.contract.rows import Row, expected

Act = Callable[..., Any]
Meanwhile = Callable[[Act], None]
PACE = Pace(per_second=100_000, burst=100_000)
PATIENCE = 10.0
"""Seconds."""


class StillClock(Clock):
    """Time passes only when it is told to, so that stamps do not depend on the machine's speed."""

    def __init__(self, at: datetime | None = None) -> None:
        super().__init__()
        self._at = at or datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self._at

    def advance(self, seconds: float) -> datetime:
        self._at += timedelta(seconds=seconds)
        return self._at


class World:
    """One tracker with a connection to it.

    :param folder: where its token is kept
    :param portion: rows that it gives at once at most, however many are asked for
    """

    kind: ClassVar[str]
    tracker: ClassVar[str]
    """What the seeds call it."""
    places: ClassVar[tuple[str, str]]
    outside: ClassVar[str]
    """A place that is not in scope."""
    lists: ClassVar[str]
    """The requests that list items, as the sandbox's faults name requests."""
    reads: ClassVar[str]
    """Everything that a connector may send while it reads."""
    fates: Mapping[str, Fate]
    """What a look-up says after each act."""
    looks_past_the_index: ClassVar[bool] = True
    """Whether a look-up sees an edit at once. Jira Data Center can read many issues by search alone."""
    lags: ClassVar[float] = 0.0
    """Seconds by which its index may lag behind, as far as the connector promises to cope with it."""

    def __init__(self, folder: Path, items: int = 0, *, portion: int = 0, clock: Clock | None = None) -> None:
        self.clock = clock or StillClock()
        self.folder = folder
        self.service = self._service()
        self.meanwhile: Meanwhile | None = None
        """Called before each request that lists items is answered, with :meth:`act`: what people do while we read."""
        self._portion, self._answer = portion, self.service.handle
        self.service.handle = self._handle
        self.sandbox = Sandbox([self.service], clock=self.clock)
        self.prefix = self.service.prefix
        self.names = dict.fromkeys((*self.places, self.outside), "")
        """What a place is called now, if it was renamed."""
        self._connectors: list[Connector] = []
        self.plant([self._work("outside-1", self.outside), *(self._work(place, place) for place in self.places)])
        if items:
            self.plant(seeds.generate(self.tracker, items, 1, self.clock() - timedelta(hours=1)))

    def _service(self) -> Any:
        raise NotImplementedError

    def _connect(self, settings: Any, lane: Lane) -> Connector:
        return registry.build(settings, lane)

    def _settings(self) -> dict[str, Any]:
        """What an operator writes, beyond name, kind, url and token."""
        raise NotImplementedError

    def container(self, place: str) -> str:
        """What items call a place."""
        return self.names[place] or place

    def __enter__(self) -> Self:
        self.sandbox.start()
        return self

    def __exit__(self, *_: object) -> None:
        for connector in self._connectors:
            connector.close()
        self.sandbox.stop()
        assert not self.sandbox.errors, self.sandbox.errors[0]

    def settings(self, token: str = "") -> TrackerSettings:
        secret = self.folder / f"{self.prefix}-{token or 'right'}.token"
        secret.write_text(token or self.service.token, encoding="utf-8")
        values = self._settings()
        auth = values.pop("auth", {}) | {"token": {"file": str(secret)}}
        values |= {"name": f"acme-{self.kind}", "kind": self.kind, "url": self.sandbox.root(self.prefix), "auth": auth}
        return registry.settings_class(self.kind).model_validate(values)

    def connector(self, token: str = "") -> Connector:
        """A new one, with a lane of its own that hardly waits between tries, and not for a limit that lasts a minute."""
        settings = self.settings(token)
        connector = self._connect(settings, Lane(settings.name, LocalBudget(PACE), backoff=0.001, patience=PATIENCE))
        self._connectors.append(connector)
        return connector

    def plant(self, works: list[Work]) -> dict[str, str]:
        """Works as they might have been written long ago; references to other trackers lead somewhere."""
        elsewhere = {f"jira-{number}": f"WEB-{number}" for number in range(1, len(works) + 1)}
        return self.service.plant(works, elsewhere)

    def plant_alike(self, count: int, age: timedelta) -> None:
        """As many items in the first place as a bulk import makes: created and updated in one instant."""
        at = self.clock() - age
        self.plant([replace(self._work(f"alike-{n}", self.places[0]), created=at, updated=at) for n in range(count)])

    def act(self, name: str, **arguments: Any) -> Any:
        return self.sandbox.act(self.prefix, name, **arguments)

    def create(self, place: str, title: str = "New", **values: Any) -> str:
        """:returns: the new item's id"""
        return str(self.act("create", place=place, title=title, **values))

    def rename(self) -> None:
        """Give the first place, or something in it, another name."""
        self.act("rename", place=self.places[0], to="acme/site")
        self.names[self.places[0]] = "acme/site"

    def become_large(self) -> None:
        """Behave as the tracker does with lists that are too long for its usual way of paging."""

    def truth(self) -> dict[str, Row]:
        """What is in scope and can be read, by id."""
        scope = {self.container(place) for place in self.places}
        return expected(row for row in self.sandbox.truth(self.prefix) if row["container"] in scope)

    def requests(self) -> int:
        """How many have come in so far."""
        return self.sandbox.journal.count()

    def fail(self, kind: str | int, match: str = "", **how: Any) -> None:
        """Let requests go wrong, by default the next one that lists items; see :class:`syncd.sandbox.faults.Fault`."""
        self.sandbox.fault(self.prefix, kind, match or self.lists, **how)

    def _work(self, name: str, place: str) -> Work:
        at = self.clock() - timedelta(days=400)
        return Work(name=name, tracker=self.tracker, place=place, kind="task", title=name, status="todo",
                    created=at, updated=at)  # fmt: skip

    def _handle(self, request: Request) -> Response:
        if self.meanwhile and re.search(self.lists, f"{request.method} {request.path}"):
            self.meanwhile(lambda name, **arguments: self.service.act(name, arguments))
        return self._answer(asking_for_less(request, self._portion) if self._portion else request)


class JiraCloud(World):
    kind = tracker = "jira"
    places, outside = ("WEB", "PAY"), "OPS"
    lists = r"/search"
    reads = r"GET /|POST /rest/api/[23]/(search(/jql)?|issue/bulkfetch)$"
    fates: Mapping[str, Fate] = {"delete": "forbidden", "move": "moved", "forbid": "forbidden"}
    lags = 240.0
    deployment = "cloud"

    def _service(self) -> JiraService:
        return JiraService(self.deployment, self.clock, seed=1)

    def _settings(self) -> dict[str, Any]:
        auth = {"email": self.service.email} if self.deployment == "cloud" else {}
        scope = {"projects": list(self.places)}
        return {"auth": auth, "scope": scope, "fields": {"goal": "customfield_10042"}}

    def _connect(self, settings: Any, lane: Lane) -> Connector:
        """What it remembers for a while it forgets by the world's clock."""
        return Jira(settings, lane, clock=lambda: self.clock().timestamp())

    def rename(self) -> None:
        self.act("rename", place=self.places[0], to="SITE")
        self.names[self.places[0]] = "SITE"


class JiraDataCenter(JiraCloud):
    deployment = "datacenter"
    looks_past_the_index = False


class GitHub(World):
    kind = tracker = "github"
    places, outside = ("acme/web", "acme/api"), "acme/attic"
    lists = r"GET /rep\w+/.*/issues$"
    reads = r"GET /|POST /graphql$"
    fates: Mapping[str, Fate] = {"delete": "gone", "move": "moved", "forbid": "forbidden"}

    def _service(self) -> GitHubService:
        return GitHubService(self.clock, seed=1)

    def _settings(self) -> dict[str, Any]:
        return {"scope": {"repositories": list(self.places)}}

    def become_large(self) -> None:
        """Page numbers are refused from the tenth row on."""
        self.service.endpoints.page_limit = 10


class Notion(World):
    kind = tracker = "notion"
    places, outside = ("Roadmap", "Design briefs"), "Attic"
    lists = r"/query$"
    reads = r"GET /|POST /v1/(data_sources/{}/query|search)$"
    fates: Mapping[str, Fate] = {
        "delete": "forbidden",
        "trash": "trashed",
        "move": "moved",
        "forbid": "forbidden",
    }
    lags = 60.0

    def _service(self) -> NotionService:
        return NotionService(self.clock, seed=1)

    def _settings(self) -> dict[str, Any]:
        roles = {"kind": "Kind", "parent": "Epic", "goal": "Goal", "labels": "Tags", "assignees": "Owner"}
        roles |= {"status": "Status", "due": "Due", "points": "Points", "priority": "Priority", "body": "Notes"}
        return {"scope": {"data_sources": [self.container(place) for place in self.places]}, "properties": roles}

    def container(self, place: str) -> str:
        return self.service.workspace.source(place).id

    def rename(self) -> None:
        self.act("rename", place=self.places[0], property="Status", to="Zustand")


WORLDS: dict[str, type[World]] = {
    "jira-cloud": JiraCloud,
    "jira-datacenter": JiraDataCenter,
    "github": GitHub,
    "notion": Notion,
}
"""Every kind of tracker, and each of its deployments."""


def asking_for_less(request: Request, most: int) -> Request:
    """The same request for at most so many rows."""

    def less(match: re.Match[str]) -> str:
        return f"{match[1]}={min(most, int(match[2]))}"

    query = re.sub(r"\b(per_page|page_size|maxResults)=(\d+)", less, request.query_string)
    body = request.body
    if body.startswith(b"{") and (asked := orjson.loads(body)).keys() & {"maxResults", "page_size"}:
        sizes = {name: min(most, asked[name]) for name in ("maxResults", "page_size") if name in asked}
        body = orjson.dumps(asked | sizes)
    return replace(request, query_string=query, body=body)
