"""What PyGithub writes to the sandbox's GitHub, and what people do to it behind the API's back."""

from typing import Any

import github
import pytest
import requests

from syncd.sandbox.github import GitHubService
from syncd.sandbox.server import Sandbox

from .conftest import work


def events_of(service: GitHubService) -> list[tuple[str, str]]:
    """Name and action of what happened since the last look."""
    events, service.events = service.events, []
    return [(event.name, event.payload["action"]) for event in events]


def act(service: GitHubService, name: str, **arguments: Any) -> Any:
    return service.act(name, arguments)


def test_an_issue_is_created_with_everything_it_was_given(team: dict[str, str], client: github.Github) -> None:
    repo = client.get_repo("acme/web")
    autumn = repo.get_issue(3).milestone
    made = repo.create_issue("Mirror", body="Text", labels=["partner"], assignees=["bo-chen"], milestone=autumn)
    again = repo.get_issue(made.number)
    assert (again.title, again.body, again.state) == ("Mirror", "Text", "open")
    assert [label.name for label in again.labels] == ["partner"]
    assert [user.login for user in again.assignees] == ["bo-chen"]
    assert again.milestone.title == "Autumn release"
    assert again.user.login == "syncd-reader"
    assert made.number == 7


def test_an_issue_needs_a_title_and_known_values(team: dict[str, str], sandbox: Sandbox) -> None:
    url = f"{sandbox.root('github')}/repos/acme/web/issues"
    headers = {"Authorization": f"token {sandbox.services['github'].token}"}
    no_title = requests.post(url, json={"body": "x"}, headers=headers, timeout=5)
    assert no_title.status_code == 422
    assert no_title.json()["errors"] == [{"resource": "Issue", "field": "title", "code": "missing_field"}]
    for wrong in ({"milestone": 99}, {"type": "Nonsense"}, {"state": "gone"}, {"labels": ["x" * 51]}):
        assert requests.post(url, json={"title": "T"} | wrong, headers=headers, timeout=5).status_code == 422
    assert requests.post(url, data=b"{", headers=headers, timeout=5).status_code == 400


def test_closing_and_reopening_keep_the_reason(team: dict[str, str], client: github.Github) -> None:
    issue = client.get_repo("acme/web").get_issue(2)
    issue.edit(state="closed", state_reason="not_planned")
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert issue.closed_at is not None
    issue.edit(state="open")
    assert (issue.state, issue.state_reason, issue.closed_at) == ("open", "reopened", None)


def test_labels_are_added_and_removed_one_by_one(team: dict[str, str], client: github.Github) -> None:
    issue = client.get_repo("acme/web").get_issue(1)
    issue.add_to_labels("syncd", "two words")
    assert {label.name for label in issue.get_labels()} == {"goal:activation", "syncd", "two words"}
    issue.remove_from_labels("two words")
    with pytest.raises(github.GithubException, match="404"):
        issue.remove_from_labels("two words")
    issue.set_labels("only")
    assert [label.name for label in issue.get_labels()] == ["only"]


def test_a_label_exists_once(team: dict[str, str], client: github.Github) -> None:
    repo = client.get_repo("acme/web")
    assert repo.create_label("syncd", "ff0000").color == "ff0000"
    with pytest.raises(github.GithubException) as refused:
        repo.create_label("SYNCD", "00ff00")
    assert refused.value.data["errors"][0]["code"] == "already_exists"


def test_comments_come_change_and_stamp_their_issue(team: dict[str, str], client: github.Github) -> None:
    issue = client.get_repo("acme/web").get_issue(1)
    before = issue.updated_at
    comment = issue.create_comment("First")
    comment.edit("Second")
    assert [each.body for each in issue.get_comments()] == ["Second"]
    assert [each.body for each in client.get_repo("acme/web").get_issues_comments(sort="updated")] == ["Second"]
    assert client.get_repo("acme/web").get_issue(1).updated_at > before
    comment.delete()
    assert list(issue.get_comments()) == []


