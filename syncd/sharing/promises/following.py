"""Commitments follow the agreement in force and the work behind them; where they are agreed, by proposals alone."""

from dataclasses import replace
from datetime import UTC, datetime

from rules.calendar import spelled
from rules.match.errors import listed
from rules.model.partners import Agreement, Commitment
from rules.sharing import as_json
from rules.sharing.commitments import Agreed, Proposal, changes, state
from syncd.partners.models import OURS
from syncd.partners.models import Proposal as Copied
from syncd.sharing.models import Deal, Offer, Promise
from syncd.sharing.promises import work
from syncd.sharing.promises.applying import apply
from syncd.sharing.promises.deciding import step, supersede, take_out
from syncd.sharing.promises.telling import tell_of
from syncd.trackers.writing import writing

PARTS = ("what", "by", "success")
_TOLD = {"done": "It is done.", "at risk": "It is at risk.", "late": "It is late.", "on track": "It is on track again."}


def follow(deal: Deal, agreement: Agreement, now: datetime) -> bool:
    """Look at every commitment of a partner. :returns: whether anything was changed"""
    with writing():
        known = {promise.name: promise for promise in Promise.objects.filter(deal=deal).select_related("deal")}
        for place, words in enumerate(agreement.commitments):
            if words.id not in known:
                known[words.id] = _offer(deal, words, place, now)
        written = {words.id: (place, words) for place, words in enumerate(agreement.commitments)}
        for name, promise in known.items():
            if not promise.removed_at:
                _one(promise, written.get(name), agreement, now)
    return tell_of(deal, list(known.values()), now)


def _offer(deal: Deal, words: Commitment, place: int, now: datetime) -> Promise:
    """A new commitment. Who approved the agreement has accepted it for our side."""
    promise = Promise.objects.create(
        deal=deal, name=words.id, offered=as_json.to_json(words), place=place, ours_at=deal.approved_at or now
    )
    step(promise, OURS, "Put forward and accepted.", now, deal.approved_by)
    return promise


def _one(promise: Promise, written: tuple[int, Commitment] | None, agreement: Agreement, now: datetime) -> None:
    before = (
        promise.place,
        promise.offered,
        promise.agreed,
        promise.state,
        promise.current,
        promise.because,
        promise.ours_at,
    )
    if written:
        promise.place = written[0]
    words = written[1] if written else None
    if promise.agreed is None:
        _reworded(promise, words, now)
    else:
        _held(promise, words, agreement, now)
    after = (
        promise.place,
        promise.offered,
        promise.agreed,
        promise.state,
        promise.current,
        promise.because,
        promise.ours_at,
    )
    if before != after or promise.removed_at:
        promise.save()


def _reworded(promise: Promise, words: Commitment | None, now: datetime) -> None:
    """While one side has still to accept, the agreement decides how it reads; other words are to be accepted anew."""
    if words is None:
        take_out(promise, "It was taken back before both sides had accepted it.", now)
        return
    offered = as_json.commitment(promise.offered)
    if words == offered:
        return
    told_otherwise = any(getattr(words, part) != getattr(offered, part) for part in (*PARTS, "who"))
    promise.offered = as_json.to_json(words)
    if told_otherwise:
        promise.ours_at, promise.theirs_at = promise.deal.approved_at or now, None
        says = f"“{words.what}”, by {spelled(words.by)}. Success: {words.success}"
        step(promise, OURS, f"Put forward in other words: {says}", now)


def _held(promise: Promise, words: Commitment | None, agreement: Agreement, now: datetime) -> None:
    """It is agreed: what moved becomes a proposal, once; a proposal whose cause is gone is withdrawn."""
    agreed, items = as_json.agreed(promise.agreed or {}), work.behind(promise)
    wanted = _edited(promise, agreed, words)
    found = {one.subject: one for one in changes(agreed, items, mutual=agreement.mutual, written=wanted)}
    for offer in promise.offers.filter(by_side=OURS, state=Copied.OPEN, made_by=""):
        if (offer.subject not in found) or not _is_same(offer, found[offer.subject]):
            offer.state, offer.decided_at = Copied.WITHDRAWN, now
            offer.save()
            step(promise, "", f"Withdrawn, since its cause is gone: {offer.says}", now)
    for one in found.values():
        if not _was_put(promise, one):
            _put(promise, one, by_file=_is_by_file(one, agreed, wanted), now=now)
        if promise.removed_at:
            return
    agreed = as_json.agreed(promise.agreed or {})
    names = {"date": "by", "scope": "what", "success": "success"}
    left = changes(agreed, items, mutual=agreement.mutual, written=wanted)
    promise.current = {names[one.subject]: one.becomes for one in left if one.subject in names and one.becomes}
    if unread := work.unread(items):
        _stands(promise, "not known", f"its tracker is no longer in syncd.yaml: {listed(unread, 'and')}", now)
    else:
        _stands(promise, *state(agreed, items, now.astimezone(UTC).date()), now)


def _edited(promise: Promise, agreed: Agreed, words: Commitment | None) -> Commitment | None:
    """What was agreed, with what was edited in the agreement since: what a proposal has changed meanwhile stands,
    though the file still says what it said before. None: the file has it no longer."""
    if words is None:
        return None
    offered = as_json.commitment(promise.offered)
    caught_up = {
        part: getattr(words, part) for part in PARTS if getattr(words, part) == getattr(agreed.commitment, part)
    }
    offered = replace(offered, items=words.items, **caught_up)
    promise.offered = as_json.to_json(offered)
    return replace(
        agreed.commitment,
        **{part: getattr(words, part) for part in PARTS if getattr(words, part) != getattr(offered, part)},
    )


def _is_by_file(one: Proposal, agreed: Agreed, wanted: Commitment | None) -> bool:
    """Whether somebody wrote it, and it did not follow from the work."""
    if wanted is None:
        return True
    part = {"date": "by", "scope": "what", "success": "success"}.get(one.subject)
    return part is not None and getattr(wanted, part) != getattr(agreed.commitment, part)


def _was_put(promise: Promise, one: Proposal) -> bool:
    """Whether it was proposed before, and decided or still open: nobody is asked the same twice."""
    last = promise.offers.filter(by_side=OURS, subject=one.subject, made_by="").order_by("-id").first()
    return last is not None and last.state != Copied.WITHDRAWN and _is_same(last, one)


def _is_same(offer: Offer, one: Proposal) -> bool:
    """A day that moved once more is another proposal; so is other work that was given up."""
    if one.subject in ("scope", "dropped") and not one.becomes and offer.because != one.because:
        return False
    return offer.becomes == one.becomes and offer.was == one.was


def _put(promise: Promise, one: Proposal, *, by_file: bool, now: datetime) -> None:
    """Where the partner has no say, what somebody wrote holds at once; what followed from the work is only told."""
    supersede(promise, one.subject, OURS, now)
    offer = Offer.objects.create(
        promise=promise, subject=one.subject, was=one.was, becomes=one.becomes, says=one.says, because=one.because,
        options=list(one.options), by_side=OURS, consent=one.consent, made_at=now,
        state=Copied.OPEN if one.consent else Copied.TOLD, decided_at=None if one.consent else now,
    )  # fmt: skip
    step(promise, "" if not by_file else OURS, f"{'Proposed' if one.consent else 'Told'}: {one.says}", now)
    if not one.consent and by_file:
        apply(promise, offer, now)


def _stands(promise: Promise, stands: str, because: str, now: datetime) -> None:
    if stands != promise.state:
        if stands in _TOLD and (promise.state or stands != "on track"):
            step(promise, "", _TOLD[stands], now)
        promise.state = stands
    promise.because = because
