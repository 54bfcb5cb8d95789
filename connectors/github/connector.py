"""GitHub: issues and pull requests of repositories, at github.com or GitHub Enterprise."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from connectors.base import Census, ConnectorError, Cursor, Discovery, Finding, Found, Known, Page, Seen, Stream
from connectors.calls import Lane
from connectors.github import checkup, discovery, lookup, parse
from connectors.github.backfill import back_fill
from connectors.github.client import Client
from connectors.github.delta import Step, catch_up, poll
from connectors.github.lists import Row
from connectors.github.pages import Pages
from connectors.github.pulls import Enrichment, PullFacts
from connectors.github.repository import Repository
from connectors.github.settings import Settings
from connectors.item import Item


class GitHub:
    """One GitHub account; a stream is a repository. See :class:`connectors.base.Connector`.

    :raises SecretMissing: a secret of the settings is not there
    """

    kind = "github"

    def __init__(self, settings: Settings, lane: Lane) -> None:
        self._settings = settings
        self._client = Client(settings, lane)
        self._facts = PullFacts(self._client)

    def discover(self, known: Sequence[Stream]) -> Discovery:
        return discovery.discover(self._client, self._settings.scope, known)

    def pull(self, stream: Stream, cursor: Cursor) -> Iterator[Page]:
        repository = Repository(self._client, stream)
        polling = cursor.started is None and cursor.backfilled
        with _about(stream):
            steps = _steps(repository, cursor)
            yield from self._pages(repository, sheets=1 if polling else 2).of(steps)

    def census(self, stream: Stream) -> Iterator[Census]:
        """GitHub cannot list ids alone, so these are whole items, as in the first pull."""
        repository = Repository(self._client, stream)
        with _about(stream):
            for page in self._pages(repository, sheets=2).of(back_fill(repository, Cursor())):
                yield Census([Seen(item.native_id, item.key) for item in page.items], page.items)

    def look_up(self, stream: Stream, known: Sequence[Known]) -> Found:
        repository = Repository(self._client, stream)
        with _about(stream):
            rows, fates = lookup.look_up(repository, known)
            pages = list(self._pages(repository, sheets=1).of([Step(rows, Cursor())])) if rows else []
        return Found([item for page in pages for item in page.items], fates)

    def check(self) -> Iterator[Finding]:
        return checkup.check(self._client, self._settings, self._parse)

    def close(self) -> None:
        self._client.close()

    def _pages(self, repository: Repository, sheets: int) -> Pages:
        return Pages(repository.stream.name, self._parse, Enrichment(self._facts, repository, sheets))

    def _parse(self, row: Row, repository: str) -> Item:
        return parse.item(row, self._settings.name, repository, self._settings.fields)


def _steps(repository: Repository, cursor: Cursor) -> Iterator[Step]:
    """Go on where the cursor stands."""
    if cursor.started and cursor.since:
        return catch_up(repository, cursor)
    if cursor.backfilled and cursor.high_water:
        return poll(repository, cursor)
    return back_fill(repository, cursor)


@contextmanager
def _about(stream: Stream) -> Iterator[None]:
    """Errors name the repository."""
    try:
        yield
    except ConnectorError as error:
        error.where = error.where or stream.name
        raise
