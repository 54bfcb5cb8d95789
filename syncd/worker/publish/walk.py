"""After an edit that may show more: one walk over all items, in slices, for those that are shared by it.

A crash loses nothing: the deal knows how far it is. Deals that are as far as one another are walked for together.
"""

from datetime import datetime

from rules.model import Case
from syncd.sharing import lens, pending
from syncd.sharing.models import Deal
from syncd.trackers import cases
from syncd.trackers.writing import writing
from syncd.worker import faults

BATCH = 1000
"""Items looked at between two commits."""


def step(now: datetime) -> bool:
    """One slice. :returns: whether there was anything to do"""
    walking = list(Deal.objects.filter(walking=True, ended_at=None, closed_at=None).order_by("walked", "id"))
    if not walking:
        return False
    position = walking[0].walked
    ids = cases.after(position, BATCH)
    case_of = lens.load(ids)
    for deal in walking:
        if deal.walked == position:
            _one(deal, ids, case_of, now)
    return True


def _one(deal: Deal, ids: list[int], case_of: dict[int, Case], now: datetime) -> None:
    glass = lens.ready(deal, ())  # whether it is shared does not hang on what is taken out of its text
    found = [id_ for id_, case in case_of.items() if glass and glass.matches(case, now)]
    faults.point("in-walk")
    with writing():
        # only who moves it marks, and only by the agreement that it looked by: another edit begins anew
        mine = Deal.objects.filter(
            pk=deal.pk, walking=True, walked=deal.walked,
            draft_digest=deal.draft_digest, approved_digest=deal.approved_digest,
        )  # fmt: skip
        if mine.update(**({"walked": ids[-1]} if ids else {"walking": False})):
            pending.mark_found(deal, found)
