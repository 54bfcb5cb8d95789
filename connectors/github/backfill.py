"""The first reading of a repository: everything, in order of creation.

Creation never changes, so edits meanwhile do not move rows between sheets. Deletions do: rows to the
right of one move left, and a sheet fetched later begins after the row that moved. The walk notices it
and then reads the rest by time of change, which deletions cannot disturb.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from connectors.base import BadResponse, Cursor, Window
from connectors.github import parse
from connectors.github.delta import OVERLAP, Step, catch_up
from connectors.github.lists import Row, Sheet, ahead
from connectors.github.repository import CREATED, LATEST, Repository


def back_fill(repository: Repository, cursor: Cursor) -> Iterator[Step]:
    """Start, or go on at the cursor's window. One request more than there are sheets: the anchor, which
    makes the next pass a 304."""
    if cursor.started is None:
        anchor = repository.issues(LATEST)
        cursor = cursor.begin(anchor.as_of, (Window(None),), OVERLAP)
        cursor = replace(cursor, validator=anchor.etag, validator_of=repository.validator_of())
        if not anchor.next:
            yield Step(anchor.rows, cursor.finish())
            return
    walk = Walk(repository, cursor.windows[0])
    try:
        for sheet in walk:
            if sheet.next:
                cursor = cursor.moved(0, Window(walk.at, page=sheet.number))
            else:
                cursor = _by_change(cursor, walk.start) if walk.slipped() else cursor.finish()
            yield Step(sheet.rows, cursor)
    except BadResponse as error:
        if error.status != 422 or walk.at is None:
            raise
        cursor = _by_change(cursor, walk.at)  # page numbers are refused this far into a large list
    if cursor.started:
        yield from catch_up(repository, cursor)


def _by_change(cursor: Cursor, at: datetime | None) -> Cursor:
    """Read on by time of change: whatever was created since ``at`` has changed since then, too."""
    return replace(cursor, since=at, windows=(Window(at),))


class Walk:
    """The sheets of the list by creation, from where an earlier walk stood.

    ``start`` is the creation from which on this walk vouches for every row, ``at`` that of the last row given.
    """

    def __init__(self, repository: Repository, window: Window) -> None:
        self._repository = repository
        self._page = max(1, window.page)
        self.start = self.at = window.at
        self._first: Sheet | None = None
        self._here: Sheet | None = None
        self._tail: Sheet | None = None
        self._gap = self._short = False

    def __iter__(self) -> Iterator[Sheet]:
        here = self._first = self._resume()
        self.start = self.start or _created(here.rows[:1])
        yield self._given(here)
        while here.next:
            for sheet in self._following(here):
                here = sheet
                self._short = self._short or bool(self._tail and not sheet.next and sheet.number < self._tail.number)
                yield self._given(here)
                if not here.next_is_numbered:
                    break

    def slipped(self) -> bool:
        """Whether a row may have moved past the walk, because something before it was deleted meanwhile.

        Cannot be where numbers run on from sheet to sheet. Elsewhere the first and the last sheet tell:
        had a row before the end of the one or the begin of the other gone since, they would not be the same.
        A sheet that claims to be the last and is not has not told everything.
        """
        if self._short:
            return True
        if not (self._gap and self._first and self._tail):
            return False
        first, tail = self._fetch(self._first.number), self._fetch(self._tail.number)
        return _ids(first)[-1:] != _ids(self._first)[-1:] or _ids(tail)[:1] != _ids(self._tail)[:1]

    def _resume(self) -> Sheet:
        """The sheet that holds the last committed row. Deletions may have moved it to an earlier one."""
        sheet = self._fetch(self._page)
        while sheet.number > 1 and self.at and (_created(sheet.rows[:1]) or self.at) >= self.at:
            sheet = self._fetch(sheet.number - 1)
        return sheet

    def _following(self, sheet: Sheet) -> Iterator[Sheet]:
        """The rest, several at a time, if it goes by numbers; else the next one. The last sheet is
        fetched first: see :meth:`slipped`."""
        if not sheet.next_is_numbered:
            yield self._repository.follow(sheet)
            return
        self._tail = self._fetch(sheet.last)
        yield from ahead(self._fetch, range(sheet.number + 1, sheet.last))
        yield self._tail

    def _fetch(self, page: int) -> Sheet:
        return self._repository.issues(CREATED, page=page)

    def _given(self, sheet: Sheet) -> Sheet:
        if sheet.rows:
            self._gap = self._gap or (self._here is not None and not _runs_on(self._here.rows[-1], sheet.rows[0]))
            self._here = sheet
            self.at = _created(sheet.rows[-1:]) or self.at
        return sheet


def _runs_on(row: Row, following: Row) -> bool:
    """Numbers are given in order of creation, so nothing lies between two that follow one another."""
    return bool(following.get("number") == row.get("number", 0) + 1)


def _ids(sheet: Sheet) -> list[object]:
    return [row.get("id") for row in sheet.rows]


def _created(rows: list[Row]) -> datetime | None:
    return parse.created(rows[0]) if rows else None
