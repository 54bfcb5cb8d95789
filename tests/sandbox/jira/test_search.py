"""Searches keep the limits and habits of the vendor's."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from syncd.sandbox.jira import JiraService
from syncd.sandbox.server import Sandbox

WEB = "project = WEB ORDER BY created ASC, key ASC"


def test_search_without_a_restriction_is_refused(http: Any, team: dict[str, str]) -> None:
    answer = http("GET", "/search/jql", params={"jql": "ORDER BY created"})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"][0].startswith("Unbounded JQL queries are not allowed here.")


def test_fields_default_to_the_id_alone(http: Any, team: dict[str, str]) -> None:
    issues = http("GET", "/search/jql", params={"jql": WEB}).json()["issues"]
    assert [set(issue) for issue in issues] == [{"id"}] * 4


def test_a_page_is_a_hundred_issues_or_five_thousand_ids(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    for number in range(110):
        sandbox.act("jira", "create", place="WEB", title=f"Task {number}")
    full = http("POST", "/search/jql", json={"jql": WEB, "fields": ["summary"], "maxResults": 5000}).json()
    ids = http("POST", "/search/jql", json={"jql": WEB, "fields": ["id"], "maxResults": 5000}).json()
    assert (len(full["issues"]), full["isLast"]) == (100, False)
    assert (len(ids["issues"]), ids["isLast"], "nextPageToken" in ids) == (114, True, False)


def test_get_and_post_give_the_same(http: Any, team: dict[str, str]) -> None:
    asked = {"jql": WEB, "fields": ["summary", "labels"], "maxResults": 2}
    by_post = http("POST", "/search/jql", json=asked).json()
    by_get = http("GET", "/search/jql", params=asked).json()
    assert by_get["issues"] == by_post["issues"]
    assert set(by_get["issues"][0]["fields"]) == {"summary", "labels"}


def test_a_token_continues_behind_the_last_row_whatever_happened_meanwhile(
    http: Any, team: dict[str, str], sandbox: Sandbox
) -> None:
    asked = {"jql": WEB, "fields": ["key"], "maxResults": 2}
    first = http("POST", "/search/jql", json=asked).json()
    sandbox.act("jira", "delete", id=first["issues"][0]["key"])
    sandbox.act("jira", "delete", id=first["issues"][1]["key"])
    second = http("POST", "/search/jql", json=asked | {"nextPageToken": first["nextPageToken"]}).json()
    assert [issue["key"] for issue in first["issues"] + second["issues"]] == ["WEB-1", "WEB-2", "WEB-4"]


def test_a_token_dies_after_seven_days(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    asked = {"jql": WEB, "maxResults": 1}
    token = http("POST", "/search/jql", json=asked).json()["nextPageToken"]
    sandbox.act("jira", "clock", seconds=timedelta(days=6, hours=23).total_seconds())
    assert http("POST", "/search/jql", json=asked | {"nextPageToken": token}).status_code == 200
    sandbox.act("jira", "clock", seconds=7200)
    assert http("POST", "/search/jql", json=asked | {"nextPageToken": token}).status_code == 400


@pytest.mark.parametrize("token", ["nonsense", "bm9uc2Vuc2U=", "WzEsMiwzXQ=="])
def test_a_made_up_token_is_refused(http: Any, team: dict[str, str], token: str) -> None:
    assert http("POST", "/search/jql", json={"jql": WEB, "nextPageToken": token}).status_code == 400


def test_search_trails_behind_edits_but_reading_does_not(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("jira", "lag", seconds=30)
    number = sandbox.act("jira", "edit", id="WEB-1", title="New words")
    made = sandbox.act("jira", "create", place="WEB", title="Brand new")
    asked: dict[str, Any] = {"jql": WEB, "fields": ["summary"]}

    def titles(**more: Any) -> list[str]:
        issues = http("POST", "/search/jql", json=asked | more).json()["issues"]
        return [issue["fields"]["summary"] for issue in issues]

    assert http("GET", "/issue/WEB-1").json()["fields"]["summary"] == "New words"
    assert titles()[0] == "Epic"
    assert len(titles()) == 4
    assert titles(reconcileIssues=[int(number), int(made)]) == ["New words", *titles()[1:], "Brand new"]
    sandbox.act("jira", "clock", seconds=31)
    assert titles() == ["New words", "Story", "Subtask", "Bug", "Brand new"]


@pytest.mark.parametrize(
    "wrong", [{"maxResults": "many"}, {"fields": "summary"}, {"reconcileIssues": ["x"]}, {"properties": [1]}]
)
def test_arguments_of_another_type_are_refused(http: Any, team: dict[str, str], wrong: dict[str, Any]) -> None:
    assert http("POST", "/search/jql", json={"jql": WEB} | wrong).status_code == 400


def test_more_than_fifty_issues_cannot_be_reconciled(http: Any, team: dict[str, str]) -> None:
    answer = http("POST", "/search/jql", json={"jql": WEB, "reconcileIssues": list(range(51))})
    assert answer.status_code == 400


def test_bulk_fetch_reads_past_the_index_and_names_what_is_gone(
    http: Any, team: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.act("jira", "lag", seconds=600)
    epic = sandbox.act("jira", "edit", id="WEB-1", title="New words")
    sandbox.act("jira", "forbid", place="PAY")
    wanted = [epic, "WEB-2", "PAY-1", "99999"]
    answer = http("POST", "/issue/bulkfetch", json={"issueIdsOrKeys": wanted, "fields": ["summary"]}).json()
    assert [issue["fields"]["summary"] for issue in answer["issues"]] == ["New words", "Story"]
    assert [error["id"] for error in answer["issueErrors"]] == ["PAY-1", "99999"]


def test_bulk_fetch_takes_a_hundred_at_most(http: Any, team: dict[str, str]) -> None:
    assert http("POST", "/issue/bulkfetch", json={"issueIdsOrKeys": ["1"] * 101}).status_code == 400


def test_cloud_has_removed_the_old_search(http: Any) -> None:
    assert http("GET", "/search", params={"jql": WEB}).status_code == 410


def test_a_forbidden_project_is_unknown_to_every_endpoint(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("jira", "forbid", place="WEB")
    answer = http("GET", "/search/jql", params={"jql": "project in (WEB, PAY)"})
    assert answer.json()["errorMessages"] == ["The value 'WEB' does not exist for the field 'project'."]
    assert http("GET", "/issue/WEB-1").status_code == 404
    assert http("GET", "/project/WEB").status_code == 404
    assert http.search("created > 0") == ["PAY-1"]
    sandbox.act("jira", "allow", place="WEB")
    assert len(http.search("created > 0")) == 5


def test_data_center_stops_at_the_ten_thousandth(sandbox: Sandbox, datacenter: JiraService, team: Any) -> None:
    base = f"{sandbox.root('jira-dc')}/rest/api/2/search"
    headers = {"Authorization": f"Bearer {datacenter.token}"}

    def ask(**params: Any) -> requests.Response:
        return requests.get(base, params={"jql": WEB, **params}, headers=headers, timeout=10)

    assert ask(startAt=9900, maxResults=100).status_code == 200
    refused = ask(startAt=9950, maxResults=100)
    assert refused.status_code == 400
    assert "[10000] but was [10050]" in refused.json()["errorMessages"][0]
    assert ask(maxResults=100_000).json()["maxResults"] == 1000
    assert ask(maxResults=0).json() | {"issues": []} == ask(maxResults=0).json()
    assert ask(maxResults=0).json()["total"] == 4
