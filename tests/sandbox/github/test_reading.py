"""What PyGithub and plain requests read from the sandbox's GitHub."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import github
import pytest
import requests

from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.server import Sandbox

from .conftest import NOW, work


def get(box: Sandbox, path: str, token: str = "", **headers: str) -> requests.Response:
    token = token or box.services["github"].token
    return requests.get(
        box.root("github") + path,
        headers={"Authorization": f"token {token}"} | headers,
        timeout=5,
        allow_redirects=False,
    )


def follow(box: Sandbox, path: str) -> list[dict[str, Any]]:
    """All rows of a list, by its Link headers."""
    rows, url = [], box.root("github") + path
    while url:
        answer = get(box, url.removeprefix(box.root("github")))
        rows += answer.json()
        url = answer.links.get("next", {}).get("url", "")
    return rows


def test_pygithub_reads_issues_and_pull_requests_from_one_list(team: dict[str, str], client: github.Github) -> None:
    issues = {issue.title: issue for issue in client.get_repo("acme/web").get_issues(state="all")}
    assert len(issues) == 6
    assert issues["Fix"].pull_request is not None
    assert [user.login for user in issues["Story"].assignees] == ["bo-chen"]
    assert issues["Bug"].milestone.title == "Autumn release"
    assert issues["Epic"].labels[0].name == "goal:activation"


def test_rows_carry_what_only_some_issues_have(team: dict[str, str], sandbox: Sandbox) -> None:
    rows = {row["title"]: row for row in get(sandbox, "/repos/acme/web/issues?state=all&per_page=100").json()}
    assert rows["Epic"]["sub_issues_summary"] == {"total": 1, "completed": 0, "percent_completed": 0}
    assert rows["Story"]["parent_issue_url"].endswith("/repos/acme/web/issues/1")
    assert rows["Story"]["type"]["name"] == "Feature"
    fields = {field["issue_field_name"]: field["value"] for field in rows["Story"]["issue_field_values"]}
    assert fields == {"Points": 3.0, "Priority": "High"}
    assert rows["Dropped"]["state_reason"] == "not_planned"
    assert rows["Dropped"]["body"] is None
    assert rows["Bug"]["body"] == "It breaks."
    assert rows["Fix"]["pull_request"]["merged_at"] == rows["Fix"]["closed_at"]
    assert rows["Fix"]["type"] is None
    assert "issue_field_values" not in rows["Fix"]


def test_references_are_written_as_people_write_them(team: dict[str, str], client: github.Github) -> None:
    web, api = client.get_repo("acme/web"), client.get_repo("acme/api")
    bug = team["bug"].rpartition("#")[2]
    assert f"s #{bug}" in web.get_pull(5).body.replace("Fixe", "Close")
    assert team["story"] in api.get_pull(1).body
    pull = web.get_pull(6)
    assert "WEB-12" in f"{pull.title} {pull.head.ref} {pull.body}"


def test_state_is_open_unless_asked_otherwise(team: dict[str, str], sandbox: Sandbox) -> None:
    def titles(query: str) -> set[str]:
        return {row["title"] for row in get(sandbox, f"/repos/acme/web/issues?{query}").json()}

    assert {"Bug", "Dropped", "Fix"} & titles("") == set()
    assert titles("state=closed") == {"Bug", "Dropped", "Fix"}
    assert titles("state=all&labels=GOAL:activation") == {"Epic"}
    assert titles("state=all&assignee=bo-chen") == {"Story"}
    assert titles("state=all&milestone=1") == {"Bug"}
    assert titles("state=all&type=bug") == {"Bug"}
    assert titles("state=all&creator=nobody") == set()
    assert get(sandbox, "/repos/acme/web/issues?state=some").status_code == 422


def test_since_includes_its_own_second(team: dict[str, str], service: GitHubService, sandbox: Sandbox) -> None:
    epic = next(issue for issue in service.hub.issues.values() if issue.title == "Epic")
    for sort in ("updated", "created"):
        at, after = epic.updated, epic.updated + timedelta(seconds=1)
        path = f"/repos/acme/web/issues?state=all&sort={sort}&direction=asc&since="
        assert "Epic" in {row["title"] for row in get(sandbox, f"{path}{at:%Y-%m-%dT%H:%M:%SZ}").json()}
        assert "Epic" not in {row["title"] for row in get(sandbox, f"{path}{after:%Y-%m-%dT%H:%M:%SZ}").json()}


@pytest.mark.parametrize("sort", ["created", "updated", "comments"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_links_lead_through_every_row_once_in_order(
    service: GitHubService, sandbox: Sandbox, sort: str, direction: str
) -> None:
    service.plant([work(f"w{n}", updated=NOW - timedelta(minutes=n * 7 % 50)) for n in range(25)], {})
    rows = follow(sandbox, f"/repos/acme/web/issues?state=all&per_page=4&sort={sort}&direction={direction}")
    key = {"created": "created_at", "updated": "updated_at", "comments": "comments"}[sort]
    assert len({row["id"] for row in rows}) == len(rows) == 25
    assert [row[key] for row in rows] == sorted((row[key] for row in rows), reverse=direction == "desc")


def test_link_headers_keep_the_other_parameters(service: GitHubService, sandbox: Sandbox) -> None:
    service.plant([work(f"w{n}") for n in range(9)], {})
    answer = get(sandbox, "/repos/acme/web/issues?state=all&per_page=2&page=2&since=2026-01-01T00:00:00Z")
    assert set(answer.links) == {"first", "prev", "next", "last"}
    number = service.hub.names["acme/web"].id
    target = urlsplit(answer.links["next"]["url"])
    assert target.path == f"/github/repositories/{number}/issues"
    wanted = {"state": ["all"], "per_page": ["2"], "since": ["2026-01-01T00:00:00Z"], "page": ["3"]}
    assert parse_qs(target.query) == wanted
    assert answer.links["last"]["url"].endswith("page=5")


def test_page_numbers_past_the_limit_are_refused_and_cursors_lead_on(
    service: GitHubService, sandbox: Sandbox, client: github.Github
) -> None:
    service.plant([work(f"w{n}", updated=NOW - timedelta(minutes=n)) for n in range(25)], {})
    service.endpoints.page_limit = 10
    path = "/repos/acme/web/issues?state=all&per_page=5&sort=updated&direction=desc"
    refused = get(sandbox, f"{path}&page=3")
    assert refused.status_code == 422
    assert "cursor based pagination" in refused.json()["message"]
    first = get(sandbox, path)
    assert "after=" in first.links["next"]["url"]
    assert "last" not in first.links
    rows = follow(sandbox, path)
    assert [row["title"] for row in rows] == [f"W{n}" for n in range(25)]
    assert len(list(client.get_repo("acme/web").get_issues(state="all"))) == 25


def test_a_cursor_holds_its_place_while_rows_before_it_change(service: GitHubService, sandbox: Sandbox) -> None:
    service.plant([work(f"w{n}", updated=NOW - timedelta(hours=30 - n)) for n in range(20)], {})
    service.endpoints.page_limit = 5
    first = get(sandbox, "/repos/acme/web/issues?state=all&per_page=5&sort=created&direction=asc")
    sandbox.act("github", "delete", id=str(first.json()[0]["id"]))
    second = requests.get(first.links["next"]["url"], headers={"Authorization": f"token {service.token}"}, timeout=5)
    assert [row["title"] for row in second.json()] == [f"W{n}" for n in range(5, 10)]
    back = requests.get(second.links["prev"]["url"], headers={"Authorization": f"token {service.token}"}, timeout=5)
    assert [row["title"] for row in back.json()] == [f"W{n}" for n in range(1, 5)]


def test_an_unchanged_list_is_304_and_free(team: dict[str, str], sandbox: Sandbox) -> None:
    path = "/repos/acme/web/issues?state=all&sort=updated&direction=desc&per_page=100"
    first = get(sandbox, path)
    again = get(sandbox, path, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    sandbox.act("github", "edit", id=team["epic"], title="Epic, renamed")
    changed = get(sandbox, path, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert int(changed.headers["X-RateLimit-Used"]) == int(first.headers["X-RateLimit-Used"]) + 1


def test_etags_belong_to_a_token(team: dict[str, str], service: GitHubService, sandbox: Sandbox) -> None:
    other = service.access.issue_token({}, None).token
    mine = get(sandbox, "/repos/acme/web/issues").headers["ETag"]
    assert get(sandbox, "/repos/acme/web/issues", other, **{"If-None-Match": mine}).status_code == 200


def test_a_renamed_repository_redirects_to_its_id_with_the_query(team: dict[str, str], sandbox: Sandbox) -> None:
    number = get(sandbox, "/repos/acme/web").json()["id"]
    sandbox.act("github", "rename", place="acme/web", to="acme/site")
    moved = get(sandbox, "/repos/acme/web/issues?state=all&per_page=5")
    assert moved.status_code == 301
    assert moved.headers["Location"] == f"{sandbox.root('github')}/repositories/{number}/issues?state=all&per_page=5"
    assert get(sandbox, f"/repositories/{number}").json()["full_name"] == "acme/site"
    written = requests.post(
        f"{sandbox.root('github')}/repos/acme/web/issues",
        headers={"Authorization": f"token {sandbox.services['github'].token}"},
        json={"title": "New"},
        allow_redirects=False,
        timeout=5,
    )
    assert written.status_code == 307
    assert written.json()["message"] == "Moved Permanently"


def test_a_deleted_issue_is_gone_and_a_transferred_one_redirects(team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("github", "delete", id=team["bug"])
    assert get(sandbox, "/repos/acme/web/issues/3").status_code == 410
    before = get(sandbox, "/repos/acme/web/issues/2").json()
    new_id = sandbox.act("github", "move", id=team["story"], to="acme/api")
    moved = get(sandbox, "/repos/acme/web/issues/2")
    assert moved.status_code == 301
    there = get(sandbox, moved.headers["Location"].removeprefix(sandbox.root("github"))).json()
    assert (str(there["id"]), there["title"], there["created_at"]) == (new_id, before["title"], before["created_at"])
    assert there["id"] != before["id"]
    left = {row["title"] for row in get(sandbox, "/repos/acme/web/issues?state=all").json()}
    assert {"Bug", "Story"} & left == set()
    assert get(sandbox, "/repos/acme/web/issues/99").status_code == 404


def test_a_repository_that_may_not_be_read_looks_absent(team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("github", "forbid", place="acme/web")
    assert get(sandbox, "/repos/acme/web/issues").status_code == 404
    assert [repo["full_name"] for repo in get(sandbox, "/orgs/acme/repos").json()] == ["acme/api"]
    assert {row["key"].partition("#")[0] for row in sandbox.truth("github")} == {"acme/api"}
    sandbox.act("github", "allow", place="acme/web")
    assert get(sandbox, "/repos/acme/web/issues").status_code == 200


def test_deleted_accounts_leave_issues_without_author(team: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.act("github", "ghost", person="Ana Lima")
    rows = get(sandbox, "/repos/acme/web/issues?state=all").json()
    assert {row["user"] for row in rows} == {None}


def test_organisations_list_their_repositories_in_pages(service: GitHubService, sandbox: Sandbox) -> None:
    service.plant([work(f"w{n}", place=f"acme/repo-{n}") for n in range(7)], {})
    names = [row["full_name"] for row in follow(sandbox, "/orgs/acme/repos?per_page=3")]
    assert names == [f"acme/repo-{n}" for n in range(7)]
    assert get(sandbox, "/orgs/nobody/repos").status_code == 404


def test_pulls_have_their_branch(team: dict[str, str], client: github.Github) -> None:
    pulls = {pull.title: pull for pull in client.get_repo("acme/web").get_pulls(state="all")}
    assert pulls["Fix"].head.ref == "fix-it"
    assert pulls["Fix"].merged_at is not None
    assert sum(pull.draft for pull in pulls.values()) == 1


def test_sub_issues_are_listed_below_their_parent(team: dict[str, str], client: github.Github) -> None:
    epic = client.get_repo("acme/web").get_issue(1)
    assert [child.title for child in epic.get_sub_issues()] == ["Story"]


def test_truth_is_what_the_api_shows(team: dict[str, str], sandbox: Sandbox) -> None:
    rows = {str(row["id"]): row for row in follow(sandbox, "/repos/acme/web/issues?state=all&per_page=3")}
    rows |= {str(row["id"]): row for row in follow(sandbox, "/repos/acme/api/issues?state=all")}
    truth = {row["native_id"]: row for row in sandbox.truth("github")}
    assert truth.keys() == rows.keys()
    for native_id, row in rows.items():
        true = truth[native_id]
        assert (true["title"], true["url"]) == (row["title"], row["html_url"])
        assert (true["updated_at"], true["closed_at"]) == (row["updated_at"], row["closed_at"])
        assert true["labels"] == [label["name"] for label in row["labels"]]
        assert true["merged"] == (bool(row["pull_request"]["merged_at"]) if "pull_request" in row else None)


def test_everything_is_the_same_for_the_same_seed(clock: Clock) -> None:
    one, other = (GitHubService(clock, 3) for _ in range(2))
    for service in (one, other):
        service.plant([work("epic", kind="epic"), work("story", parent="epic", labels=("a", "b"))], {})
    assert one.truth() == other.truth()
    assert one.token == other.token
