"""Brings commitments into the copy, and what became visible by them into the ledger."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from syncd.partners.models import Partner
from syncd.sharing import ledger
from syncd.sharing.copying import commitments
from syncd.sharing.copying.commitments import Copied
from syncd.sharing.models import Deal, Disclosure, Promise
from syncd.trackers.writing import writing

Words = dict[str, str]
"""``public id/field`` -> value."""


def tell_afterwards(promise: Promise, now: datetime) -> None:
    """The same once what was decided is committed: the copy is never ahead of our side. Where that is missed, the
    publisher's next cycle does it."""
    transaction.on_commit(partial(tell, promise, now))


def tell_of(deal: Deal, promises: Sequence[Promise], now: datetime) -> bool:
    """Bring the copy up to date with all commitments of a partner: where nothing has changed, six queries see so, however
    many they are. :returns: whether anything was changed"""
    if not promises:
        return False
    copied = commitments.there(promises)
    stale = {promise.pk for promise in commitments.outdated(promises, copied)}
    is_open = _is_open(deal)
    stale |= {one.pk for one in promises if one.told != _visible(copied[one.public], is_open=is_open)}
    changed = [tell(promise, now) for promise in promises if promise.pk in stale]
    return any(changed)


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
        visible = _visible(commitments.there([row])[row.public], is_open=_is_open(row.deal))
        if entries := _between(row, row.told, visible):
            ledger.record(entries, now)
            Promise.objects.filter(pk=row.pk).update(told=visible)
        return True


def _is_open(deal: Deal) -> bool:
    return Partner.objects.filter(id=deal.partner, open=True).exists()


def _visible(copy: Copied, *, is_open: bool) -> Words:
    """What the partner can read of a commitment now; nothing while its pages are closed."""
    if not is_open:
        return {}
    words: Words = {}
    if row := copy.row:
        words |= {f"{row.id}/{name}": str(getattr(row, name)) for name in ("what", "by", "success", "reason")}
        words |= {f"{row.id}/current {name}": str(value) for name, value in row.current.items()}
    for public, proposal in copy.proposals.items():
        words |= {f"{public}/says": proposal.says, f"{public}/note": proposal.note}
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
