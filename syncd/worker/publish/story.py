"""From the store to the partners' copies.

    agreements follow the files → what partners said is taken in → heads of their pages → who is looked at again:
    an edit marks all that is shown and looks through all items for more, a new name those texts that tell it, time
    those that it turns → batch by batch: project, write the copy, then what the ledger and our side know of it →
    once nothing is left: commitments, and up to when the copies are fresh.

The copies are another database: nothing makes a batch whole in both. So each batch writes the copy first and then its
receipt, and may be repeated at any point: what it writes follows from what is stored, ids are reserved before they
are used, and the ledger is told what stood in the copy, whoever wrote it.
"""

import time
from datetime import datetime

from django.utils import timezone

from config.files import Config
from syncd.sharing import deals, pending, promises, redaction, taking
from syncd.sharing.copying import head
from syncd.sharing.models import Deal, Edited, Promise
from syncd.trackers.writing import writing
from syncd.worker import faults
from syncd.worker.publish import edits, fresh, names, walk
from syncd.worker.publish.batch import Batches


def publish(config: Config, seconds: float | None = None, now: datetime | None = None) -> bool:
    """Bring every partner's copy up to date, or go on with it for about ``seconds``.

    :param now: the moment at which it happens; default: the clock's
    :returns: whether more is to do
    """
    ends = time.monotonic() + (seconds or float("inf"))
    at = now or timezone.now()
    deals.reconcile(config, at)
    if not Deal.objects.exists():
        return False
    taking.take_in(at)
    with writing():
        redaction.remember_names()
    for deal in Deal.objects.order_by("id"):
        faults.point("before-head")
        head.put(deal)
        edits.follow(deal)
        names.follow(deal)
    with writing():
        pending.mark_turned(at)
    if _items(at, ends):
        return True
    _finish(at)
    return False


def _items(now: datetime, ends: float) -> bool:
    """:returns: whether some are left"""
    batches = Batches(now)
    while batches.step() or walk.step(now):
        if time.monotonic() > ends:
            return True
    return False


def _finish(now: datetime) -> None:
    """What concerns more than one item, once all are up to date."""
    with writing():
        Deal.objects.exclude(quiet=[]).exclude(pk__in=Edited.objects.values("deal")).update(quiet=[])
    for deal in Deal.objects.order_by("id"):
        faults.point("before-promises")
        promises.let_go(deal, now)
        agreement = deals.effective(deal)
        if agreement:
            promises.follow(deal, agreement, now)
            head.put(deal, fresh.up_to(deal))
        else:
            for promise in Promise.objects.filter(deal=deal).exclude(told={}):
                promises.tell(promise, now)
