"""What answers mean, one line a case."""

import json
import re

import pytest

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.calls import Answer
from connectors.github.classify import Classifier

DATE = {"date": "Sun, 22 Nov 2026 12:00:00 GMT"}
NOON = 1_795_348_800
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait."}


def answer(status: int, body: object = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, DATE | named, body if isinstance(body, bytes) else json.dumps(body).encode())


CASES: list[tuple[Answer, type[ConnectorError], str]] = [
    (answer(401, {"message": "Bad credentials"}), AuthFailed, "refused"),
    (answer(403, {"message": "Resource not accessible by integration"}), AuthFailed, "Issues, Pull requests and Metadata"),
    (answer(403, {"message": "SAML"}, x_github_sso="required; url=https://x"), AuthFailed, "single sign-on"),
    (answer(403, {"message": "`acme` has an IP allow list enabled"}), AuthFailed, "IP allow list"),
    (answer(404, {"message": "Not Found"}), AuthFailed, "check the name"),
    (answer(410, {"message": "Issues are disabled for this repo"}), AuthFailed, "Issues are disabled"),
    (answer(451, {"message": "Repository access blocked"}), AuthFailed, "blocked"),
    (answer(422, {"message": "Validation Failed", "errors": [{"resource": "Issue", "field": "since", "code": "invalid"}]}),
     BadResponse, "Issue since invalid"),
    (answer(422, {"message": "Validation Failed", "errors": ["too much"]}), BadResponse, "too much"),
    (answer(422, b"<html>"), BadResponse, "<html>"),
    (answer(301, {"message": "Moved Permanently"}, location="https://api.github.com/repositories/1"), BadResponse, "redirects"),
    (answer(307, {}, location="https://evil.example/?token=x"), BadResponse, r"redirects to https://evil\.example: "),
    (answer(502, b"<html>Server Error</html>", content_type="text/html"), Unavailable, "Server Error"),
    (answer(503, {}), Unavailable, "503"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "says"), CASES)
def test_an_error_says_what_happened_and_what_to_do(given: Answer, kind: type[ConnectorError], says: str) -> None:
    error = Classifier()(given)
    assert type(error) is kind
    assert error.status == given.status
    assert re.search(says, error.what)


LIMITS = [
    (answer(403, SECONDARY, retry_after="120"), 120),
    (answer(429, {}, retry_after="Sun, 22 Nov 2026 12:05:00 GMT"), 300),
    (answer(403, {"message": "API rate limit exceeded"}, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOON + 600)), 600),
    (answer(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOON - 5)), 1),
    (answer(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="soon"), 60),
    (answer(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOON * 1000)), 3600),
    (answer(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="inf"), 3600),
    (answer(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="nan"), 1),
    (answer(403, SECONDARY, x_ratelimit_remaining="4000"), 60),
    (answer(429, {"message": "slow down"}), 60),
]  # fmt: skip


@pytest.mark.parametrize(("given", "seconds"), LIMITS)
def test_a_limit_says_how_long_to_wait(given: Answer, seconds: float) -> None:
    error = Classifier()(given)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_secondary_limits_in_a_row_wait_longer_and_a_success_ends_the_row() -> None:
    classify = Classifier()

    def wait() -> float:
        error = classify(answer(403, SECONDARY))
        assert isinstance(error, RateLimited)
        return error.retry_after

    assert [wait() for _ in range(6)] == [60, 120, 240, 480, 960, 960]
    assert classify(answer(200, [])) is None
    assert wait() == 60


@pytest.mark.parametrize("status", [200, 201, 304])
def test_a_success_is_no_error(status: int) -> None:
    assert Classifier()(answer(status)) is None