def test_sub_issues_move_between_parents_and_never_in_circles(team: dict[str, str], client: github.Github) -> None:
    repo = client.get_repo("acme/web")
    epic, story, bug = (repo.get_issue(number) for number in (1, 2, 3))
    epic.add_sub_issue(bug.id)
    assert [child.number for child in epic.get_sub_issues()] == [2, 3]
    for parent, child in ((bug, story), (story, epic)):
        with pytest.raises(github.GithubException) as refused:
            parent.add_sub_issue(child.id)
        assert refused.value.status == 422
    epic.remove_sub_issue(bug.id)
    assert [child.number for child in epic.get_sub_issues()] == [2]
    summary = client.get_repo("acme/web").get_issue(1).sub_issues_summary
    assert (summary.total, summary.completed) == (1, 0)


def test_every_write_is_told_to_webhooks(team: dict[str, str], service: GitHubService, client: github.Github) -> None:
    happened: list[tuple[str, str]] = []
    heard: list[dict[str, Any]] = []
    service._edits._say = lambda event: (
        happened.append((event.name, event.payload["action"])),
        heard.append(event.payload),
    )
    issue = client.get_repo("acme/web").get_issue(1)
    issue.edit(title="New title", labels=["a"], state="closed")
    issue.create_comment("Hello")
    assert happened == [
        ("issues", "edited"),
        ("issues", "labeled"),
        ("issues", "unlabeled"),
        ("issues", "closed"),
        ("issue_comment", "created"),
    ]
    assert heard[0]["changes"] == {"title": {"from": "Epic"}}
    assert heard[-1]["sender"] is not None


def test_acts_change_what_people_change(team: dict[str, str], service: GitHubService) -> None:
    native_id = act(service, "create", place="acme/web", title="Fresh", labels=["x"], people=["Di Eco"], goal="growth")
    act(
        service,
        "edit",
        id=native_id,
        title="Fresher",
        status="in_progress",
        points=5,
        due="2027-01-02",
        parent=team["epic"],
    )
    (row,) = [row for row in service.truth() if row["native_id"] == native_id]
    assert (row["title"], row["status_category"], row["points"], row["due"]) == (
        "Fresher",
        "in_progress",
        5.0,
        "2027-01-02",
    )
    assert row["assignees"] == ["di-eco"]
    assert row["parent"] == next(row["native_id"] for row in service.truth() if row["title"] == "Epic")
    act(service, "edit", id=native_id, status="cancelled", parent="")
    (row,) = [row for row in service.truth() if row["native_id"] == native_id]
    assert (row["status"], row["status_category"], row["parent"]) == ("closed", "cancelled", None)
    assert ("issues", "opened") in events_of(service)


def test_acts_make_and_merge_pull_requests(team: dict[str, str], service: GitHubService) -> None:
    native_id = act(service, "create", place="acme/web", title="Change", kind="pull_request", branch="b", draft=True)
    act(service, "edit", id=native_id, draft=False)
    act(service, "edit", id=native_id, merged=True)
    (row,) = [row for row in service.truth() if row["native_id"] == native_id]
    assert (row["kind"], row["status"], row["merged"], row["branch"]) == ("pull_request", "merged", True, "b")
    said = events_of(service)
    assert [action for name, action in said if name == "pull_request"] == ["opened", "ready_for_review", "closed"]


def test_acts_name_what_they_do_not_know(team: dict[str, str], service: GitHubService) -> None:
    for name, arguments in (
        ("explode", {}),
        ("edit", {"id": "1", "title": "x"}),
        ("edit", {"id": team["epic"], "colour": "red"}),
        ("move", {"id": team["fix"], "to": "acme/api"}),
        ("rename", {"place": "acme/none", "to": "x"}),
    ):
        with pytest.raises(KeyError):
            act(service, name, **arguments)


def test_a_reference_to_nothing_is_refused(service: GitHubService) -> None:
    with pytest.raises(KeyError, match="not planted yet"):
        service.plant([work("lonely", closes=("nowhere",))], {})
