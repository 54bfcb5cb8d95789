"""What ``syncd check`` tells about an account."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Finding
from connectors.github.connector import GitHub
from tests.connectors.github.conftest import Connect
from tests.connectors.github.fake import Asked, FakeGitHub, Reply, reply

LIMIT = {"resources": {"core": {"limit": 5000, "remaining": 4200}}}


@pytest.fixture(autouse=True)
def account(github: FakeGitHub) -> None:
    github.now = datetime.now(UTC)
    github.fault = account_of("repo, read:org")


def account_of(scopes: str | None, limit: object = LIMIT, status: int = 200) -> object:
    def answer(asked: Asked) -> Reply | None:
        headers = {} if scopes is None else {"X_OAuth_Scopes": scopes}
        if asked.path == "/user":
            return reply(status, {"login": "syncd-bot"} if status == 200 else {"message": "no"}, **headers)
        return reply(200, limit) if asked.path == "/rate_limit" else None

    return answer


def findings(connector: GitHub) -> dict[str, Finding]:
    return {finding.name: finding for finding in connector.check()}


def test_a_good_account_is_told_in_six_lines_and_nothing_is_written(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3)
    found = findings(connector)
    assert {name: finding.ok for name, finding in found.items()} == {
        "sign-in": True,
        "scopes": True,
        "clock": True,
        "rate limit": True,
        "read acme/web": True,
        "write acme/web": None,
    }
    assert found["sign-in"].says == "as syncd-bot"
    assert found["rate limit"].says == "4200 of 5000 requests left this hour"
    assert found["read acme/web"].says == "acme/web#3 'Item 3', open"
    assert {request.method for request in github.asked} == {"GET"}


def test_a_refused_token_ends_the_check(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = account_of(None, status=401)
    assert [(finding.name, finding.ok) for finding in connector.check()] == [("sign-in", False)]


def test_a_workflows_token_belongs_to_nobody(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = account_of(None, status=403)
    found = findings(connector)
    assert found["sign-in"].says == "with a token that belongs to no user"
    assert found["scopes"].ok is None


def test_a_token_without_repo_reads_public_repositories_only(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = account_of("public_repo")
    assert findings(connector)["scopes"].ok is None


@pytest.mark.parametrize(("minutes", "word"), [(5, "behind"), (-5, "ahead of")])
def test_a_wrong_clock_is_told(connector: GitHub, github: FakeGitHub, minutes: int, word: str) -> None:
    github.now += timedelta(minutes=minutes)
    clock = findings(connector)["clock"]
    assert not clock.ok
    assert word in clock.says


@pytest.mark.parametrize(
    ("limit", "ok"),
    [({"resources": {"core": {"limit": 5000, "remaining": 3}}}, False), ({}, None), (LIMIT, True)],
)
def test_the_rate_limit_is_judged(connector: GitHub, github: FakeGitHub, limit: object, ok: bool | None) -> None:
    github.fault = account_of("repo", limit)
    assert findings(connector)["rate limit"].ok is ok


def test_a_server_without_rate_limit_has_none(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda asked: reply(200, {"login": "x"}) if asked.path == "/user" else None
    assert findings(connector)["rate limit"].says == "none"


def test_an_unreadable_repository_is_named(connect: Connect, github: FakeGitHub) -> None:
    found = findings(connect(github.root, scope={"repositories": ["acme/web", "acme/hidden"]}))
    assert not found["read acme/hidden"].ok
    assert found["read acme/web"].says == "no issues or pull requests yet"
    none = findings(connect(github.root, scope={"repositories": ["acme/hidden"]}))
    assert "404" in none["scope"].says
