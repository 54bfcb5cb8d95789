"""GitHub's own published examples and recordings: ``@octokit/openapi`` and ``@octokit/fixtures`` in ``.tools``."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connectors.calls import Answer
from connectors.github import parse
from connectors.github.lists import sheet_of
from connectors.github.repository import CREATED, LATEST, UPDATED, since
from connectors.github.settings import Fields
from connectors.item import Item
from tests.connectors.github.conftest import Connect
from tests.connectors.github.fake import NOW, Asked, FakeGitHub, Reply, reply

OCTOKIT = Path(__file__).parents[3] / ".tools/node_modules/@octokit"
OPENAPI = OCTOKIT / "openapi/generated/api.github.com.json"
SCENARIOS = OCTOKIT / "fixtures/scenarios/api.github.com"

published = pytest.mark.skipif(not OPENAPI.exists(), reason="npm install --prefix .tools @octokit/openapi")
recorded = pytest.mark.skipif(not SCENARIOS.exists(), reason="npm install --prefix .tools @octokit/fixtures")


@cache
def openapi() -> dict[str, Any]:
    return dict(json.loads(OPENAPI.read_bytes()))


def recording(name: str) -> list[dict[str, Any]]:
    return list(json.loads((SCENARIOS / name / "normalized-fixture.json").read_bytes()))


def item(row: dict[str, Any]) -> Item:
    return parse.item(row, "t", parse.repository_of(row), Fields())


@published
@pytest.mark.parametrize("example", ["issue-items", "issue-with-repo-items"])
def test_a_published_example_is_read(example: str) -> None:
    made = item(openapi()["components"]["examples"][example]["value"][0])
    assert (made.key, made.kind, made.milestone) == ("octocat/Hello-World#1347", "pull_request", "v1.0")
    assert [person.name for person in made.assignees] == ["octocat"]
    assert made.labels == ("bug",)
    assert str(made.due) == "2012-10-09"


@published
@pytest.mark.parametrize("sent", [CREATED, UPDATED, LATEST, UPDATED | since(NOW), CREATED | {"page": "2"}])
def test_what_is_asked_is_documented(sent: dict[str, str]) -> None:
    document = openapi()
    operation = document["paths"]["/repos/{owner}/{repo}/issues"]["get"]
    shared = document["components"]["parameters"]
    known = {}
    for parameter in operation["parameters"]:
        whole = shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        known[whole["name"]] = whole["schema"].get("enum")
    for name, value in sent.items():
        assert name in known
        assert known[name] is None or value in known[name]


@published
def test_the_keys_that_are_read_are_documented() -> None:
    schemas = openapi()["components"]["schemas"]
    issue = schemas["issue"]["properties"]
    read = {"id", "node_id", "number", "title", "body", "state", "state_reason", "user", "labels", "assignees"}
    read |= {"assignee", "milestone", "pull_request", "draft", "type", "parent_issue_url", "sub_issues_summary"}
    read |= {"issue_field_values", "html_url", "repository_url", "created_at", "updated_at", "closed_at"}
    assert read <= set(issue)
    assert {"issue_field_name", "single_select_option", "multi_select_options", "value"} <= set(
        schemas["issue-field-value"]["properties"]
    )


@recorded
def test_recorded_pages_are_read_and_linked() -> None:
    pages = [entry for entry in recording("paginate-issues") if entry["method"] == "get"]
    sheets = [
        sheet_of(Answer(entry["status"], {**entry["headers"]}, json.dumps(entry["response"]).encode()), number)
        for number, entry in enumerate(pages, 1)
    ]
    assert [item(row).title for sheet in sheets for row in sheet.rows] == [f"Test issue {n}" for n in range(13, 0, -1)]
    assert [sheet.last for sheet in sheets] == [5, 5, 5, 5, 0]
    assert [sheet.next_is_numbered for sheet in sheets] == [True] * 4 + [False]
    for sheet, following in zip(sheets, pages[1:], strict=False):
        assert sheet.next == f"https://api.github.com{following['path']}"
    assert all(sheet.etag for sheet in sheets)


@recorded
def test_a_recorded_rename_is_followed_by_number(connect: Connect, github: FakeGitHub) -> None:
    entries = {(entry["method"], entry["path"]): entry for entry in recording("rename-repository")}

    def replay(asked: Asked) -> Reply:
        entry = entries[asked.method.lower(), asked.path]
        location = entry["headers"].get("location", "").replace("https://api.github.com", github.root)
        return reply(entry["status"], entry["response"], Location=location)

    github.fault = replay
    connector = connect(github.root, scope={"repositories": ["octokit-fixture-org/rename-repository"]})
    (stream,) = connector.discover(()).streams
    assert (stream.native_id, stream.name) == ("1000", "octokit-fixture-org/rename-repository-newname")
