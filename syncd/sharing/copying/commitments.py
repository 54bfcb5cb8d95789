"""A commitment in the copy, with its proposals and its history: made of our rows, whole, each time."""

from typing import Any

from django.db import transaction
from django.db.models import Model

from rules.sharing import as_json
from syncd.partners.models import Commitment, Proposal, Step
from syncd.sharing.models import Promise


def put(promise: Promise) -> bool:
    """Bring one commitment up to date. :returns: whether anything was changed"""
    with transaction.atomic("partners"):
        changed = _same_as(Commitment, promise.public, _commitment(promise))
        offers = promise.offers.order_by("id").select_related("counters")
        for offer in (one for one in offers if not one.is_inside):
            changed |= _same_as(Proposal, offer.public, _proposal(promise, offer))
        return _history(promise) or changed


def _commitment(promise: Promise) -> dict[str, Any]:
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


def _proposal(promise: Promise, offer: Any) -> dict[str, Any]:
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


def _same_as(model: type[Model], id_: str, values: dict[str, Any]) -> bool:
    row = model._default_manager.filter(pk=id_).first()  # noqa: SLF001 - Django's documented API
    if row is None:
        model._default_manager.create(id=id_, **values)  # noqa: SLF001
        return True
    different = [name for name, value in values.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, values[name])
    if different:
        row.save(update_fields=[name.removesuffix("_id") for name in different])
    return bool(different)


def _history(promise: Promise) -> bool:
    """Steps are only added, on our side; here they are written anew where these are others."""
    ours = list(promise.steps.order_by("id").values_list("side", "says", "at"))
    there = list(Step.objects.filter(commitment=promise.public).order_by("id").values_list("side", "says", "at"))
    if ours == there:
        return False
    if there != ours[: len(there)]:
        Step.objects.filter(commitment=promise.public).delete()
        there = []
    for side, says, at in ours[len(there) :]:
        Step.objects.create(commitment_id=promise.public, partner_id=promise.deal.partner, side=side, says=says, at=at)
    return True
