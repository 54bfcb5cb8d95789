"""The real ``jira`` library works with both sites."""

from contextlib import closing
from typing import Any

import jira
import pytest

from syncd.sandbox.server import Sandbox

BOUNDED = "project in (WEB, PAY) ORDER BY created ASC, key ASC"


def test_enhanced_search_gives_issues_as_the_library_reads_them(client: jira.JIRA, team: dict[str, str]) -> None:
    issues = client.enhanced_search_issues(BOUNDED, maxResults=50)
    by_key = {issue.key: issue for issue in issues}
    story = by_key[team["story"]]
    assert set(by_key) == set(team.values())
    assert (story.fields.issuetype.name, story.fields.assignee.displayName) == ("Story", "Priya Raman")
    assert story.fields.parent.key == team["epic"]
    assert story.fields.customfield_10020[0].name == "Sprint 24"
    assert story.fields.customfield_10016 == 5.0
    assert [version.name for version in story.fields.fixVersions] == ["2.1"]
    assert by_key[team["epic"]].fields.customfield_10042.value == "Activation"
    assert not hasattr(by_key[team["epic"]].fields, "parent")


def test_enhanced_search_walks_all_pages(client: jira.JIRA, team: dict[str, str], sandbox: Sandbox) -> None:
    for number in range(230):
        sandbox.act("jira", "create", place="WEB", title=f"Task {number}")
    issues = client.enhanced_search_issues("project = WEB ORDER BY created ASC", maxResults=False)
    assert len(issues) == 234
    assert len({issue.id for issue in issues}) == 234


def test_approximate_count_counts(client: jira.JIRA, team: dict[str, str]) -> None:
    assert client.approximate_issue_count("project = WEB") == 4


def test_data_center_search_walks_by_offset(dc_client: jira.JIRA, team: dict[str, str], sandbox: Sandbox) -> None:
    for number in range(120):
        sandbox.act("jira-dc", "create", place="WEB", title=f"Task {number}")
    issues = dc_client.search_issues("project = WEB ORDER BY key ASC", maxResults=False)
    assert issues.total == 124
    assert [issue.key for issue in issues] == [f"WEB-{number}" for number in range(1, 125)]


def test_data_center_speaks_its_old_dialect(dc_client: jira.JIRA, team: dict[str, str]) -> None:
    story = dc_client.issue(team["story"])
    assert story.fields.customfield_10100 == team["epic"]
    assert story.fields.customfield_10104[0].startswith("com.atlassian.greenhopper.service.sprint.Sprint@")
    assert "state=ACTIVE,name=Sprint 24," in story.fields.customfield_10104[0]
    assert not hasattr(story.fields, "parent")
    assert dc_client.issue(team["subtask"]).fields.parent.key == team["story"]
    assert story.fields.assignee.name == "priya.raman"


def test_text_is_a_document_in_version_3_and_plain_in_version_2(
    client: jira.JIRA, dc_client: jira.JIRA, team: dict[str, str]
) -> None:
    document = client.issue(team["story"]).raw["fields"]["description"]
    assert [block["type"] for block in document["content"]] == ["paragraph", "paragraph", "bulletList"]
    assert document["content"][1]["content"][1]["marks"][0]["attrs"]["href"] == "https://acme.example/why"
    assert dc_client.issue(team["story"]).fields.description.startswith("Ask once.\n\nSee https://")


def test_comments_can_be_written_read_and_changed(client: jira.JIRA, team: dict[str, str]) -> None:
    said = client.add_comment(team["story"], _document("Serves activation"))
    said.update(body=_document("Serves activation, really"))
    comments = client.comments(team["story"])
    assert [comment.id for comment in comments] == [said.id]
    assert comments[0].raw["body"]["content"][0]["content"][0]["text"] == "Serves activation, really"
    comments[0].delete()
    assert client.comments(team["story"]) == []


def test_issues_can_be_created_labelled_and_deleted(client: jira.JIRA, team: dict[str, str]) -> None:
    made = client.create_issue(
        project="WEB", summary="Shorter mail", issuetype={"name": "Task"}, parent={"key": team["epic"]}
    )
    made.add_field_value("labels", "goal:activation")
    again = client.issue(made.key)
    assert again.fields.labels == ["goal:activation"]
    assert again.fields.parent.key == team["epic"]
    made.delete()
    with pytest.raises(jira.JIRAError, match="Issue does not exist") as gone:
        client.issue(made.key)
    assert gone.value.status_code == 404


def test_links_to_elsewhere_can_be_added(client: jira.JIRA, team: dict[str, str]) -> None:
    client.add_simple_link(team["story"], {"url": "https://acme.example/goal", "title": "Activation"})
    assert [link.object.title for link in client.remote_links(team["story"])] == ["Activation"]


def test_the_site_tells_who_it_is(client: jira.JIRA, dc_client: jira.JIRA) -> None:
    assert (client.deploymentType, dc_client.deploymentType) == ("Cloud", "Server")
    assert client.myself()["displayName"] == "Planning Bot"
    assert client.myself()["timeZone"] in ("Europe/Zurich", "UTC")


def test_projects_and_fields_are_listed(client: jira.JIRA, dc_client: jira.JIRA, team: dict[str, str]) -> None:
    assert [project.key for project in client.projects()] == ["PAY", "WEB"]
    assert client.project("WEB").name == "Web app"
    schemas = {field["id"]: field["schema"].get("custom") for field in dc_client.fields() if "schema" in field}
    assert schemas["customfield_10100"] == "com.pyxis.greenhopper.jira:gh-epic-link"
    assert schemas["customfield_10104"] == "com.pyxis.greenhopper.jira:gh-sprint"


def test_a_wrong_credential_is_refused(sandbox: Sandbox) -> None:
    with (
        closing(jira.JIRA(server=sandbox.root("jira"), basic_auth=("a@b.example", "wrong"), max_retries=0)) as stranger,
        pytest.raises(jira.JIRAError) as refused,
    ):
        stranger.myself()
    assert refused.value.status_code == 401


def _document(text: str) -> dict[str, Any]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}
