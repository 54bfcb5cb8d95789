"""What partners said is acted on, once each: comments, answers to proposals, acceptance, proposals of their own."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from rules.sharing.markdown import plain_html
from syncd.partners.desk.models import Said
from syncd.partners.models import THEIRS, Comment, Commitment, Item, Receipt
from syncd.sharing import promises
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Offer, Promise, Taken
from syncd.trackers.writing import writing

LATE = timedelta(days=1)
"""What was said is visible to us by then, however long its transaction took."""
LONGEST = 10_000


def take_in(now: datetime) -> int:
    """Act on what is new. Safe to repeat, and at any moment to be killed. :returns: how much there was"""
    last = Taken.objects.order_by("-at").values_list("at", flat=True).first()
    said = Said.objects.order_by("at", "id")
    if last:
        said = said.filter(at__gte=last - LATE)
    known = set(Taken.objects.filter(at__gte=last - LATE - LATE).values_list("said", flat=True)) if last else set()
    new = [one for one in said if one.id not in known and not Taken.objects.filter(said=one.id).exists()]
    for one in new:
        _take(one, now)
    return len(new)


def _take(said: Said, now: datetime) -> None:
    """The effect and its receipt in one transaction. The copy's receipt and comment are the same when written again."""
    deal = Deal.objects.filter(partner=said.partner).first()
    if deal is None:
        return
    with writing():
        if Taken.objects.filter(said=said.id).exists():
            return  # another worker was faster
        says, outcome = _acted(deal, said, now)
        Taken.objects.create(said=said.id, deal=deal, at=max(now, said.at), says=says, outcome=outcome)
        Receipt.objects.update_or_create(
            said=said.id, defaults={"partner_id": deal.partner, "outcome": outcome, "at": now}
        )


def _acted(deal: Deal, said: Said, now: datetime) -> tuple[str, str]:
    """What the partner did, in words for our side, and for both what came of it where nothing did."""
    told = f"{deal.name}: {said.kind} {said.becomes} {said.text.strip()}"
    if deal.closed_at or deal.ended_at:
        return told, "Sharing had been stopped."
    try:
        with transaction.atomic():
            return _ACTS[said.kind](deal, said, now), ""
    except Refused as refused:
        return told, _sentence(str(refused))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _comment(deal: Deal, said: Said, now: datetime) -> str:
    text = said.text.strip()[:LONGEST]
    if not text:
        raise Refused("There was nothing in it.")
    item = Item.objects.filter(pk=said.about, partner=deal.partner).first()
    commitment = Commitment.objects.filter(pk=said.about, partner=deal.partner).first()
    if said.about and not (item or commitment):
        raise Refused("What it was about is no longer shared.")
    values = {"partner_id": deal.partner, "item": item, "commitment": commitment, "side": THEIRS, "text": text}
    Comment.objects.get_or_create(id=str(said.id), defaults={**values, "html": plain_html(text), "at": said.at})
    concerned = promises.heard(deal, said, now) if item and said.subject else []
    asks = [f" It is put to you as a proposal for “{what}”." for what in concerned]
    return "".join((f"{deal.name} writes{_on(item or commitment)}: {text}", *asks))


def _on(about: Item | Commitment | None) -> str:
    return f" on “{about}”" if about else ""


def _accept(deal: Deal, said: Said, now: datetime) -> str:
    if promise := _promise(deal, said):
        promises.accept(promise, "", now, side=THEIRS)
        return f"{deal.name} accepts “{_what(promise)}”"
    return _answer(deal, said, now)


def _answer(deal: Deal, said: Said, now: datetime) -> str:
    offer = _offer(deal, said)
    verb = {Said.ACCEPT: "accepts", Said.DECLINE: "declines", Said.COUNTER: "counters"}[said.kind]
    promises.settle(offer, said.kind, "", now, side=THEIRS, text=said.text, becomes=said.becomes)
    return " ".join(part for part in (f"{deal.name} {verb}: {offer.says}", said.becomes, said.text.strip()) if part)


def _counter(deal: Deal, said: Said, now: datetime) -> str:
    return _propose(deal, said, now) if _promise(deal, said) else _answer(deal, said, now)


def _decline(deal: Deal, said: Said, now: datetime) -> str:
    promise = _promise(deal, said)
    if promise is None:
        return _answer(deal, said, now)
    promises.decline(promise, said.text, now)
    return f"{deal.name} does not accept “{_what(promise)}”: {said.text.strip()}".removesuffix(": ")


def _propose(deal: Deal, said: Said, now: datetime) -> str:
    promise = _promise(deal, said)
    if promise is None:
        raise Refused("What it was about is no longer shared.")
    promises.propose(promise, said.subject, said.becomes, said.text, "", now, side=THEIRS)
    return f"{deal.name} proposes for “{_what(promise)}”: {said.subject} {said.becomes} {said.text.strip()}".strip()


def _acknowledge(deal: Deal, said: Said, now: datetime) -> str:
    promise = _promise(deal, said)
    if promise is None:
        offer = Offer.objects.filter(public=said.about, promise__deal=deal).select_related("promise").first()
        promise = offer.promise if offer else None
    if promise is None:
        return f"{deal.name} has taken note"
    promises.acknowledge(promise, now)
    return f"{deal.name} has taken note of “{_what(promise)}”"


def _promise(deal: Deal, said: Said) -> Promise | None:
    return Promise.objects.filter(public=said.about, deal=deal).select_related("deal").first()


def _offer(deal: Deal, said: Said) -> Offer:
    offer = Offer.objects.filter(public=said.about, promise__deal=deal).select_related("promise__deal").first()
    if offer is None:
        raise Refused("What it was about is no longer shared.")
    return offer


def _what(promise: Promise) -> str:
    return promises.words_of(promise).what


_ACTS: dict[str, Callable[[Deal, Said, datetime], str]] = {
    Said.COMMENT: _comment,
    Said.ACCEPT: _accept,
    Said.COUNTER: _counter,
    Said.DECLINE: _decline,
    Said.ACKNOWLEDGE: _acknowledge,
    Said.PROPOSE: _propose,
}
