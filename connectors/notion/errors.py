"""What Notion's answers mean, in words for the person who has to mend it.

Codes: https://developers.notion.com/reference/status-codes
"""

from typing import Any

import orjson

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.calls import Answer, standard

_REMEDIES = {
    "unauthorized": "the token is refused: copy the connection's current token from Notion's settings",
    "restricted_resource": "the connection lacks a capability: allow it to read content, in its settings at Notion",
    "object_not_found": "not there, or not shared: share the page with the connection (its menu, Connections)",
    "rate_limited": "too many requests",
    "service_overload": "Notion is overloaded",
    "conflict_error": "collided with another change",
    "internal_server_error": "Notion failed internally",
    "service_unavailable": "Notion is not available",
    "database_connection_unavailable": "Notion cannot reach its own database",
    "gateway_timeout": "Notion took too long",
    "missing_version": "the Notion-Version header was lost on the way: check the proxy",
}


def classify(answer: Answer) -> ConnectorError | None:
    """One of the four errors; None if the answer is a success."""
    usual = standard(answer)
    if usual is None or 200 <= answer.status < 300:
        return usual
    said = _error_object(answer.body)
    words = _words(answer, said)
    if isinstance(usual, RateLimited):
        return RateLimited(words, retry_after=usual.retry_after, status=answer.status)
    if answer.status == 409:
        return Unavailable(words, status=answer.status)
    if isinstance(usual, AuthFailed) and not said and _is_html(answer):
        return BadResponse(words, status=answer.status)
    if isinstance(usual, BadResponse) and not said:
        return usual
    return type(usual)(words, status=answer.status)


def _words(answer: Answer, said: dict[str, Any]) -> str:
    code, message = said.get("code"), str(said.get("message", ""))[:300]
    if not code:
        source = "a web page, not by Notion's API: a proxy in between?" if _is_html(answer) else "no reason given"
        return f"answered {answer.status} with {source}"
    if code == "rate_limited" and (reason := (said.get("additional_data") or {}).get("rate_limit_reason")):
        return f"{_REMEDIES[code]} ({reason}, {answer.status})"
    return f"{_REMEDIES.get(code) or message} ({code}, {answer.status})"


def _error_object(body: bytes) -> dict[str, Any]:
    """Notion's error object; empty where the answer is not Notion's own."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) and value.get("object") == "error" else {}


def _is_html(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
