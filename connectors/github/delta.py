"""What changed in a repository since the last run."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.base import Cursor, Window
from connectors.github import parse
from connectors.github.lists import Row, Sheet
from connectors.github.repository import LATEST, UPDATED, Repository, since

OVERLAP = timedelta(minutes=3)
"""More than a change takes to show in GitHub's lists, which are read from its database, not an index."""


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of one sheet, and where to go on once they are stored."""

    rows: Sequence[Row]
    cursor: Cursor


def poll(repository: Repository, cursor: Cursor) -> Iterator[Step]:
    """One conditional request for the latest hundred; enough unless more than those have changed."""
    validator_of = repository.validator_of()
    known = cursor.validator if cursor.validator_of == validator_of else ""
    sheet = repository.issues(LATEST, etag=known)
    run = cursor.begin(sheet.as_of, (), OVERLAP)
    if sheet.unchanged:
        yield Step((), run.finish())
        return
    run = replace(run, validator=sheet.etag, validator_of=repository.validator_of())
    fresh = [row for row in sheet.rows if _changed_since(row, run.since)]
    if len(fresh) < len(sheet.rows) or not sheet.next:
        yield Step(fresh, run.finish())
    else:
        yield from catch_up(repository, replace(run, windows=(Window(run.since),)))


def catch_up(repository: Repository, cursor: Cursor) -> Iterator[Step]:
    """Everything that changed since the cursor's window, the oldest change first.

    Always the first sheet of the changes since the last row's second: nothing that changes or goes
    meanwhile can hide a row, and a crash continues at the window.
    """
    at = cursor.windows[0].at or cursor.since
    while True:
        sheet = repository.issues(UPDATED | (since(at) if at else {}))
        if at and sheet.next and _newest(sheet, at) <= at:
            sheet = yield from _through_a_second(repository, sheet, at, cursor)
        if not sheet.next:
            yield Step(sheet.rows, cursor.finish())
            return
        at = _newest(sheet, at)
        cursor = cursor.moved(0, Window(at))
        yield Step(sheet.rows, cursor)


def _through_a_second(
    repository: Repository, first: Sheet, at: datetime, cursor: Cursor
) -> Generator[Step, None, Sheet]:
    """More than a sheet changed within one second: follow the links out of it, then read back.

    A row that changes again leaves the second, and those after it move towards its beginning: a walk
    forward may pass one by, a walk back meets it, perhaps twice.

    :returns: the sheet that leads out, not yet given
    """
    behind = []
    sheet = first
    while sheet.next and _newest(sheet, at) <= at:
        behind.append(replace(sheet, rows=[]))
        sheet = repository.follow(sheet)
    for before in reversed(behind[:-1]):
        yield Step(repository.follow(before).rows, cursor)
    yield Step(repository.issues(UPDATED | since(at)).rows, cursor)
    return sheet


def _changed_since(row: Row, moment: datetime | None) -> bool:
    at = parse.updated(row)
    return at is None or moment is None or at >= moment


def _newest(sheet: Sheet, otherwise: datetime | None) -> datetime:
    """The latest change on a sheet."""
    times = [at for row in sheet.rows if (at := parse.updated(row))]
    return max(times, default=otherwise or sheet.as_of)
