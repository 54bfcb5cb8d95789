"""The sandbox's rows beside recorded ones: nothing that GitHub tells is missing."""

from typing import Any

import orjson
import pytest

from syncd.sandbox.github import GitHubService, bodies

from .conftest import TOOLS

FIXTURES = TOOLS / "fixtures/scenarios/api.github.com"
HOOKS = TOOLS / "webhooks-examples/api.github.com/index.json"
needs_recordings = pytest.mark.skipif(not FIXTURES.exists(), reason="@octokit/fixtures is not installed in .tools")
# since these were recorded, GitHub took them away
RETIRED = {"has_downloads", "master_branch", "temp_clone_token"}
# settings that only administrators of the repository see
FOR_ADMINISTRATORS = {
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_squash_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
    "merge_commit_message",
    "merge_commit_title",
    "security_and_analysis",
    "squash_merge_commit_message",
    "squash_merge_commit_title",
    "use_squash_pr_title_as_default",
}


def recorded(scenario: str, position: int) -> Any:
    exchange = orjson.loads((FIXTURES / scenario / "normalized-fixture.json").read_bytes())[position]
    return exchange["response"]


def missing(recorded: Any, ours: Any, path: str = "") -> set[str]:
    """Paths of keys in the recording that we do not have, where both have an object."""
    if isinstance(recorded, list) and isinstance(ours, list):
        return missing(recorded[0], ours[0], f"{path}[]") if recorded and ours else set()
    if not isinstance(recorded, dict) or not isinstance(ours, dict):
        return set()
    lost = {f"{path}.{key}" for key in recorded.keys() - ours.keys()}
    return lost.union(*(missing(recorded[key], ours[key], f"{path}.{key}") for key in recorded.keys() & ours.keys()))


def plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


@needs_recordings
@pytest.mark.usefixtures("team")
def test_issue_rows_have_every_recorded_key(service: GitHubService) -> None:
    issue = next(iter(service.hub.issues.values()))
    assert missing(recorded("paginate-issues", 0)[0], plain(service.rows().issue(issue))) == set()


@needs_recordings
@pytest.mark.usefixtures("team")
def test_repositories_have_every_recorded_key(service: GitHubService) -> None:
    ours = plain(bodies.full_repository(service.rows(), service.hub.names["acme/web"]))
    lost = missing(recorded("get-repository", 0), ours)
    assert {path.rpartition(".")[2] for path in lost} - RETIRED - FOR_ADMINISTRATORS == set()


@needs_recordings
@pytest.mark.usefixtures("team")
def test_labels_have_every_recorded_key(service: GitHubService) -> None:
    repo = service.hub.names["acme/web"]
    ours = [plain(service.rows().label(repo, label)) for label in repo.labels.values()]
    assert missing(recorded("labels", 0), ours) == set()


@pytest.mark.skipif(not HOOKS.exists(), reason="@octokit/webhooks-examples is not installed in .tools")
@pytest.mark.parametrize(
    ("event", "action", "act"),
    [
        ("issues", "edited", {"name": "edit", "title": "New"}),
        ("issues", "labeled", {"name": "edit", "labels": ["new"]}),
        ("issues", "assigned", {"name": "edit", "people": ["Di Eco"]}),
        ("issues", "reopened", {"name": "edit", "status": "todo"}),
        ("issues", "deleted", {"name": "delete"}),
        ("issues", "transferred", {"name": "move", "to": "acme/api"}),
        ("issue_comment", "created", {"name": "comment", "body": "Hello"}),
    ],
)
def test_webhooks_tell_what_github_tells(
    team: dict[str, str], service: GitHubService, event: str, action: str, act: dict[str, Any]
) -> None:
    examples = next(each["examples"] for each in orjson.loads(HOOKS.read_bytes()) if each["name"] == event)
    example = next(each for each in examples if each["action"] == action)
    service.act(act.pop("name"), {"id": team["bug"], **act})
    (said,) = [told.payload for told in service.events if (told.name, told.payload["action"]) == (event, action)]
    # the installation is told to Apps alone; the frame of old examples differs in details
    assert example.keys() - said.keys() - {"installation"} == set()
    # an issue that is no pull request has no draft any more
    assert missing(example.get("issue", {}), plain(said["issue"])) - {".draft"} == set()
