"""A GitHub on loopback; every answer is held against GitHub's published OpenAPI description."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import github
import jsonschema
import orjson
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from syncd.sandbox.base import Refused, Request, Response, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.server import Sandbox

TOOLS = Path(os.environ.get("SYNCD_TOOLS", Path(__file__).parents[3] / ".tools")) / "node_modules/@octokit"
OPENAPI = TOOLS / "openapi/generated/api.github.com.json"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Description:
    """GitHub's OpenAPI description, as a judge of answers."""

    def __init__(self, path: Path) -> None:
        text = (
            path.read_bytes()
            .replace(b'"$ref":"#/', b'"$ref":"urn:github#/')
            .replace(b'"$ref": "#/', b'"$ref": "urn:github#/')
        )
        whole = _without_nullable(orjson.loads(text))
        self._paths = {_pattern(template): methods for template, methods in whole["paths"].items()}
        self._registry = Registry().with_resource("urn:github", DRAFT202012.create_resource(whole))
        self.judged = 0

    def problem(self, method: str, path: str, response: Response) -> str:
        """What is wrong with the answer; empty if nothing is, or nothing is said about it."""
        path = re.sub(r"^/(repositories/\d+|organizations/\d+)", lambda m: _NAMED[m[1].split("/")[0]], path)
        for pattern, methods in self._paths.items():
            if path not in _CONTRADICTORY and pattern.fullmatch(path) and method.lower() in methods:
                return self._problem(methods[method.lower()]["responses"], f"{method} {path}", response)
        return ""

    def _problem(self, answers: dict[str, Any], what: str, response: Response) -> str:
        answer = answers.get(str(response.status), {})
        if "$ref" in answer:
            answer = self._registry.resolver("urn:github").lookup(answer["$ref"]).contents
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return ""
        self.judged += 1
        body = orjson.loads(orjson.dumps(response.body))
        error = jsonschema.exceptions.best_match(
            jsonschema.Draft202012Validator(schema, registry=self._registry).iter_errors(body)
        )
        return f"{what} {response.status}: {error.json_path}: {error.message[:300]}" if error else ""


# its account must be a user and an enterprise at once, though the same answer by id says either
_CONTRADICTORY = ("/app/installations",)
_NAMED = {"repositories": "/repos/o/r", "organizations": "/orgs/o"}


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\}", "[^/]+", re.escape(template)))


def _without_nullable(value: Any) -> Any:
    """OpenAPI 3.0 says ``nullable``; JSON Schema says that null is one of the choices."""
    if isinstance(value, list):
        return [_without_nullable(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _without_nullable(each) for key, each in value.items() if key not in ("nullable", "examples")}
    return {"anyOf": [inner, {"type": "null"}]} if value.get("nullable") is True else inner


@pytest.fixture(scope="session")
def description() -> Description | None:
    return Description(OPENAPI) if OPENAPI.exists() else None


class Judged(GitHubService):
    """A service that notes what is wrong with its own answers."""

    description: Description | None = None

    def handle(self, request: Request) -> Response:
        try:
            response = super().handle(request)
        except Refused as refused:
            response = refused.response
        if self.description and (problem := self.description.problem(request.method, request.path, response)):
            self.problems.append(problem)
        return response

    problems: list[str]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW - datetime.now(UTC))


@pytest.fixture
def service(clock: Clock, description: Description | None) -> Iterator[GitHubService]:
    judged = Judged(clock, 7)
    judged.problems, judged.description = [], description
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
