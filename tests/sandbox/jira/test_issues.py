"""Issues keep their identity, their history, and what was left on them."""

from typing import Any

import pytest

from syncd.sandbox.jira import JiraService
from syncd.sandbox.server import Sandbox


def test_a_moved_issue_keeps_its_id_and_its_old_key_still_finds_it(
    http: Any, team: dict[str, str], sandbox: Sandbox
) -> None:
    number = sandbox.act("jira", "move", id="WEB-2", to="PAY")
    by_old_key = http("GET", "/issue/WEB-2").json()
    assert (by_old_key["id"], by_old_key["key"]) == (number, "PAY-2")
    assert http("GET", f"/issue/{number}").json()["fields"]["project"]["key"] == "PAY"
    assert http.search("project = WEB") == ["WEB-1", "WEB-3", "WEB-4"]
    history = http("GET", "/issue/PAY-2/changelog").json()["values"]
    assert {item["field"] for change in history for item in change["items"]} == {"project", "Key"}


def test_a_renamed_project_renames_its_issues_and_nothing_is_stamped(
    http: Any, team: dict[str, str], sandbox: Sandbox
) -> None:
    before = http("GET", "/issue/WEB-1").json()["fields"]["updated"]
    sandbox.act("jira", "rename", place="WEB", to="SITE")
    after = http("GET", "/issue/WEB-1").json()
    assert (after["key"], after["fields"]["updated"]) == ("SITE-1", before)
    assert http.search("project = SITE") == http.search("project = WEB") == ["SITE-1", "SITE-2", "SITE-3", "SITE-4"]


def test_a_deleted_issue_takes_its_subtasks_along(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("jira", "delete", id="WEB-2")
    assert http.search("project = WEB") == ["WEB-1", "WEB-4"]
    assert http("GET", "/issue/WEB-3").json()["errorMessages"] == [
        "Issue does not exist or you do not have permission to see it."
    ]


def test_labels_are_added_and_removed_without_touching_the_others(http: Any, team: dict[str, str]) -> None:
    update = {"update": {"labels": [{"add": "goal:x"}, {"add": "ux"}, {"remove": "regression"}, {"remove": "none"}]}}
    assert http("PUT", "/issue/WEB-4", json=update, params={"notifyUsers": "false"}).status_code == 204
    assert http("GET", "/issue/WEB-4").json()["fields"]["labels"] == ["ux", "goal:x"]


def test_an_edit_is_dated_and_written_into_the_history(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    before = http("GET", "/issue/WEB-1").json()["fields"]["updated"]
    http("PUT", "/issue/WEB-1", json={"fields": {"summary": "Better words", "duedate": "2026-12-01"}})
    issue = http("GET", "/issue/WEB-1", params={"expand": "changelog"}).json()
    assert issue["fields"]["updated"] > before
    changes = issue["changelog"]["histories"][0]["items"]
    assert [(c["field"], c["fromString"], c["toString"]) for c in changes] == [
        ("summary", "Epic", "Better words"),
        ("duedate", "", "2026-12-01"),
    ]
    assert http("PUT", "/issue/WEB-1", json={"fields": {"summary": "Better words"}}).status_code == 204
    assert http("GET", "/issue/WEB-1/changelog").json()["total"] == 1


def test_the_history_in_an_issue_is_cut_at_forty(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    for number in range(45):
        sandbox.act("jira", "edit", id="WEB-1", title=f"Words {number}")
    changelog = http("GET", "/issue/WEB-1", params={"expand": "changelog"}).json()["changelog"]
    assert (changelog["total"], len(changelog["histories"])) == (45, 40)
    assert changelog["histories"][0]["items"][0]["toString"] == "Words 44"
    assert len(http("GET", "/issue/WEB-1/changelog").json()["values"]) == 45


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"labels": ["two words"]}, "labels"),
        ({"priority": {"name": "Yesterday"}}, "priority"),
        ({"assignee": {"accountId": "nobody"}}, "assignee"),
        ({"parent": {"key": "WEB-99"}}, "parent"),
        ({"description": "plain text"}, "description"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_a_wrong_field_is_refused_and_changes_nothing(
    http: Any, team: dict[str, str], fields: dict[str, Any], field: str
) -> None:
    before = http("GET", "/issue/WEB-1").json()
    refused = http("PUT", "/issue/WEB-1", json={"fields": {"duedate": "2026-12-24"} | fields})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [field]
    assert http("GET", "/issue/WEB-1").json() == before


def test_an_issue_needs_project_type_and_summary(http: Any, team: dict[str, str]) -> None:
    def errors(**fields: Any) -> list[str]:
        return list(http("POST", "/issue", json={"fields": fields}).json()["errors"])

    task, web = {"name": "Task"}, {"key": "WEB"}
    assert errors(summary="x", issuetype=task) == ["project"]
    assert errors(project=web, issuetype=task) == ["summary"]
    assert errors(project=web, summary="x") == ["issuetype"]


def test_an_issue_can_be_created_with_a_marker_and_found_by_it(http: Any, team: dict[str, str]) -> None:
    body = {
        "fields": {"project": {"key": "PAY"}, "summary": "Mirror", "issuetype": {"id": "10002"}, "labels": ["syncd-1"]},
        "properties": [{"key": "syncd", "value": {"k": 1}}],
    }
    made = http("POST", "/issue", json=body)
    assert (made.status_code, made.json()["key"]) == (201, "PAY-2")
    assert http.search("labels = syncd-1") == ["PAY-2"]
    issue = http("GET", "/issue/PAY-2", params={"properties": "syncd", "fields": "summary"}).json()
    assert issue["properties"] == {"syncd": {"k": 1}}


def test_a_comment_carries_an_invisible_marker(http: Any, team: dict[str, str]) -> None:
    text = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]}
    marker = [{"key": "syncd", "value": {"k": "goal"}}]
    made = http("POST", "/issue/WEB-1/comment", json={"body": text, "properties": marker}).json()
    assert "properties" not in made
    listed = http("GET", "/issue/WEB-1/comment", params={"expand": "properties", "orderBy": "-created"}).json()
    assert listed["comments"][0]["properties"] == marker
    edited = http("PUT", f"/issue/WEB-1/comment/{made['id']}", json={"body": text}, params={"expand": "properties"})
    assert edited.json()["properties"] == marker
    assert http("GET", "/issue/WEB-1/comment/1").status_code == 404


