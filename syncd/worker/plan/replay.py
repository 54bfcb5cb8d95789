"""Stored items judged twice, by what is in force and by a draft, as one stream.

Both judge the same facts at the same moment, so that what differs comes from the draft alone. An item
is in memory while it is judged, and not longer.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
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
    leaves: bool = False
    """Whether its tracker would be read no longer: it serves nothing then, and nothing is found about it."""


_LIVE = "deleted_at IS NULL AND tracker_id IN (SELECT id FROM trackers_tracker WHERE active)"


def live() -> int:
    """How many items there are to judge."""
    return int(bulk.fetch(f"SELECT COUNT(*) FROM trackers_item WHERE {_LIVE}")[0][0])  # noqa: S608 - a condition of ours


def replay(
    before: Policy,
    after: Policy,
    now: datetime,
    *,
    leaving: Collection[str] = (),
    every: int = 1,
    batch_done: Callable[[int], None] = lambda _: None,
) -> Iterator[Replayed]:
    """Every live item, or one of ``every``, in the order of their ids.

    :param leaving: names of trackers that the draft reads no longer
    :param batch_done: told how many items were loaded since it was told last
    :raises BadCondition: see ``rules.book.Book``
    """
    rows, first, second = tee(_cases(every, batch_done), 3)
    befores = Judge(before).judge((case for _, case in first), now)
    afters = Judge(after).judge((_without(case, leaving) for _, case in second), now)
    for (row, case), was, will_be in zip(rows, befores, afters, strict=True):
        leaves = case.item.tracker in leaving
        yield Replayed(row, case, was, Judgement(case.item.id, ()) if leaves else will_be, leaves)


def _without(case: Case, leaving: Collection[str]) -> Case:
    """The case as it is loaded where these trackers are no longer read."""
    if not leaving or all(reference.item.tracker not in leaving for reference in case.references):
        return case
    return replace(case, references=tuple([each for each in case.references if each.item.tracker not in leaving]))


def _cases(every: int, batch_done: Callable[[int], None]) -> Iterator[tuple[int, Case]]:
    last = 0
    while ids := _ids(last, every):
        yield from cases.load(ids, rulings).items()
        batch_done(len(ids))
        last = ids[-1]


def _ids(last: int, every: int) -> list[int]:
    """The next batch, by primary key."""
    rows = bulk.fetch(
        f"SELECT id FROM trackers_item WHERE id > %s AND id %% %s = 0 AND {_LIVE} ORDER BY id LIMIT %s",  # noqa: S608
        [last, every, BATCH],
    )
    return [id_ for (id_,) in rows]
