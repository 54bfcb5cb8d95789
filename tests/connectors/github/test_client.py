"""The wire: what is sent, what is refused, that threads do not mix answers, how an App signs in."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import AuthFailed, BadResponse, RateLimited, Unavailable
from connectors.calls import metered
from connectors.github.connector import GitHub
from connectors.settings import SecretMissing
from tests.connectors.github.conftest import Connect
from tests.connectors.github.fake import TOKEN, Asked, FakeGitHub, Reply, pull, reply, stamp


def test_requests_are_signed_and_name_the_api_version(connector: GitHub, github: FakeGitHub) -> None:
    pull(connector)
    headers = github.asked[0].headers
    assert headers["authorization"] == f"token {TOKEN}"
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"] == "syncd"


def test_a_missing_secret_is_told_before_any_request(
    connect: Connect, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(SecretMissing, match="GITHUB_TOKEN"):
        connect(github.root)
    assert github.asked == []


@pytest.mark.parametrize("where", ["https://evil.example/issues", "{root}/repositories/77/issues"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused_wherever_it_leads(
    connector: GitHub, github: FakeGitHub, where: str, status: int
) -> None:
    github.fault = lambda _: reply(status, {}, Location=where.format(root=github.root))
    with pytest.raises(BadResponse, match="redirects to"):
        pull(connector)
    assert len(github.asked) == 1


LIES: list[tuple[Reply, type[Exception], str]] = [
    (
        reply(200, b"<html>Sign in</html>", Content_Type="text/html"),
        BadResponse,
        "text/html, which is not JSON .a sign-in or proxy page",
    ),
    (reply(200, b"[nonsense]"), BadResponse, "not JSON"),
    (reply(200, {"message": "hello"}), BadResponse, "a JSON dict where a list belongs"),
    (reply(200, ["a", "b"]), BadResponse, "list of objects"),
    (reply(200, [{"title": "no id"}]), BadResponse, "without id"),
    (reply(200, b"[]", Content_Length="20"), Unavailable, "no answer"),
    (reply(200, b'[{"id": 1, "tit'), Unavailable, "ends in the middle"),
]


@pytest.mark.parametrize(("lie", "kind", "says"), LIES)
def test_an_answer_that_is_not_what_it_says_is_refused(
    connector: GitHub, github: FakeGitHub, lie: Reply, kind: type[Exception], says: str
) -> None:
    def lying(_: Asked) -> Reply:
        return lie[0], lie[1] | {"Connection": "close"}, lie[2]

    github.fault = lying
    with pytest.raises(kind, match=says):
        pull(connector)


def test_a_request_that_fails_once_is_sent_again(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3)
    github.fault = lambda _: reply(502, b"Server Error") if len(github.asked) == 1 else None
    assert len(pull(connector)[0].items) == 3
    assert len(github.asked) == 2


def test_a_limit_beyond_the_deadline_is_told_at_once(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda _: reply(403, {"message": "You have exceeded a secondary rate limit"}, Retry_After="1800")
    with pytest.raises(RateLimited) as caught:
        pull(connector)
    assert (caught.value.retry_after, caught.value.where, len(github.asked)) == (1800, "acme/web", 1)


def test_nobody_listening_is_unavailable(connect: Connect) -> None:
    with pytest.raises(Unavailable, match="no answer") as caught:
        pull(connect("http://127.0.0.1:9"))
    assert not caught.value.sent


@pytest.fixture
def eager_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_threads_do_not_mix_answers(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda asked: reply(200, {"path": asked.path})
    client = connector._client

    def ask(number: int) -> bool:
        return bool(client.get(f"/echo/{number}", op="echo").json()["path"] == f"/echo/{number}")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
    assert len(github.asked) == 400


def test_prefetched_requests_are_counted(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(1000)
    with metered() as meter:
        pull(connector)
    assert meter.requests == 11


def test_an_enterprise_root_is_kept_in_every_url(connect: Connect, github: FakeGitHub) -> None:
    paths: list[str] = []

    def below_api_v3(asked: Asked) -> Reply | None:
        paths.append(asked.path)
        asked.path = asked.path.removeprefix("/api/v3").replace("/api/graphql", "/graphql")
        return None

    github.fault = below_api_v3
    github.fill(250, pulls=lambda number: number == 250)
    pages = pull(connect(f"{github.root}/api/v3"))
    assert pages[-1].items[-1].branch == "branch-250"
    assert set(paths) == {"/api/v3/repositories/77/issues", "/api/graphql"}


def test_links_to_another_host_are_asked_at_our_own(connect: Connect, github: FakeGitHub) -> None:
    github.cursors = True
    github.fill(250)
    own, github.root = github.root, "https://api.github.com"
    assert len([item for page in pull(connect(own)) for item in page.items]) == 250


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
APP = {"app_id": 4711, "installation_id": 815, "private_key": {"env": "APP_KEY"}}


class Tokens:
    """Gives out installation tokens that live for an hour, and renames them so that the fake accepts them."""

    def __init__(self, github: FakeGitHub) -> None:
        self.github, self.given, self.claims = github, 0, {}

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/app/installations/815/access_tokens":
            scheme, _, token = asked.headers["authorization"].partition(" ")
            assert scheme == "Bearer"
            self.claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256"])
            self.given += 1
            ends = stamp(self.github.now + timedelta(hours=1))
            return reply(201, {"token": f"ghs_{self.given}", "expires_at": ends})
        if asked.headers["authorization"] == f"token ghs_{self.given}":
            asked.headers["authorization"] = f"token {TOKEN}"
        return None


def test_an_app_signs_once_and_uses_its_installations_token(
    connect: Connect, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_KEY", PEM)
    github.fill(1500)
    github.fault = tokens = Tokens(github)
    connector = connect(github.root, auth=APP)
    pages = pull(connector)
    assert len([item for page in pages for item in page.items]) == 1500
    assert (tokens.given, tokens.claims["iss"]) == (1, "4711")
    github.asked.clear()
    pull(connector, pages[-1].cursor)
    assert ["if-none-match" in request.headers for request in github.asked] == [True]


def test_a_new_token_makes_the_etag_of_the_old_one_useless(
    connect: Connect, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_KEY", PEM)
    github.fill(3)
    github.fault = tokens = Tokens(github)
    connector = connect(github.root, auth=APP)
    cursor = pull(connector)[-1].cursor
    connector._client._auth._renew_at = 0  # an hour later
    github.asked.clear()
    pull(connector, cursor)
    assert tokens.given == 2
    assert "if-none-match" not in github.asked[-1].headers


@pytest.mark.parametrize(
    ("key", "fault", "says"),
    [
        ("not a key", lambda _: None, "private key is not"),
        (PEM, lambda _: reply(401, {"message": "A JSON web token could not be decoded"}), "refused"),
        (PEM, lambda _: reply(404, {"message": "Not Found"}), "404"),
    ],
)
def test_an_app_that_cannot_sign_in_says_why(
    connect: Connect, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch, key: str, fault: object, says: str
) -> None:
    monkeypatch.setenv("APP_KEY", key)
    github.fault = fault
    with pytest.raises(AuthFailed, match=says):
        pull(connect(github.root, auth=APP))


def test_secrets_are_in_no_error(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda asked: reply(400, {"message": "bad", "seen": json.dumps(sorted(asked.headers))})
    with pytest.raises(BadResponse) as caught:
        pull(connector)
    assert TOKEN not in str(caught.value)