def test_a_remote_link_with_a_global_id_is_one_link(http: Any, team: dict[str, str]) -> None:
    link = {"globalId": "syncd:goal:a", "object": {"url": "https://acme.example/a", "title": "A"}}
    first = http("POST", "/issue/WEB-1/remotelink", json=link)
    second = http("POST", "/issue/WEB-1/remotelink", json=link | {"object": {"url": "https://x.example", "title": "B"}})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert [one["object"]["title"] for one in http("GET", "/issue/WEB-1/remotelink").json()] == ["B"]
    by_id = http("GET", "/issue/WEB-1/remotelink", params={"globalId": "syncd:goal:a"}).json()
    assert by_id["globalId"] == "syncd:goal:a"
    assert http("DELETE", "/issue/WEB-1/remotelink", params={"globalId": "syncd:goal:a"}).status_code == 204
    assert http("DELETE", "/issue/WEB-1/remotelink", params={"globalId": "syncd:goal:a"}).status_code == 404


def test_entity_properties_come_and_go(http: Any, team: dict[str, str]) -> None:
    path = "/issue/WEB-1/properties/syncd"
    assert http("GET", path).status_code == 404
    assert http("PUT", path, json={"hash": "a"}).status_code == 201
    assert http("PUT", path, json=[1, 2]).status_code == 200
    assert http("GET", path).json() == {"key": "syncd", "value": [1, 2]}
    assert [entry["key"] for entry in http("GET", "/issue/WEB-1/properties").json()["keys"]] == ["syncd"]
    assert http("DELETE", path).status_code == 204
    assert http("DELETE", path).status_code == 404
    assert http("PUT", path, data=b"x" * 32769).status_code == 400


def test_what_the_account_may_not_do_is_told_and_refused(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("jira", "deny", permissions=["EDIT_ISSUES", "ADD_COMMENTS"])
    asked = {"permissions": "BROWSE_PROJECTS,EDIT_ISSUES", "projectKey": "WEB"}
    have = http("GET", "/mypermissions", params=asked).json()["permissions"]
    assert {key: entry["havePermission"] for key, entry in have.items()} == {
        "BROWSE_PROJECTS": True,
        "EDIT_ISSUES": False,
    }
    assert http("PUT", "/issue/WEB-1", json={"fields": {"summary": "x"}}).status_code == 403
    assert http("POST", "/issue/WEB-1/comment", json={"body": {}}).status_code == 403
    assert http("GET", "/mypermissions").status_code == 400
    assert http("GET", "/mypermissions", params={"permissions": "FLY"}).status_code == 400


def test_projects_come_in_pages(http: Any, team: dict[str, str]) -> None:
    first = http("GET", "/project/search", params={"maxResults": 1}).json()
    assert ([p["key"] for p in first["values"]], first["isLast"], first["total"]) == (["PAY"], False, 2)
    second = http("GET", "/project/search", params={"maxResults": 1, "startAt": 1}).json()
    assert ([p["key"] for p in second["values"]], second["isLast"], "nextPage" in second) == (["WEB"], True, False)
    assert [p["key"] for p in http("GET", "/project/search", params={"keys": "WEB"}).json()["values"]] == ["WEB"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("PATCH", "/issue/WEB-1", 405), ("GET", "/issue/WEB-99", 404)],
)
def test_unknown_paths_and_methods_are_refused(
    http: Any, team: dict[str, str], method: str, path: str, status: int
) -> None:
    assert http(method, path).status_code == status


