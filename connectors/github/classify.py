"""What GitHub's answers mean, in the four errors.

Sources: "Rate limits for the REST API", "Troubleshooting the REST API" (docs.github.com).
"""

import time
from typing import Any

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited
from connectors.calls import Answer, excerpt, retry_after, standard

SECONDARY_WAIT = 60.0
"""Seconds to wait at least after a secondary limit that does not say for how long."""
LONGEST_WAIT = 960.0
HOUR = 3600.0

_SECONDARY = ("secondary rate limit", "abuse detection")


class Classifier:
    """One for each credential, because the wait grows while secondary limits follow one another."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def __call__(self, answer: Answer) -> ConnectorError | None:
        """The error an answer stands for; None if it is a success or a 304."""
        if answer.status in (403, 429) and (limit := self._limit(answer)):
            return limit
        self._in_a_row = 0
        explain = _EXPLAINED.get(answer.status)
        return explain(answer) if explain else standard(answer)

    def _limit(self, answer: Answer) -> RateLimited | None:
        """Obeys Retry-After, then the time of reset, then at least a minute that doubles."""
        status = answer.status
        if (wait := retry_after(answer)) is not None:
            return RateLimited(f"asks us to wait ({status})", retry_after=wait, status=status)
        if answer.headers.get("x-ratelimit-remaining") == "0":
            return RateLimited(
                f"the hourly budget of the credential is used up ({status})", retry_after=reset(answer), status=status
            )
        if status != 429 and not any(words in message(answer).lower() for words in _SECONDARY):
            return None
        wait = min(SECONDARY_WAIT * 2**self._in_a_row, LONGEST_WAIT)
        self._in_a_row += 1
        return RateLimited(f"a secondary rate limit ({status})", retry_after=wait, status=status)


def message(answer: Answer) -> str:
    """What GitHub says about an error, or the beginning of a body that is not GitHub's."""
    try:
        return str(answer.json().get("message") or "")
    except BadResponse:
        return excerpt(answer.body)


def reset(answer: Answer) -> float:
    """Seconds until the hourly budget starts anew, by the server's own clock: an hour at most."""
    now = answer.date.timestamp() if answer.date else time.time()
    try:
        return max(1.0, min(float(answer.headers.get("x-ratelimit-reset", "")) - now, HOUR))
    except ValueError:
        return SECONDARY_WAIT


def _forbidden(answer: Answer) -> ConnectorError:
    said = message(answer)
    if "x-github-sso" in answer.headers:
        why = "the organisation demands single sign-on: authorise the token for it (token settings, Configure SSO)"
    elif "ip allow list" in said.lower():
        why = "the organisation admits listed IP addresses only: add the one syncd runs on to its IP allow list"
    else:
        why = f"the credential may not do this ({said}): it needs Issues, Pull requests and Metadata, each: read"
    return AuthFailed(why, status=403)


def _missing(_: Answer) -> ConnectorError:
    return AuthFailed(
        "not there, or the credential may not see it (404): check the name, and that the token or the App's"
        " installation has been given access to it",
        status=404,
    )


def _gone(answer: Answer) -> ConnectorError:
    return AuthFailed(f"is gone or switched off (410): {message(answer)}", status=410)


def _blocked(answer: Answer) -> ConnectorError:
    return AuthFailed(f"is blocked at GitHub (451): {message(answer)}; take it out of the scope", status=451)


def _refused(answer: Answer) -> ConnectorError:
    """422 lists what is wrong with which parameter."""
    try:
        errors = answer.json().get("errors")
    except BadResponse:
        errors = None
    wrong = "; ".join(map(_in_words, errors if isinstance(errors, list) else ()))
    return BadResponse(f"refused the request (422): {message(answer)}{f' ({wrong})' if wrong else ''}", status=422)


def _in_words(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    return str(error.get("message") or " ".join(str(error[k]) for k in ("resource", "field", "code") if k in error))


_EXPLAINED = {403: _forbidden, 404: _missing, 410: _gone, 422: _refused, 451: _blocked}
