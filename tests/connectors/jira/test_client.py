import base64

import pytest

from connectors.base import AuthFailed, BadResponse, Cursor, RateLimited, Unavailable
from connectors.settings import SecretMissing
from tests.connectors.jira.fake_jira import error, ok, stream_of


def first_page(jira, stream):
    return next(jira.pull(stream, Cursor()))


@pytest.fixture
def jira(server, connect):
    server.plant(3)
    return connect()


@pytest.fixture
def stream(jira):
    return stream_of(jira)


def test_cloud_signs_in_with_mail_and_token_data_center_with_the_token_alone(server, connect):
    stream_of(connect())
    assert server.headers[-1]["authorization"] == "Basic " + base64.b64encode(b"bot@acme.example:s3cret").decode()
    stream_of(connect(auth={"token": {"env": "JIRA_TOKEN"}}))
    assert server.headers[-1]["authorization"] == "Bearer s3cret"


def test_a_missing_token_is_said_before_any_request(server, connect, monkeypatch):
    monkeypatch.delenv("JIRA_TOKEN")
    with pytest.raises(SecretMissing, match="JIRA_TOKEN"):
        connect()


def test_cookies_are_not_kept(server, jira, stream):
    server.before = lambda path, body: ok({"issues": []}, {"Set-Cookie": "JSESSIONID=1; Path=/"})
    first_page(jira, stream)
    first_page(jira, stream)
    assert "cookie" not in server.headers[-1]


def test_a_short_limit_is_waited_for(server, jira, stream):
    replies = [error(429, "slow down", {"Retry-After": "0"}), None]
    server.before = lambda path, body: replies.pop(0)
    assert len(first_page(jira, stream).items) == 3


def test_a_limit_beyond_the_deadline_parks_the_stream_after_one_request(server, jira, stream):
    server.requests.clear()
    server.before = lambda path, body: error(429, "quota", {"Retry-After": "1800"})
    with pytest.raises(RateLimited) as raised:
        first_page(jira, stream)
    assert raised.value.retry_after == 1800
    assert len(server.requests) == 1


def test_a_server_error_is_tried_again_and_then_said(server, jira, stream):
    server.requests.clear()
    server.before = lambda path, body: error(500, "database is down")
    with pytest.raises(Unavailable, match="database is down"):
        first_page(jira, stream)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Log in</html>"), "web page"),
        ((200, {"Content-Type": "application/json"}, b'{"issues": nothing}'), "not JSON"),
        ((200, {"Content-Type": "application/json"}, b"[]"), "a JSON list"),
        ((200, {"Content-Type": "application/json"}, b"{}"), "without a list of issues"),
        ((200, {"Content-Type": "application/json"}, b'{"issues": ["WEB-1"]}'), "without a list of issues"),
        (
            (302, {"Location": "https://elsewhere.example/login?os_destination=1"}, b""),
            "redirects to https://elsewhere.example",
        ),
        ((400, {"Content-Type": "application/json"}, b'"message"'), "400"),
    ],
)
def test_an_answer_that_is_not_what_it_says_is_refused_at_once(server, jira, stream, reply, says):
    server.requests.clear()
    server.before = lambda path, body: reply if "search" in path else None
    with pytest.raises(BadResponse, match=says):
        first_page(jira, stream)
    assert len(server.searches()) == 1


def test_a_body_cut_on_the_wire_is_read_again(server, jira, stream):
    cut = (200, {"Content-Type": "application/json", "Content-Length": "500", "Connection": "close"}, b'{"issues": [')
    replies = [cut, None]
    server.before = lambda path, body: replies.pop(0)
    assert len(first_page(jira, stream).items) == 3


def test_an_answer_to_nobody_in_particular_is_no_answer_to_us(server, jira, stream):
    server.before = lambda path, body: ok({"issues": []}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    with pytest.raises(AuthFailed, match="credential is refused"):
        first_page(jira, stream)


def test_an_error_never_tells_the_token(server, jira, stream):
    server.before = lambda path, body: error(401, "no")
    with pytest.raises(AuthFailed) as raised:
        first_page(jira, stream)
    assert "s3cret" not in repr(raised.value)