def test_broken_json_is_refused(http: Any, team: dict[str, str]) -> None:
    assert http("PUT", "/issue/WEB-1", data=b"{").status_code == 400
    assert http("PUT", "/issue/WEB-1", data=b"[]").status_code == 400


def test_the_burst_limit_is_per_endpoint_and_says_so(http: Any, team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("jira", "limit", per_second=2)
    answers = [http("GET", "/issue/WEB-1") for _ in range(4)]
    limited = answers[-1]
    assert [answer.status_code for answer in answers].count(200) in (2, 3)
    assert limited.status_code == 429
    assert limited.headers["RateLimit-Reason"] == "jira-burst-based"
    assert int(limited.headers["Retry-After"]) >= 1
    assert http("GET", "/myself").headers["X-RateLimit-Limit"] == "2"
    sandbox.act("jira", "limit")
    assert http("GET", "/issue/WEB-1").status_code == 200


def test_the_truth_is_what_the_issues_are(sandbox: Sandbox, team: dict[str, str]) -> None:
    rows = {row["key"]: row for row in sandbox.truth("jira")}
    story, subtask, bug = rows["WEB-2"], rows["WEB-3"], rows["WEB-4"]
    assert (story["kind"], story["points"], story["due"], story["assignees"]) == (
        "story",
        5.0,
        "2026-11-20",
        ["Priya Raman"],
    )
    assert story["parent"] == rows["WEB-1"]["native_id"]
    assert story["url"] == f"{sandbox.root('jira')}/browse/WEB-2"
    assert (subtask["status_category"], subtask["closed_at"]) == ("done", "2026-11-19T09:00:00+00:00")
    assert (bug["status"], bug["status_category"], bug["labels"]) == ("Cancelled", "cancelled", ["regression", "ux"])
    sandbox.act("jira", "forbid", place="WEB")
    assert [row["key"] for row in sandbox.truth("jira")] == ["PAY-1"]


def test_an_act_can_set_everything_that_people_set(http: Any, sandbox: Sandbox, team: dict[str, str]) -> None:
    values: dict[str, Any] = {
        "title": "Words",
        "body": "Why",
        "status": "done",
        "kind": "bug",
        "labels": ["a"],
        "people": ["Mei Tanaka"],
        "parent": "WEB-1",
        "goal": "Claims",
        "components": ["billing"],
        "points": 3.0,
        "priority": "Low",
        "due": "2027-01-01",
        "sprint": "Sprint 25",
    }
    number = sandbox.act("jira", "edit", id="PAY-1", **values)
    row = next(row for row in sandbox.truth("jira") if row["native_id"] == number)
    assert (row["title"], row["status"], row["kind"], row["labels"]) == ("Words", "Done", "bug", ["a"])
    assert (row["assignees"], row["goals"], row["points"], row["due"]) == (
        ["Mei Tanaka"],
        ["Claims"],
        3.0,
        "2027-01-01",
    )
    assert row["closed_at"] == row["updated_at"]
    assert http("GET", "/issue/PAY-1").json()["fields"]["resolution"]["name"] == "Done"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("dance", {}),
        ("edit", {"id": "WEB-99", "title": "x"}),
        ("edit", {"id": "WEB-1", "mood": 1}),
        ("forbid", {"place": "X"}),
    ],
)
def test_an_act_on_what_is_not_there_is_refused(
    sandbox: Sandbox, team: dict[str, str], name: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(KeyError):
        sandbox.act("jira", name, **arguments)


def test_the_acts_are_listed(cloud: JiraService) -> None:
    assert {"edit", "create", "delete", "move", "rename", "forbid", "allow", "lag"} <= set(cloud.ACTS)
