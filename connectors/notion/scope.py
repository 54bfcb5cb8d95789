"""Which data sources the configured scope means now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.base import (
    AuthFailed,
    BadResponse,
    ConnectorError,
    Discovery,
    Problem,
    RateLimited,
    Stream,
    Unavailable,
)
from connectors.notion.client import Client
from connectors.notion.properties import uuid
from connectors.notion.schema import stream_of
from connectors.notion.settings import Settings


def discover(client: Client, settings: Settings, known: Sequence[Stream]) -> Discovery:
    """Every data source that is named, and those of every database that is named, each once.

    One that cannot be read is a problem and the others go on. Raises what concerns the whole
    tracker: a refused token, a rate limit, or that nothing at all could be asked.
    """
    remembered = {stream.native_id: stream for stream in known}
    streams: dict[str, Stream] = {}
    problems: list[Problem] = []
    for source_id in _data_sources(client, settings, problems):
        if source_id in streams:
            continue
        try:
            streams[source_id], found = _read(client, settings, source_id, remembered.get(source_id))
            problems += found
        except ConnectorError as error:
            problems.append(
                _problem(f"data source {source_id}", error, "a database's id belongs under scope.databases")
            )
    if not streams and problems and all(isinstance(problem.error, Unavailable) for problem in problems):
        raise problems[0].error
    return Discovery(tuple(streams.values()), tuple(problems))


def in_scope(settings: Settings, parent: Mapping[str, Any]) -> bool:
    """Whether a page with this ``parent`` belongs to a data source or database of the scope."""
    source, database = parent.get("data_source_id"), parent.get("database_id")
    return (bool(source) and uuid(str(source)) in map(uuid, settings.scope.data_sources)) or (
        bool(database) and uuid(str(database)) in map(uuid, settings.scope.databases)
    )


def _data_sources(client: Client, settings: Settings, problems: list[Problem]) -> Iterator[str]:
    yield from map(uuid, settings.scope.data_sources)
    for database_id in map(uuid, settings.scope.databases):
        try:
            yield from _of_database(client, database_id)
        except ConnectorError as error:
            hint = "a data source's id belongs under scope.data_sources"
            problems.append(_problem(f"database {database_id}", error, hint))


def _of_database(client: Client, database_id: str) -> list[str]:
    database = client.database(database_id)
    if database.get("in_trash"):
        raise BadResponse("is in the trash: restore it, or take it out of the scope")
    sources = [uuid(source["id"]) for source in database.get("data_sources") or ()]
    if not sources:
        raise BadResponse("shows no data source of its own: share the original database, not a linked view of it")
    return sources


def _read(client: Client, settings: Settings, source_id: str, known: Stream | None) -> tuple[Stream, list[Problem]]:
    source = client.data_source(source_id)
    if source.get("in_trash"):
        raise BadResponse("is in the trash: restore it, or take it out of the scope")
    try:
        return stream_of(source, settings.properties, known)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadResponse(f"its schema cannot be read: {type(error).__name__}: {error}") from error


def _problem(where: str, error: ConnectorError, hint: str) -> Problem:
    """:raises ConnectorError: the error itself, if it is not of this one place"""
    if isinstance(error, RateLimited) or error.status == 401:
        raise error
    if isinstance(error, AuthFailed) and error.status == 404:
        error = AuthFailed(f"{error.what}; {hint}", status=error.status)
    return Problem(where, error)
