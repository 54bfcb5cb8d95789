"""Whether a connection works and what it may do, found out by reading alone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from connectors.base import AuthFailed, BadResponse, ConnectorError, Finding, Problem, Stream
from connectors.calls import Answer
from connectors.notion.client import DESCENDING, Client
from connectors.notion.read import Reader
from connectors.notion.scope import discover
from connectors.notion.settings import Settings

SKEW = 60.0
"""Seconds by which the two clocks may differ."""


def check(client: Client, settings: Settings) -> Iterator[Finding]:
    """The findings, as they come; the first that fails for the whole tracker is the last."""
    try:
        answer = client.me()
        yield Finding("sign-in", True, _who(answer))
        yield _clock(answer.date, datetime.now(UTC))
        yield _user_information(client)
        found = discover(client, settings, ())
        yield from map(_problem, found.problems)
        for stream in found.streams:
            yield _data_source(client, settings, stream)
    except ConnectorError as error:
        yield Finding("connection", False, str(error), error)
        return
    yield Finding("rate limit", None, "Notion does not tell what is left of it")
    yield Finding("writing", None, "cannot be told without writing: look at the connection's capabilities in Notion")


def _who(answer: Answer) -> str:
    me = answer.json()
    bot = me.get("bot") or {}
    return (
        f"signed in as {me.get('name') or me.get('id')} in the workspace {bot.get('workspace_name') or 'of the token'}"
    )


def _clock(server: datetime | None, here: datetime) -> Finding:
    if server is None:
        return Finding("clock", None, "the answer carries no date")
    skew = (here - server).total_seconds()
    return Finding("clock", abs(skew) <= SKEW, f"this machine's clock is {skew:+.0f} s from Notion's")


def _user_information(client: Client) -> Finding:
    try:
        client.users()
    except AuthFailed as error:
        if error.status != 403:
            raise
        return Finding("people", None, "no user information capability: people appear by id where pages hold no name")
    return Finding("people", True, "names are visible")


def _problem(problem: Problem) -> Finding:
    return Finding(problem.where, False, problem.error.what, problem.error)


def _data_source(client: Client, settings: Settings, stream: Stream) -> Finding:
    """The newest item of a data source, as a sample."""
    try:
        rows = client.query(stream.native_id, sorts=DESCENDING, size=1).rows
        return Finding(stream.name, True, f"readable; {_sample(client, settings, stream, rows)}; {_parts(stream)}")
    except (AuthFailed, BadResponse) as error:
        return Finding(stream.name, False, error.what, error)


def _sample(client: Client, settings: Settings, stream: Stream, rows: Sequence[dict[str, object]]) -> str:
    items, problems = Reader(client, settings.name, stream).items(rows)
    if problems:
        return problems[0].error.what
    return f"newest: {items[0].key} {items[0].title!r}, {items[0].status or 'no status'}" if items else "it is empty"


def _parts(stream: Stream) -> str:
    """Which property was found to play which part."""
    schema = stream.meta["schema"]
    found = {role: schema[property_id]["name"] for role, property_id in stream.meta["properties"].items()}
    return ", ".join(f"{role} is {name!r}" for role, name in found.items())
