"""What the sandbox says about an issue has the keys that real sites and the published description have."""

import base64
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from syncd.sandbox.base import Request
from syncd.sandbox.jira import JiraService

NOUNS = {
    "assignee": "User",
    "reporter": "User",
    "creator": "User",
    "author": "User",
    "updateAuthor": "User",
    "issuetype": "IssueTypeDetails",
    "status": "StatusDetails",
    "statusCategory": "StatusCategory",
    "priority": "Priority",
    "resolution": "Resolution",
    "project": "ProjectDetails",
    "components": "ProjectComponent",
    "fixVersions": "Version",
    "versions": "Version",
    "comments": "Comment",
    "votes": "Votes",
    "watches": "Watchers",
    "parent": "LinkedIssue",
    "subtasks": "LinkedIssue",
}
"""Where a noun stands in an issue -> its name in the description."""
SINCE = {"IssueTypeDetails": {"iconUrl"}, "LinkedIssue": {"fields"}}


def occurrences(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with the name that it stands under."""
    if isinstance(value, list):
        for each in value:
            yield from occurrences(each, name)
    elif isinstance(value, dict):
        yield name, value
        for key, each in value.items():
            yield from occurrences(each, key)


@pytest.fixture(scope="module")
def recorded(recordings: Path) -> dict[str, set[str]]:
    """Noun -> the keys it has in any recorded body."""
    keys: dict[str, set[str]] = defaultdict(set)
    for folder in ("jira-ruby", "go-jira", "jira-cli"):
        for file in (recordings / folder).rglob("*.json"):
            try:
                body = orjson.loads(file.read_bytes())
            except orjson.JSONDecodeError:
                continue
            for name, value in occurrences(body):
                keys[NOUNS.get(name, name)] |= set(value)
    return keys


@pytest.mark.parametrize("site", ["cloud", "datacenter"])
def test_every_key_of_a_noun_is_one_that_real_sites_have(
    site: str, request: pytest.FixtureRequest, recorded: dict[str, set[str]], specs: Path, team: dict[str, str]
) -> None:
    service: JiraService = request.getfixturevalue(site)
    published = orjson.loads((specs / "jira-cloud-v3.openapi.json").read_bytes())["components"]["schemas"]
    invented, seen = set(), set()
    for name, value in occurrences(issue_of(service, team["story"])):
        if noun := NOUNS.get(name):
            seen.add(noun)
            known = recorded[noun] | set(published.get(noun, {}).get("properties", {})) | SINCE.get(noun, set())
            invented |= {f"{noun}.{key}" for key in set(value) - known}
    assert invented == set()
    assert {"User", "IssueTypeDetails", "StatusDetails", "ProjectDetails", "LinkedIssue", "Version"} <= seen


@pytest.mark.parametrize("site", ["cloud", "datacenter"])
def test_an_issue_has_the_keys_that_recorded_issues_have(
    site: str, request: pytest.FixtureRequest, recordings: Path, team: dict[str, str]
) -> None:
    service: JiraService = request.getfixturevalue(site)
    real = orjson.loads((recordings / "jira-ruby/issue/10002.json").read_bytes())
    issue = issue_of(service, team["story"])
    assert set(issue) == set(real)
    system = {name for name in issue["fields"] if not name.startswith("customfield_")}
    assert system - set(real["fields"]) <= {"creator", "parent"}
    for name in system & set(real["fields"]):
        assert comparable(issue["fields"][name]) in (comparable(real["fields"][name]), comparable(None)) or (
            real["fields"][name] is None
        ), name


def comparable(value: Any) -> str:
    """The JSON type."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def issue_of(service: JiraService, key: str) -> dict[str, Any]:
    """An issue as version 2 of the API gives it."""
    token = f"Bearer {service.token}"
    if service.deployment == "cloud":
        token = "Basic " + base64.b64encode(f"{service.email}:{service.token}".encode()).decode()
    asked = Request("GET", f"/rest/api/2/issue/{key}", "", {"authorization": token}, b"", service.root)
    body: dict[str, Any] = orjson.loads(orjson.dumps(service.handle(asked).body))
    return body
