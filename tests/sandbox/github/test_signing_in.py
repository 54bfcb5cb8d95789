"""Tokens, the App, and the limits of each credential."""

import time
from datetime import timedelta

import github
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.server import Sandbox

from .conftest import client_for


def ask(box: Sandbox, path: str, token: str | None, method: str = "GET") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, box.root("github") + path, headers=headers, timeout=5)


@pytest.fixture
def real_time(clock: Clock) -> None:
    """An App signs with the machine's time: let the sandbox share it."""
    clock.advance(time.time() - clock().timestamp())


def test_without_a_known_token_nothing_is_told(team: dict[str, str], sandbox: Sandbox) -> None:
    assert ask(sandbox, "/user", None).json()["message"] == "Requires authentication"
    refused = ask(sandbox, "/user", "ghp_wrong")
    assert refused.status_code == 401
    assert refused.json() == {
        "message": "Bad credentials",
        "documentation_url": "https://docs.github.com/rest",
        "status": "401",
    }


def test_the_token_has_a_user_and_scopes(sandbox: Sandbox, client: github.Github) -> None:
    assert client.get_user().login == "syncd-reader"
    assert "repo" in (client.oauth_scopes or [])


@pytest.mark.usefixtures("real_time", "team")
def test_pygithub_signs_in_as_an_installation(service: GitHubService, sandbox: Sandbox) -> None:
    app = github.Auth.AppAuth(service.access.app_id, service.access.private_key)
    auth = app.get_installation_auth(service.access.installation_id, {"issues": "read", "metadata": "read"})
    with client_for(sandbox, auth) as client:
        titles = {issue.title for issue in client.get_repo("acme/web").get_issues(state="all")}
        assert {"Epic", "Fix"} <= titles
        with pytest.raises(github.GithubException) as refused:
            client.get_repo("acme/web").create_issue("Not allowed")
        assert refused.value.status == 403


@pytest.mark.usefixtures("real_time", "team")
def test_an_installation_lists_its_repositories_and_a_person_cannot(service: GitHubService, sandbox: Sandbox) -> None:
    token = service.access.issue_token({}, [service.hub.names["acme/api"].id]).token
    listed = ask(sandbox, "/installation/repositories", token).json()
    assert [repo["full_name"] for repo in listed["repositories"]] == ["acme/api"]
    assert ask(sandbox, "/repos/acme/web", token).status_code == 404
    assert ask(sandbox, "/installation/repositories", service.token).status_code == 403
    assert ask(sandbox, "/user", token).status_code == 403


@pytest.mark.usefixtures("real_time", "team")
def test_pygithub_finds_the_installation(service: GitHubService, sandbox: Sandbox) -> None:
    app = github.Auth.AppAuth(service.access.app_id, service.access.private_key)
    with github.GithubIntegration(auth=app, base_url=sandbox.root("github"), retry=None) as integration:
        assert integration.get_app().slug == "syncd-sandbox"
        assert [found.id for found in integration.get_installations()] == [service.access.installation_id]
        assert integration.get_org_installation("acme").id == service.access.installation_id


@pytest.mark.usefixtures("real_time")
@pytest.mark.parametrize(
    ("claims", "own_key"),
    [
        ({}, False),
        ({"iss": "999"}, True),
        ({"exp": -10}, True),
        ({"exp": 3600}, True),
        ({"iat": 600}, True),
    ],
    ids=["foreign key", "foreign app", "expired", "too long", "from the future"],
)
def test_a_jwt_that_is_not_right_is_refused(
    service: GitHubService, sandbox: Sandbox, claims: dict[str, object], own_key: bool
) -> None:
    now = int(time.time())
    times = {"iat": now + int(claims.get("iat", -60)), "exp": now + int(claims.get("exp", 300))}
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = service.access.private_key if own_key else foreign
    token = jwt.encode({"iss": claims.get("iss", str(service.access.app_id)), **times}, key, algorithm="RS256")
    path = f"/app/installations/{service.access.installation_id}/access_tokens"
    assert ask(sandbox, path, token, "POST").status_code == 401


def test_installation_tokens_expire_after_an_hour(service: GitHubService, sandbox: Sandbox, clock: Clock) -> None:
    token = service.access.issue_token({}, None).token
    assert ask(sandbox, "/installation/repositories", token).status_code == 200
    clock.advance(timedelta(hours=1, seconds=1).total_seconds())
    assert ask(sandbox, "/installation/repositories", token).status_code == 401


def test_the_budget_counts_down_and_comes_back(
    team: dict[str, str], service: GitHubService, sandbox: Sandbox, clock: Clock
) -> None:
    service.limits.limit = 3
    used = [ask(sandbox, "/repos/acme/web", service.token) for _ in range(4)]
    assert [answer.status_code for answer in used] == [200, 200, 200, 403]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in used] == ["2", "1", "0", "0"]
    assert "rate limit exceeded" in used[3].json()["message"]
    overview = ask(sandbox, "/rate_limit", service.token).json()
    assert overview["resources"]["core"]["remaining"] == 0
    assert overview["resources"]["graphql"]["remaining"] == 3
    clock.advance(int(used[3].headers["X-RateLimit-Reset"]) - clock().timestamp() + 1)
    assert ask(sandbox, "/repos/acme/web", service.token).status_code == 200


def test_pygithub_sees_the_secondary_limit(team: dict[str, str], sandbox: Sandbox, client: github.Github) -> None:
    sandbox.act("github", "limit", seconds=30)
    with pytest.raises(github.RateLimitExceededException) as refused:
        list(client.get_repo("acme/web").get_issues())
    assert 28 <= int(refused.value.headers["retry-after"]) <= 30


def test_an_act_leaves_few_requests(team: dict[str, str], service: GitHubService, sandbox: Sandbox) -> None:
    ask(sandbox, "/user", service.token)
    sandbox.act("github", "limit", remaining=1)
    statuses = [ask(sandbox, "/user", service.token).status_code for _ in range(2)]
    assert statuses == [200, 403]
