"""Brings one commitment into the copy, and what became visible by it into the ledger."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from syncd.partners.models import Commitment, Partner, Proposal
from syncd.sharing import ledger
from syncd.sharing.copying import commitments
from syncd.sharing.models import Disclosure, Promise
from syncd.trackers.writing import writing

Words = dict[str, str]
"""``public id/field`` -> value."""


def tell_afterwards(promise: Promise, now: datetime) -> None:
    """The same once what was decided is committed: the copy is never ahead of our side. Where that is missed, the
    publisher's next cycle does it."""
    transaction.on_commit(partial(tell, promise, now))


def tell(promise: Promise, now: datetime) -> bool:
    """Bring the copy up to date with what our side has of a commitment. :returns: whether anything was changed"""
    if not _on_record(promise, now):  # what a pass that was killed left in the copy, before it is written over
        return False
    with writing():
        row = Promise.objects.select_related("deal").get(pk=promise.pk)
        changed = commitments.put(row)
        if changed:
            _on_record(row, now)
        return changed


def _on_record(promise: Promise, now: datetime) -> bool:
    """Tell the ledger what stands in the copy and it does not know. :returns: whether the commitment is there"""
    with writing():
        row = Promise.objects.select_related("deal").filter(pk=promise.pk).first()
        if row is None:
            return False
        visible = _visible(row)
        if entries := _between(row, row.told, visible):
            ledger.record(entries, now)
            Promise.objects.filter(pk=row.pk).update(told=visible)
        return True


def _visible(promise: Promise) -> Words:
    """What the partner can read of it now; nothing while its pages are closed."""
    if not Partner.objects.filter(id=promise.deal.partner, open=True).exists():
        return {}
    words: Words = {}
    for row in Commitment.objects.filter(id=promise.public):
        for field in ("what", "by", "success", "reason"):
            words[f"{row.id}/{field}"] = str(getattr(row, field))
        for field, value in row.current.items():
            words[f"{row.id}/current {field}"] = str(value)
    said = Proposal.objects.filter(commitment=promise.public)
    for public, says, note in said.order_by(F("id")).values_list("id", "says", "note"):
        words |= {f"{public}/says": says, f"{public}/note": note}
    return {name: value for name, value in words.items() if value}


def _between(promise: Promise, before: Words, after: Words) -> list[ledger.Entry]:
    deal = promise.deal
    found = []
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) == after.get(name):
            continue
        public, _, field = name.partition("/")
        value = after.get(name, "")
        kind = Disclosure.SHOWN if value else Disclosure.WITHDRAWN
        found.append(
            ledger.Entry(
                deal.partner, kind, public, f"commitment:{promise.name}", field, value, ledger.PAGE,
                deal.approved_digest, deal.approved_by,
            )
        )  # fmt: skip
    return found
