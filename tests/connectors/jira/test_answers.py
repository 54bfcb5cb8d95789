import orjson
import pytest

from connectors.base import AuthFailed, BadResponse, RateLimited, Unavailable
from connectors.calls import Answer
from connectors.jira.answers import classify, words

NOW = "Fri, 02 Oct 2026 10:00:00 GMT"


def answer(status, body=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"date": NOW, **names}, orjson.dumps(body) if body is not None else b"")


def test_a_success_is_no_error():
    assert classify(answer(200, {}, content_type="application/json;charset=UTF-8")) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit_reason": "jira-burst-based", "retry_after": "7"}, 7),
        ({"ratelimit_reason": "jira-per-issue-on-write", "retry_after": "2"}, 2),
        ({"ratelimit_reason": "jira-quota-tenant-based", "x_ratelimit_reset": "2026-10-02T10:30:00Z"}, 1800),
        (
            {
                "ratelimit_reason": "jira-quota-tenant-based",
                "x_ratelimit_reset": "2026-10-02T10:30Z",
                "retry_after": "5",
            },
            1800,
        ),
        ({"ratelimit_reason": "jira-burst-based", "x_ratelimit_reset": "2026-10-02T10:30Z", "retry_after": "5"}, 5),
        ({"x_ratelimit_reset": "2026-10-02T10:00:10+00:00"}, 10),
        ({"ratelimit_reason": "jira-quota-tenant-based", "x_ratelimit_reset": "9999-12-31T23:59:59Z"}, 86400),
        ({"retry_after": "Fri, 02 Oct 2026 10:01:00 GMT"}, 60),
        ({"retry_after": "soon", "x_ratelimit_reset": "never"}, 30),
        ({}, 30),
    ],
)
def test_how_long_a_limit_lasts(headers, seconds):
    error = classify(answer(429, **headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(seconds)
    assert headers.get("ratelimit_reason", "no reason given") in str(error)


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (answer(401, {"message": "Client must be authenticated"}), AuthFailed, "renew the token"),
        (Answer(401, {"content-type": "text/html"}, b"<html>Login</html>"), AuthFailed, "renew the token"),
        (answer(200, {}, x_seraph_loginreason="AUTHENTICATED_FAILED"), AuthFailed, "credential is refused"),
        (answer(403, x_authentication_denied_reason="CAPTCHA_CHALLENGE; login-url=https://x"), AuthFailed, "CAPTCHA"),
        (answer(403, {"errorMessages": ["No permission to browse"]}), AuthFailed, "No permission to browse"),
        (answer(404, {"errorMessages": ["No project could be found"]}), AuthFailed, "No project could be found"),
        (answer(400, {"errorMessages": ["A.", "B."], "errors": {"jql": "C"}}), BadResponse, "A. B. jql: C"),
        (answer(400), BadResponse, "400"),
        (Answer(200, {"content-type": "text/html;charset=UTF-8"}, b"<html>"), BadResponse, "web page"),
        (answer(302, location="https://login.example/x?secret=1"), BadResponse, "redirects to https://login.example:"),
        (answer(500, {"errorMessages": ["oops"]}), Unavailable, "oops"),
        (answer(503, retry_after="9"), RateLimited, "503"),
        (answer(410), AuthFailed, "410"),
    ],
)
def test_what_a_refusal_means(given, kind, says):
    error = classify(given)
    assert type(error) is kind
    assert says in str(error)
    assert error.status == given.status


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"text"', b"7", b'{"errorMessages": null, "errors": []}'])
def test_error_bodies_without_words(body):
    assert words(Answer(400, {}, body)) == ""
