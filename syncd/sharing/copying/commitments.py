"""A commitment in the copy, with its proposals and its history: made of our rows, whole, each time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from rules.sharing import as_json
from syncd.partners.models import Commitment, Proposal, Step
from syncd.sharing.models import Offer, Promise
from syncd.sharing.models import Step as OurStep

Line = tuple[str, str, datetime]
"""One step of a history: side, words, moment."""
Values = dict[str, Any]


@dataclass(slots=True)
class Copied:
    """What stands in the copy of one commitment."""

    row: Commitment | None = None
    proposals: dict[str, Proposal] = field(default_factory=dict)
    history: list[Line] = field(default_factory=list)


def there(promises: Sequence[Promise]) -> Mapping[str, Copied]:
    """Public id -> what stands there, in three queries for however many."""
    found: defaultdict[str, Copied] = defaultdict(Copied)
    publics = [promise.public for promise in promises]
    for row in Commitment.objects.filter(pk__in=publics):
        found[row.pk].row = row
    for proposal in Proposal.objects.filter(commitment__in=publics):
        found[proposal.commitment_id].proposals[proposal.pk] = proposal
    steps = Step.objects.filter(commitment__in=publics).order_by("id")
    for public, side, says, at in steps.values_list("commitment", "side", "says", "at"):
        found[public].history.append((side, says, at))
    return found


def outdated(promises: Sequence[Promise], copied: Mapping[str, Copied]) -> Iterator[Promise]:
    """Those of which something else stands in the copy; takes two queries for however many."""
    offers: defaultdict[int, list[Offer]] = defaultdict(list)
    for offer in Offer.objects.filter(promise__in=promises).order_by("id").select_related("counters"):
        offers[offer.promise_id].append(offer)
    history: defaultdict[int, list[Line]] = defaultdict(list)
    steps = OurStep.objects.filter(promise__in=promises).order_by("id")
    for id_, side, says, at in steps.values_list("promise", "side", "says", "at"):
        history[id_].append((side, says, at))
    for promise in promises:
        copy = copied[promise.public]
        rows: list[tuple[Model | None, Values]] = [(copy.row, _commitment(promise))]
        rows += [(copy.proposals.get(id_), values) for id_, values in _proposals(promise, offers[promise.pk])]
        if copy.history != history[promise.pk] or any(row is None or _different(row, values) for row, values in rows):
            yield promise


def put(promise: Promise) -> bool:
    """Bring one commitment up to date. :returns: whether anything was changed"""
    with transaction.atomic("partners"):
        copy = there([promise])[promise.public]
        changed = _write(Commitment, promise.public, copy.row, _commitment(promise))
        offers = promise.offers.order_by("id").select_related("counters")
        for id_, values in _proposals(promise, offers):
            changed |= _write(Proposal, id_, copy.proposals.get(id_), values)
        return _go_on(promise, copy.history) or changed


def _commitment(promise: Promise) -> Values:
    words = as_json.agreed(promise.agreed).commitment if promise.agreed else as_json.commitment(promise.offered)
    stage = Commitment.AGREED if promise.agreed else Commitment.OFFERED
    return {
        "partner_id": promise.deal.partner,
        "place": promise.place,
        "who": words.who,
        "what": words.what,
        "by": words.by,
        "success": words.success,
        "stage": Commitment.REMOVED if promise.removed_at else stage,
        "state": promise.state,
        "ours_on": promise.ours_at and promise.ours_at.date(),
        "theirs_on": promise.theirs_at and promise.theirs_at.date(),
        "current": promise.current,
        "reason": promise.reason,
    }


def _proposals(promise: Promise, offers: Iterable[Offer]) -> Iterator[tuple[str, Values]]:
    """Id in the copy and values of each that the partner may know of."""
    return ((offer.public, _proposal(promise, offer)) for offer in offers if not offer.is_inside)


def _proposal(promise: Promise, offer: Offer) -> Values:
    return {
        "commitment_id": promise.public,
        "partner_id": promise.deal.partner,
        "by_side": offer.by_side,
        "subject": offer.subject,
        "was": offer.was,
        "becomes": offer.becomes,
        "says": offer.says,
        "options": offer.options,
        "state": offer.state,
        "answers_id": offer.counters.public if offer.counters else None,
        "made_on": offer.made_at.date(),
        "decided_on": offer.decided_at and offer.decided_at.date(),
        "note": offer.note,
    }


def _write(model: type[Model], id_: str, row: Model | None, values: Values) -> bool:
    if row is None:
        model._default_manager.create(id=id_, **values)  # noqa: SLF001 - Django's documented API
        return True
    different = _different(row, values)
    for name in different:
        setattr(row, name, values[name])
    if different:
        row.save(update_fields=[name.removesuffix("_id") for name in different])
    return bool(different)


def _different(row: Model, values: Values) -> list[str]:
    return [name for name, value in values.items() if getattr(row, name) != value]


def _go_on(promise: Promise, there: Sequence[Line]) -> bool:
    """Steps are only added, on our side; here they are written anew where these are others."""
    ours = list(promise.steps.order_by("id").values_list("side", "says", "at"))
    if ours == there:
        return False
    if there != ours[: len(there)]:
        Step.objects.filter(commitment=promise.public).delete()
        there = []
    for side, says, at in ours[len(there) :]:
        Step.objects.create(commitment_id=promise.public, partner_id=promise.deal.partner, side=side, says=says, at=at)
    return True
