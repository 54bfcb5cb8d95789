"""From names of repositories and organisations to streams."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from connectors.base import AuthFailed, BadResponse, ConnectorError, Discovery, Problem, RateLimited, Stream
from connectors.calls import Answer
from connectors.github.client import PER_PAGE, Client
from connectors.github.lists import Row, sheet_of
from connectors.github.settings import Scope

_BY_NUMBER = re.compile(r"/repositories/(\d+)$")


def discover(client: Client, scope: Scope, known: Sequence[Stream]) -> Discovery:
    """Each repository once. One that fails, or an organisation, is a problem and the others go on.

    :raises ConnectorError: the credential is refused, a limit is reached, or nothing at all could be read
    """
    streams: dict[str, Stream] = {}
    problems: list[Problem] = []
    for name in scope.repositories:
        try:
            repository = _repository(client, name, known)
            streams[str(repository["id"])] = _stream(repository, configured=name)
        except ConnectorError as error:
            problems.append(_problem(name, error))
    for name in scope.organizations:
        try:
            for repository in _of_organization(client, name):
                if scope.archived or not repository.get("archived"):
                    streams.setdefault(str(repository["id"]), _stream(repository))
        except ConnectorError as error:
            problems.append(_problem(name, error))
    if problems and not streams:
        raise problems[0].error
    return Discovery(tuple(streams.values()), tuple(problems))


def _problem(name: str, error: ConnectorError) -> Problem:
    """:raises ConnectorError: the error concerns the whole account"""
    if isinstance(error, RateLimited) or error.status == 401:
        raise error
    error.where = error.where or name
    return Problem(name, error)


def _repository(client: Client, name: str, known: Sequence[Stream]) -> Row:
    """By number, if the name has been resolved before: it may mean another repository by now."""
    for stream in known:
        if name.lower() in (str(stream.meta.get("configured", "")).lower(), stream.name.lower()):
            answer = client.get(f"/repositories/{stream.native_id}", op="repository", accept=(404,))
            if answer.status == 200:
                return _checked(answer.json())
    return _checked(named(client, name).json())


def named(client: Client, name: str) -> Answer:
    """The repository that has, or had, this name."""
    answer = client.get(f"/repos/{name}", op="repository", accept=(301,))
    if answer.status != 301:
        return answer
    number = _number_in(answer.headers.get("location", ""), client.root)
    return client.get(f"/repositories/{number}", op="repository")


def _number_in(location: str, root: str) -> str:
    """The repository's number in a redirect.

    :raises BadResponse: it leads to another host, or to something else
    """
    match = _BY_NUMBER.search(urlsplit(location).path)
    if not match or urlsplit(location).netloc not in ("", urlsplit(root).netloc):
        host = urlsplit(location).netloc or "nowhere"
        raise BadResponse(f"was moved, and the redirect leads to {host}: write its new name", status=301)
    return match[1]


def _of_organization(client: Client, name: str) -> Iterator[Row]:
    try:
        answer = client.get(f"/orgs/{name}/repos", {"type": "all", "per_page": str(PER_PAGE)}, op="organization")
    except AuthFailed as error:
        if error.status == 404:
            raise AuthFailed("no such organisation, or the credential may not see it (404)", status=404) from None
        raise
    sheet = sheet_of(answer)
    yield from map(_checked, sheet.rows)
    while sheet.next:
        sheet = sheet_of(client.get(sheet.next, op="organization"), sheet.number + 1)
        yield from map(_checked, sheet.rows)


def _checked(repository: Row) -> Row:
    if not repository.get("id") or not repository.get("full_name"):
        raise BadResponse("an answer without id and full_name where a repository belongs")
    return repository


def _stream(repository: Row, configured: str = "") -> Stream:
    meta = {"html_url": repository.get("html_url") or "", "archived": bool(repository.get("archived"))}
    meta |= {"configured": configured} if configured else {}
    return Stream(str(repository["id"]), repository["full_name"], meta, named_after=True)
