"""Proposals are answered: accepted, countered or declined, by the side whose consent is needed."""

from datetime import datetime

from syncd.accounts import audit
from syncd.partners.models import OURS
from syncd.partners.models import Proposal as Copied
from syncd.sharing import redaction
from syncd.sharing.deals import Refused
from syncd.sharing.models import Offer, Promise
from syncd.sharing.promises.applying import apply
from syncd.sharing.promises.deciding import put_forward, step
from syncd.sharing.promises.telling import tell_afterwards
from syncd.trackers.writing import writing

ACCEPT, COUNTER, DECLINE = DECISIONS = ("accept", "counter", "decline")


def answer(offer: Offer, decision: str, by: str, now: datetime, *, text: str = "", becomes: str = "") -> None:
    """Our side answers a proposal of the partner.

    :param decision: one of :data:`DECISIONS`
    :param text: what we say to it; the partner reads it, without what the redactor takes out, save where a change in a
        row of its mirror is declined
    :param becomes: of a counter, the day or the words that we would agree to
    :raises Refused: it is not the partner's, was decided already, or the counter is not as it should be
    """
    deal = offer.promise.deal
    if not (offer.row and decision == DECLINE):
        text = redaction.clean(deal, text)
    if offer.subject != "date":
        becomes = redaction.clean(deal, becomes)
    with writing():
        settle(offer, decision, by, now, side=OURS, text=text, becomes=becomes)
        audit.record(by, "offer_decided", deal.name, partner=deal.partner, offer=offer.public, decision=decision)


def settle(
    offer: Offer, decision: str, by: str, now: datetime, *, side: str, text: str = "", becomes: str = ""
) -> None:
    """``side`` answers a proposal of the other side.

    :raises Refused: as :func:`answer`
    """
    with writing():
        row = Offer.objects.select_related("promise__deal").get(pk=offer.pk)
        promise = row.promise
        _check(row, side, decision)
        row.note, row.decided_at, row.decided_by = text.strip(), now, by
        if decision == ACCEPT:
            accepted(promise, row, side, now)
        elif decision == DECLINE:
            declined(promise, row, side, now)
        else:
            countered(promise, row, side, becomes.strip(), now)
        row.save()
        promise.save()
        tell_afterwards(promise, now)
    offer.refresh_from_db()


def accepted(promise: Promise, offer: Offer, side: str, now: datetime) -> None:
    offer.state = Copied.ACCEPTED
    step(promise, side, _said("Accepted", offer), now, offer.decided_by)
    apply(promise, offer, now)
    if offer.subject == "dropped":
        promise.offers.filter(state=Copied.OPEN).exclude(pk=offer.pk).update(state=Copied.WITHDRAWN, decided_at=now)


def declined(promise: Promise, offer: Offer, side: str, now: datetime) -> None:
    offer.state = Copied.DECLINED
    if not offer.is_inside:
        step(promise, side, _said("Declined", offer), now, offer.decided_by)


def countered(promise: Promise, offer: Offer, side: str, becomes: str, now: datetime) -> None:
    """The answer is another proposal, which the side that asked first has to answer."""
    offer.state = Copied.COUNTERED
    offer.save()
    subject = "date" if offer.subject == "dropped" and _is_day(becomes) else offer.subject
    put_forward(promise, subject, becomes, offer.note, offer.decided_by, now, side, counters=offer)


def _check(offer: Offer, side: str, decision: str) -> None:
    if decision not in DECISIONS:
        raise Refused(f"{decision} is no answer: one of {', '.join(DECISIONS)}")
    if offer.by_side == side:
        raise Refused("it is for the other side to answer")
    if offer.state != Copied.OPEN:
        raise Refused(f"it was decided already: {offer.state}")
    if offer.promise.removed_at:
        raise Refused("the commitment was removed")


def _said(verb: str, offer: Offer) -> str:
    return " ".join(part for part in (f"{verb}: {offer.says}", offer.note) if part)


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-"
