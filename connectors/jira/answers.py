"""What Jira's answers mean, beyond what every HTTP API has in common.

https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ for the limits;
https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes for the error body.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited
from connectors.calls import Answer, retry_after, standard

WITHOUT_HINT = 30.0
"""Seconds to wait where a limit comes without saying how long."""


def classify(answer: Answer) -> ConnectorError | None:
    """None for a success."""
    if refusal := _sign_in_refused(answer):
        return AuthFailed(refusal, status=answer.status)
    if answer.status == 429:
        return _limited(answer)
    if 200 <= answer.status < 300 and "html" in answer.headers.get("content-type", ""):
        return BadResponse(
            "answered with a web page where JSON belongs, such as a sign-in or proxy page: check url and token",
            status=answer.status,
        )
    error = standard(answer)
    said = words(answer) if isinstance(error, BadResponse | AuthFailed) and answer.status != 401 else ""
    return type(error)(f"answered {answer.status}: {said}", status=answer.status) if error and said else error


def words(answer: Answer) -> str:
    """What Jira says for people in an error body; ``""`` if it is not one."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(body, dict):
        return ""
    return " ".join(str(part) for part in _parts(body) if part)[:400]


def _parts(body: Mapping[str, Any]) -> list[Any]:
    messages, errors = body.get("errorMessages"), body.get("errors")
    parts = list(messages) if isinstance(messages, list) else [messages]
    if isinstance(errors, dict):
        parts += [f"{name}: {what}" for name, what in errors.items()]
    return [*parts, body.get("message"), body.get("errorMessage")]


def _sign_in_refused(answer: Answer) -> str:
    """Jira answers 200 to nobody in particular when it does not accept a credential: the header tells."""
    if "CAPTCHA" in answer.headers.get("x-authentication-denied-reason", "").upper():
        return "too many failed sign-ins: sign in once with a browser to answer Jira's CAPTCHA, then renew the token"
    reason = answer.headers.get("x-seraph-loginreason", "").upper()
    if "AUTHENTICATED_FAILED" in reason or "AUTHENTICATION_DENIED" in reason:
        return "the credential is refused: renew the token, and on Cloud check the e-mail it belongs to"
    return ""


def _limited(answer: Answer) -> RateLimited:
    """Burst limits say how many seconds to wait; a used-up quota says when it is filled again."""
    reason = answer.headers.get("ratelimit-reason", "")
    waits = [retry_after(answer), _until_reset(answer)]
    known = [wait for wait in waits if wait is not None]
    exhausted = "quota" in reason or "cost" in reason
    wait = (max(known) if exhausted else known[0]) if known else WITHOUT_HINT
    return RateLimited(f"answered 429: too many requests ({reason or 'no reason given'})", retry_after=wait, status=429)


def _until_reset(answer: Answer) -> float | None:
    """Seconds until the time in ``X-RateLimit-Reset`` (ISO 8601), by the server's own clock."""
    try:
        reset = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    reset = reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    return max(0.0, (reset - (answer.date or datetime.now(UTC))).total_seconds())
