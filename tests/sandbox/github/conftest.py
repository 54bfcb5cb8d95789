"""A GitHub on loopback; every answer is held against GitHub's published OpenAPI description."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import github
import orjson
import pytest

from syncd.sandbox.base import Refused, Request, Response, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.server import Sandbox

TOOLS = Path(os.environ.get("SYNCD_TOOLS", Path(__file__).parents[3] / ".tools")) / "node_modules/@octokit"
OPENAPI = TOOLS / "openapi/generated/api.github.com.json"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


Judge = Callable[[Request, Response], str]
# its account must be a user and an enterprise at once, though the same answer by id says either
CONTRADICTORY = ("/app/installations",)


@pytest.fixture(scope="session")
def judge(openapi: Callable[[Path], Any]) -> Judge | None:
    """Tells what is wrong with an answer; repositories and organisations by id are described by name."""
    if not OPENAPI.exists():
        return None
    description = openapi(OPENAPI)
    _spell_out_errors(description._whole)

    def problem(request: Request, response: Response) -> str:
        path = re.sub(r"^/repositories/\d+", "/repos/o/r", request.path)
        path = re.sub(r"^/organizations/\d+", "/orgs/o", path)
        template = description.template(request.method, path)
        if not template or template in CONTRADICTORY:
            return ""
        body = orjson.loads(orjson.dumps(response.body)) if response.body else None
        return str(description.problem(template, request.method, response.status, body))

    return problem


def _spell_out_errors(whole: dict[str, Any]) -> None:
    """Put the shared answers, most of them errors, where they are referred to."""
    shared = whole["components"]["responses"]
    for methods in whole["paths"].values():
        for operation in methods.values():
            answers = operation.get("responses", {}) if isinstance(operation, dict) else {}
            for status, answer in answers.items():
                if "$ref" in answer:
                    answers[status] = shared[answer["$ref"].rpartition("/")[2]]


class Judged(GitHubService):
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
def service(clock: Clock, judge: Judge | None) -> Iterator[GitHubService]:
    judged = Judged(clock, 7)
    judged.problems, judged.judge = [], judge
    yield judged
    assert judged.problems == []


@pytest.fixture
def sandbox(service: GitHubService, clock: Clock) -> Iterator[Sandbox]:
    with Sandbox([service], clock=clock) as box:
        yield box
        assert box.errors == [], box.errors[0]


def client_for(box: Sandbox, auth: github.Auth.Auth) -> github.Github:
    return github.Github(
        base_url=box.root("github"),
        auth=auth,
        retry=None,
        per_page=100,
        lazy=True,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


@pytest.fixture
def client(sandbox: Sandbox, service: GitHubService) -> Iterator[github.Github]:
    """PyGithub, signed in with the personal token."""
    with client_for(sandbox, github.Auth.Token(service.token)) as made:
        yield made


def work(name: str, **values: Any) -> Work:
    """An issue of acme/web that came a day before now, unless told otherwise."""
    day = NOW - timedelta(days=1)
    usual = {
        "tracker": "github",
        "place": "acme/web",
        "kind": "task",
        "title": name.replace("-", " ").capitalize(),
        "status": "todo",
        "created": day,
        "updated": day,
        "reporter": "Ana Lima",
    }
    return Work(name=name, **(usual | values))


@pytest.fixture
def team(service: GitHubService) -> dict[str, str]:
    """An epic with a sub-issue and a bug, pull requests in each state, a second repository; addresses by name."""
    hours = [NOW - timedelta(days=2, hours=number) for number in range(12)]
    return service.plant(
        [
            work(
                "epic", kind="epic", created=hours[11], updated=hours[4], labels=("goal:activation",), goal="activation"
            ),
            work(
                "story",
                kind="story",
                created=hours[10],
                parent="epic",
                people=("Bo Chen",),
                points=3.0,
                priority="High",
            ),
            work("bug", kind="bug", created=hours[9], status="done", milestone="Autumn release", body="It breaks."),
            work("dropped", created=hours[8], status="cancelled", due=hours[0].date()),
            work(
                "fix",
                kind="pull_request",
                created=hours[7],
                status="done",
                merged=True,
                closes=("bug",),
                branch="fix-it",
            ),
            work(
                "draft", kind="pull_request", created=hours[6], status="in_progress", draft=True, mentions=("jira-1",)
            ),
            work("elsewhere", place="acme/api", created=hours[5], kind="pull_request", closes=("story",), branch="far"),
        ],
        {"jira-1": "WEB-12"},
    )
