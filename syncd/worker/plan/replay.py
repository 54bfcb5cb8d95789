"""Stored items judged twice, by what is in force and by a draft, as one stream.

Both judge the same facts at the same moment, so that what differs comes from the draft alone. An item
is in memory while it is judged, and not longer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import tee

from rules.engine import Judge
from rules.model import Case, Judgement, Policy
from syncd.review.verdicts import rulings
from syncd.trackers import bulk, cases

BATCH = 500
"""Items loaded at once."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One item as it is judged now, and as the draft would have it."""

    row: int
    case: Case
    before: Judgement
    after: Judgement


def live() -> int:
    """How many items there are to judge."""
    return int(bulk.fetch("SELECT COUNT(*) FROM trackers_item WHERE deleted_at IS NULL")[0][0])


def replay(
    before: Policy, after: Policy, now: datetime, *, every: int = 1, batch_done: Callable[[int], None] = lambda _: None
) -> Iterator[Replayed]:
    """Every live item, or one of ``every``, in the order of their ids.

    :param batch_done: told how many items were loaded since it was told last
    :raises BadCondition: see ``rules.book.Book``
    """
    rows, first, second = tee(_cases(every, batch_done), 3)
    befores = Judge(before).judge((case for _, case in first), now)
    afters = Judge(after).judge((case for _, case in second), now)
    for (row, case), was, will_be in zip(rows, befores, afters, strict=True):
        yield Replayed(row, case, was, will_be)


def _cases(every: int, batch_done: Callable[[int], None]) -> Iterator[tuple[int, Case]]:
    last = 0
    while ids := _ids(last, every):
        yield from cases.load(ids, rulings).items()
        batch_done(len(ids))
        last = ids[-1]


def _ids(last: int, every: int) -> list[int]:
    """The next batch, by primary key."""
    rows = bulk.fetch(
        "SELECT id FROM trackers_item WHERE id > %s AND id %% %s = 0 AND deleted_at IS NULL ORDER BY id LIMIT %s",
        [last, every, BATCH],
    )
    return [id_ for (id_,) in rows]
