"""A Notion on loopback; every answer is held against Notion's published OpenAPI description."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import notion_client
import orjson
import pytest

from syncd.sandbox.base import Refused, Request, Response, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Judge = Callable[[Request, Response], str]


@pytest.fixture
def judge(specs: Path, openapi: Callable[[Path], Any]) -> Judge | None:
    """Tells what is wrong with an answer. The description closes objects that real answers add keys to
    (``request_id``, ``has_more``), so here they are open."""
    path = specs / "notion.openapi.json"
    if not path.exists():
        return None
    description = openapi(path)
    _open(description._whole)

    def problem(request: Request, response: Response) -> str:
        template = description.template(request.method, request.path)
        body = orjson.loads(orjson.dumps(response.body))
        return description.problem(template, request.method, response.status, body) if template else ""

    return problem


def _open(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("additionalProperties") is False:
            del value["additionalProperties"]
        if "oneOf" in value:  # open objects may fit several
            value["anyOf"] = value.pop("oneOf")
        for each in value.values():
            _open(each)
    elif isinstance(value, list):
        for each in value:
            _open(each)


class Judged(NotionService):
    """A service that notes what is wrong with its own answers."""

    judge: Judge | None
    problems: list[str]

    def handle(self, request: Request) -> Response:
        try:
            response = super().handle(request)
        except Refused as refused:
            response = refused.response
        if self.judge and (problem := self.judge(request, response)):
            self.problems.append(problem)
        return response


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW - datetime.now(UTC))


@pytest.fixture
def service(clock: Clock, judge: Judge | None) -> Iterator[NotionService]:
    judged = Judged(clock, 7)
    judged.problems, judged.judge = [], judge
    yield judged
    assert judged.problems == []


@pytest.fixture
def sandbox(service: NotionService, clock: Clock) -> Iterator[Sandbox]:
    with Sandbox([service], clock=clock) as box:
        yield box
        assert box.errors == [], box.errors[0]


@pytest.fixture
def client(sandbox: Sandbox, service: NotionService) -> Iterator[notion_client.Client]:
    """notion-client with the newest version of the API."""
    with httpx.Client() as http:
        yield notion_client.Client(
            auth=service.token,
            base_url=sandbox.root("notion"),
            notion_version="2026-03-11",
            retry=False,
            client=http,
        )


def entry(name: str, **values: Any) -> Work:
    """A page of the Roadmap that came a day before now, unless told otherwise."""
    day = NOW - timedelta(days=1)
    usual = {
        "tracker": "notion",
        "place": "Roadmap",
        "kind": "page",
        "title": name.replace("-", " ").capitalize(),
        "status": "todo",
        "created": day,
        "updated": day,
        "reporter": "Ana Lima",
    }
    return Work(name=name, **(usual | values))


@pytest.fixture
def team(service: NotionService) -> dict[str, str]:
    """An epic with a page below it, pages in each state, a second data source; page ids by name."""
    hours = [NOW - timedelta(days=2, hours=number) for number in range(12)]
    service.plant(
        [
            entry("epic", kind="epic", created=hours[9], updated=hours[8], goal="Activation", labels=("a", "b")),
            entry(
                "below", kind="task", created=hours[8], updated=hours[7], parent="epic", points=3.0, people=("Bo Chen",)
            ),
            entry(
                "doing", created=hours[7], updated=hours[6], status="in_progress", due=NOW.date(), mentions=("jira-1",)
            ),
            entry(
                "done",
                created=hours[6],
                updated=hours[5],
                status="done",
                body="All of it.",
                mentions=("github-1", "epic"),
            ),
            entry("dropped", created=hours[5], updated=hours[4], status="cancelled", priority="High"),
            entry("brief", place="Design briefs", created=hours[4], updated=hours[3], mentions=("epic",)),
        ],
        {"jira-1": "WEB-12", "github-1": "acme/web#40"},
    )
    return {row["title"].lower(): row["native_id"] for row in service.truth()}


@pytest.fixture
def roadmap(service: NotionService, team: dict[str, str]) -> str:
    """Id of the data source."""
    return service.workspace.source("Roadmap").id


def titles(answer: Any) -> list[str]:
    return ["".join(piece["plain_text"] for piece in row["properties"]["Name"]["title"]) for row in answer["results"]]
