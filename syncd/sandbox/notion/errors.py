"""Notion's errors: one shape, a code each.

Source: "Status codes".
"""

from typing import Any

from syncd.sandbox.base import Refused


def error(status: int, code: str, message: str, additional: dict[str, Any] | None = None) -> Refused:
    """The request id is added when the answer leaves."""
    body: dict[str, Any] = {"object": "error", "status": status, "code": code, "message": message}
    if additional:
        body["additional_data"] = additional
    return Refused(status, body)


def invalid(message: str) -> Refused:
    return error(400, "validation_error", message)


def not_found(kind: str, wanted: str, integration_id: str) -> Refused:
    """Not there, or not shared with the connection: nobody can tell which."""
    shared = 'Make sure the relevant pages and databases are shared with your integration "syncd".'
    message = f"Could not find {kind} with ID: {wanted}. {shared}"
    return error(404, "object_not_found", message, {"integration_id": integration_id})


def rate_limited(seconds: int, reason: str) -> Refused:
    message = "You have been rate limited. Please try again in a few minutes."
    refused = error(429, "rate_limited", message, {"rate_limit_reason": reason})
    refused.response.headers["Retry-After"] = str(seconds)
    return refused
