"""Whether a GitHub account is set up well: what ``syncd check`` shows."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from connectors import reading
from connectors.base import BadResponse, ConnectorError, Finding, Stream
from connectors.calls import Answer
from connectors.github.client import Client
from connectors.github.discovery import discover
from connectors.github.lists import Row
from connectors.github.repository import LATEST, Repository
from connectors.github.settings import Settings
from connectors.item import Item

SKEW = 30.0
"""Seconds that the clocks may differ; an App's signature is refused from a minute on."""


def check(client: Client, settings: Settings, parse_row: Callable[[Row, str], Item]) -> Iterator[Finding]:
    """One request a question; nothing is written."""
    try:
        answer = _sign_in(client, settings)
        who = _who(answer, settings)
    except ConnectorError as error:
        yield Finding("sign-in", ok=False, says=str(error), error=error)
        return
    yield Finding("sign-in", ok=True, says=who)
    yield _scopes(answer)
    yield _clock(answer)
    yield _limit(client)
    try:
        found = discover(client, settings.scope, ())
    except ConnectorError as error:
        yield Finding("scope", ok=False, says=str(error), error=error)
        return
    for problem in found.problems:
        yield Finding(f"read {problem.where}", ok=False, says=problem.error.what, error=problem.error)
    for stream in found.streams:
        yield from _repository(client, stream, parse_row)


def _sign_in(client: Client, settings: Settings) -> Answer:
    if settings.auth.token:
        return client.get("/user", op="user", accept=(403,))  # a workflow's token is nobody's
    return client.get("/installation/repositories", {"per_page": "1"}, op="installation")


def _who(answer: Answer, settings: Settings) -> str:
    body = answer.json()
    if settings.auth.token:
        return f"as {body['login']}" if body.get("login") else "with a token that belongs to no user"
    return f"as an App's installation with {body.get('total_count', 'some')} repositories"


def _scopes(answer: Answer) -> Finding:
    """Classic tokens tell their scopes, the others do not.

    Source: docs.github.com, "Scopes for OAuth apps".
    """
    header = answer.headers.get("x-oauth-scopes")
    if header is None:
        return Finding("scopes", ok=None, says="not told for this kind of credential; reading below is the proof")
    scopes = {scope.strip() for scope in header.split(",") if scope.strip()}
    if "repo" in scopes:
        return Finding("scopes", ok=True, says=", ".join(sorted(scopes)))
    return Finding("scopes", ok=None, says="without the scope repo the token reads public repositories only")


def _clock(answer: Answer) -> Finding:
    if answer.date is None:
        return Finding("clock", ok=None, says="the server does not tell its time")
    skew = (datetime.now(UTC) - answer.date).total_seconds()
    if abs(skew) <= SKEW:
        return Finding("clock", ok=True, says=f"within {abs(skew):.0f} s of the server's")
    way = "ahead of" if skew > 0 else "behind"
    return Finding("clock", ok=False, says=f"{abs(skew):.0f} s {way} the server's: set this machine's clock by NTP")


def _limit(client: Client) -> Finding:
    try:
        answer = client.get("/rate_limit", op="rate_limit", accept=(404,))
        if answer.status == 404:
            return Finding("rate limit", ok=True, says="none")
        core = answer.json()["resources"]["core"]
        left, most = int(core["remaining"]), int(core["limit"])
    except ConnectorError as error:
        return Finding("rate limit", ok=False, says=str(error), error=error)
    except (KeyError, TypeError, ValueError):
        return Finding("rate limit", ok=None, says="the server does not tell it")
    return Finding("rate limit", ok=left * 10 >= most, says=f"{left} of {most} requests left this hour")


def _repository(client: Client, stream: Stream, parse_row: Callable[[Row, str], Item]) -> Iterator[Finding]:
    try:
        yield _sample(client, stream, parse_row)
        yield _writing(client, stream)
    except ConnectorError as error:
        yield Finding(f"read {stream.name}", ok=False, says=error.what, error=error)


def _sample(client: Client, stream: Stream, parse_row: Callable[[Row, str], Item]) -> Finding:
    rows = Repository(client, stream).issues(LATEST | {"per_page": "1"}).rows
    says = "no issues or pull requests yet"
    if rows:
        items, problems = reading.each(rows[:1], lambda row: parse_row(row, stream.name), stream.name)
        if problems:
            return Finding(f"read {stream.name}", ok=False, says=problems[0].error.what)
        says = f"{items[0].key} {items[0].title!r}, {items[0].status}"
    return Finding(f"read {stream.name}", ok=True, says=says)


def _writing(client: Client, stream: Stream) -> Finding:
    """From the rights that GitHub lists with the repository."""
    name = f"write {stream.name}"
    rights = client.get(f"/repos/{stream.name}", op="repository").json().get("permissions")
    if not isinstance(rights, dict):
        raise BadResponse("the repository comes without permissions")
    if any(rights.get(right) for right in ("triage", "push", "maintain", "admin")):
        return Finding(name, ok=True, says="labels and comments would be allowed")
    return Finding(name, ok=None, says="read only; enough until writeback or a mirror is switched on")
