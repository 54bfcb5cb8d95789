"""Two Jira sites on loopback, Cloud and Data Center; each answer of Cloud is held against its description."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jira
import orjson
import pytest
import requests

from syncd.sandbox.base import Refused, Request, Response, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.jira import JiraService
from syncd.sandbox.server import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Judged(JiraService):
    """A site that notes what is wrong with its own answers."""

    judge: Any = None

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.problems: list[str] = []

    def handle(self, request: Request) -> Response:
        try:
            response = super().handle(request)
        except Refused as refused:
            response = refused.response
        path = request.path.replace("/rest/api/2/", "/rest/api/3/")
        if self.judge and (template := self.judge.template(request.method, path)):
            for body in _bodies(template, response):
                if problem := self.judge.problem(template, request.method, response.status, body):
                    self.problems.append(problem)
        return response


def _bodies(template: str, response: Response) -> list[Any]:
    """The body as JSON; the list of remote links one by one, because the description forgets that it is a list."""
    if response.body == b"":
        return []
    body = orjson.loads(orjson.dumps(response.body))
    return body if template.endswith("/remotelink") and isinstance(body, list) else [body]


@pytest.fixture
def clock() -> Clock:
    """Nine o'clock on a November morning, going on."""
    return Clock(NOW - datetime.now(UTC))


@pytest.fixture
def cloud(clock: Clock, openapi: Any, specs: Path) -> Iterator[Judged]:
    service = Judged("cloud", clock, 7)
    description = specs / "jira-cloud-v3.openapi.json"
    service.judge = openapi(description) if description.exists() else None
    yield service
    assert service.problems == []


@pytest.fixture
def datacenter(clock: Clock) -> JiraService:
    return JiraService("datacenter", clock, 7)


@pytest.fixture
def sandbox(cloud: Judged, datacenter: JiraService, clock: Clock) -> Iterator[Sandbox]:
    with Sandbox([cloud, datacenter], clock=clock) as box:
        yield box
        assert box.errors == []


@pytest.fixture
def client(sandbox: Sandbox, cloud: Judged) -> Iterator[jira.JIRA]:
    """The real library, at Cloud, with version 3 of the API."""
    with closing(
        jira.JIRA(
            server=sandbox.root("jira"),
            options={"rest_api_version": "3"},
            basic_auth=(cloud.email, cloud.token),
            max_retries=0,
            timeout=(5, 10),
        )
    ) as made:
        yield made


@pytest.fixture
def dc_client(sandbox: Sandbox, datacenter: JiraService) -> Iterator[jira.JIRA]:
    """The real library, at Data Center, with a personal access token."""
    with closing(
        jira.JIRA(server=sandbox.root("jira-dc"), token_auth=datacenter.token, max_retries=0, timeout=(5, 10))
    ) as made:
        yield made


class Http:
    """Plain requests to a site, below ``/rest/api/<version>``."""

    def __init__(self, session: requests.Session, root: str, version: str) -> None:
        self.session, self.base = session, f"{root}/rest/api/{version}"

    def __call__(self, method: str, path: str, **how: Any) -> requests.Response:
        return self.session.request(method, f"{self.base}{path}", timeout=10, **how)

    def search(self, jql: str, **how: Any) -> list[str]:
        """Keys, in order, all pages."""
        keys, token = [], None
        while True:
            asked = {"jql": jql, "fields": ["key"], **how} | ({"nextPageToken": token} if token else {})
            answer = self("POST", "/search/jql", json=asked).json()
            keys += [issue["key"] for issue in answer["issues"]]
            if not (token := answer.get("nextPageToken")):
                return keys


@pytest.fixture
def http(sandbox: Sandbox, cloud: Judged) -> Iterator[Http]:
    with requests.Session() as session:
        session.auth = (cloud.email, cloud.token)
        yield Http(session, sandbox.root("jira"), "3")


@pytest.fixture
def team(cloud: Judged, datacenter: JiraService, work: Callable[..., Work]) -> dict[str, str]:
    """An epic with a story, its subtask and a bug in WEB, one task in PAY, on both sites; name -> key."""
    day = NOW - timedelta(days=1)
    works = [
        work("epic", kind="epic", goal="Activation", labels=("goal:activation",), created=day - timedelta(days=30)),
        work(
            "story",
            kind="story",
            parent="epic",
            points=5.0,
            people=("Priya Raman",),
            sprint="Sprint 24",
            milestone="2.1",
            components=("billing",),
            due=NOW.date(),
            priority="High",
            body="Ask once.\n\nSee https://acme.example/why\n\n* one\n* two",
            created=day - timedelta(days=20),
        ),
        work("subtask", kind="subtask", parent="story", status="done", closed=day),
        work("bug", kind="bug", status="cancelled", closed=day, labels=("regression", "ux")),
        work("payment", place="PAY", status="in_progress", people=("Jonas Weber",)),
    ]
    datacenter.plant(works, {})
    return cloud.plant(works, {})
