import orjson
import pytest

from connectors.base import AuthFailed, BadResponse, RateLimited, Unavailable
from connectors.calls import Answer
from connectors.notion.errors import classify

HTML = "<html><title>502 Bad Gateway</title></html>"


def answer(status, code=None, message="words", headers=None, **more):
    body = {"object": "error", "status": status, "code": code, "message": message, **more}
    return Answer(status, {"content-type": "application/json", **(headers or {})}, orjson.dumps(body))


def page(status):
    return Answer(status, {"content-type": "text/html"}, HTML.encode())


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (answer(401, "unauthorized"), AuthFailed, "copy the connection's current token"),
        (answer(403, "restricted_resource"), AuthFailed, "allow it to read content"),
        (answer(404, "object_not_found"), AuthFailed, "share the page with the connection"),
        (answer(429, "rate_limited", headers={"retry-after": "7"}), RateLimited, "too many requests"),
        (answer(429, "rate_limited", additional_data={"rate_limit_reason": "workspace_limit"}), RateLimited,
         r"\(workspace_limit, 429\)"),
        (answer(529, "service_overload"), RateLimited, "overloaded"),
        (answer(409, "conflict_error"), Unavailable, "collided"),
        (answer(400, "validation_error", "body.filter should be defined"), BadResponse, "body.filter should be defined"),
        (answer(400, "invalid_json", "Error parsing JSON body."), BadResponse, "Error parsing JSON body"),
        (answer(400, "invalid_request_url", "Invalid request URL."), BadResponse, "Invalid request URL"),
        (answer(400, "invalid_request", "Unsupported"), BadResponse, "Unsupported"),
        (answer(400, "missing_version"), BadResponse, "check the proxy"),
        (answer(500, "internal_server_error"), Unavailable, "failed internally"),
        (answer(502, "bad_gateway", "Bad gateway"), Unavailable, "Bad gateway"),
        (answer(503, "service_unavailable"), Unavailable, "not available"),
        (answer(503, "database_connection_unavailable"), Unavailable, "cannot reach its own database"),
        (answer(504, "gateway_timeout"), Unavailable, "took too long"),
        (answer(418, "teapot", "short and stout"), BadResponse, "short and stout"),
        (page(502), Unavailable, "a web page, not by Notion's API"),
        (page(403), BadResponse, "a proxy in between"),
        (page(404), BadResponse, "a proxy in between"),
        (page(401), BadResponse, "a proxy in between"),
        (Answer(401, {}, b""), AuthFailed, "401"),
        (Answer(302, {"location": "https://login.example/x?y=1"}, b""), BadResponse, "redirects to https://login.example:"),
    ],
)  # fmt: skip
def test_an_answer_is_one_of_the_four_errors_in_words(given, kind, says):
    error = classify(given)
    assert type(error) is kind
    assert error.status == given.status
    with pytest.raises(kind, match=says):
        raise error


def test_a_success_is_no_error():
    assert classify(Answer(200, {}, b"{}")) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Fri, 20 Nov 2026 12:01:30 GMT", "date": "Fri, 20 Nov 2026 12:00:30 GMT"}, 60),
        ({"retry-after": "300"}, 300),
        ({}, 30),
    ],
)
def test_a_limit_tells_how_long(headers, seconds):
    assert classify(answer(429, "rate_limited", headers=headers)).retry_after == seconds
