"""What our side decides about its commitments, and both need to hear: acceptance, proposals, removal."""

from datetime import date, datetime

from rules.calendar import spelled
from rules.model.partners import Commitment
from rules.sharing import as_json
from rules.sharing.commitments import agree
from syncd.accounts import audit
from syncd.partners.models import OURS, THEIRS
from syncd.partners.models import Proposal as Copied
from syncd.sharing import deals, redaction
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Offer, Promise, Step
from syncd.sharing.promises import work
from syncd.sharing.promises.applying import apply
from syncd.sharing.promises.telling import tell_afterwards
from syncd.sharing.reminders import word_given
from syncd.trackers.writing import writing

SUBJECTS = ("date", "scope", "success", "dropped")
_CONSENT = {"date": "date", "scope": "scope", "success": "success", "dropped": "scope"}


def accept(promise: Promise, by: str, now: datetime, side: str = OURS) -> None:
    """One side accepts a commitment as it reads now. Once both have, it is frozen.

    :raises Refused: it is agreed or removed already
    """
    with writing():
        row = _live(promise)
        if row.agreed:
            raise Refused("both sides have accepted it already")
        if (row.ours_at if side == OURS else row.theirs_at) is None:
            setattr(row, "ours_at" if side == OURS else "theirs_at", now)
            step(row, side, "Accepted.", now, by)
        freeze(row, now)
        row.save()
        tell_afterwards(row, now)
    promise.refresh_from_db()


def freeze(promise: Promise, now: datetime) -> None:
    """Agreed, where both sides have accepted. The caller saves."""
    if promise.ours_at and promise.theirs_at and not promise.agreed:
        words = as_json.commitment(promise.offered)
        promise.agreed = as_json.to_json(agree(words, work.behind(promise)))
        step(promise, "", "Both sides have accepted: from here on it changes only by a proposal.", now)


def propose(
    promise: Promise, subject: str, becomes: str, because_for_both: str, by: str, now: datetime, side: str = OURS
) -> Offer:
    """One side wants a commitment changed. Where the other side has no say in it, it is told and holds at once.

    :param subject: one of :data:`SUBJECTS`
    :param becomes: the day as ISO 8601, or the words; empty for ``dropped``
    :param because_for_both: why, in words that both sides read; ours pass the redactor, as all that is shared
    :raises Refused: it cannot be proposed so
    """
    if side == OURS:
        because_for_both = redaction.clean(promise.deal, because_for_both)
        becomes = becomes if subject == "date" else redaction.clean(promise.deal, becomes)
    with writing():
        row = _live(promise)
        offer = put_forward(row, subject, becomes.strip(), because_for_both.strip(), by, now, side)
        row.save()
        tell_afterwards(row, now)
        audit.record(
            by or side, "change_proposed", row.deal.name, partner=row.deal.partner, commitment=row.name, subject=subject
        )
    promise.refresh_from_db()
    return offer


def put_forward(
    promise: Promise,
    subject: str,
    becomes: str,
    because: str,
    by: str,
    now: datetime,
    side: str,
    counters: Offer | None = None,
) -> Offer:
    """The proposal, within the caller's transaction; the caller saves the promise."""
    words = words_of(promise)
    before = was(words, subject)
    _check(promise, words, subject, becomes, side)
    supersede(promise, subject, side, now)
    says = " ".join(part for part in (sentence(words, subject, becomes), because) if part)
    consent = side == THEIRS or needs_consent(promise.deal, subject)
    offer = Offer.objects.create(
        promise=promise, subject=subject, was=before, becomes=becomes, says=says, by_side=side, consent=consent,
        made_at=now, made_by=by, counters=counters, options=["move the date", "keep it"] if subject == "date" else [],
        state=Copied.OPEN if consent else Copied.TOLD, decided_at=None if consent else now,
    )  # fmt: skip
    step(promise, side, f"Proposed: {says}" if consent else f"Told: {says}", now, by)
    if not consent:
        apply(promise, offer, now)
    return offer


def remove(promise: Promise, reason: str, by: str, now: datetime) -> None:
    """Take a commitment out, with a reason that both sides read; it passes the redactor. Where it is agreed and its scope
    needs both sides' consent, this proposes it.

    :raises Refused: no reason is given, or it is removed already
    """
    reason = redaction.clean(promise.deal, reason)
    if not reason:
        raise Refused("say why, in words that the partner reads")
    with writing():
        row = _live(promise)
        if row.agreed:
            offer = put_forward(row, "dropped", "", reason, by, now, OURS)
            if not offer.consent:
                row.reason = reason
        else:
            take_out(row, reason, now, by)
        row.save()
        tell_afterwards(row, now)
        audit.record(
            by, "commitment_removed", row.deal.name, partner=row.deal.partner, commitment=row.name, reason=reason
        )
    promise.refresh_from_db()


def decline(promise: Promise, text: str, now: datetime) -> None:
    """The partner does not accept a commitment as it reads.

    :raises Refused: it is agreed or removed already
    """
    with writing():
        row = _live(promise)
        if row.agreed:
            raise Refused("Both sides have accepted it already.")
        row.theirs_at = None
        row.save()
        step(row, THEIRS, f"Not accepted: {text.strip()}" if text.strip() else "Not accepted.", now)
        tell_afterwards(row, now)


def acknowledge(promise: Promise, now: datetime) -> None:
    """The partner has taken note of how a commitment stands."""
    with writing():
        step(promise, THEIRS, "Taken note of.", now)
        tell_afterwards(promise, now)


def take_out(promise: Promise, reason: str, now: datetime, by: str = "", side: str = OURS) -> None:
    """Removed. The caller saves."""
    promise.removed_at, promise.reason, promise.state, promise.current = now, reason, "", {}
    promise.offers.filter(state=Copied.OPEN).update(state=Copied.WITHDRAWN, decided_at=now)
    step(promise, side, f"Removed: {reason}", now, by)


def words_of(promise: Promise) -> Commitment:
    """As it was agreed; before that, as it is offered."""
    return as_json.agreed(promise.agreed).commitment if promise.agreed else as_json.commitment(promise.offered)


def needs_consent(deal: Deal, subject: str) -> bool:
    """Whether the partner has to agree to such a change."""
    agreement = deals.effective(deal)
    return agreement is None or _CONSENT[subject] in agreement.mutual


def sentence(words: Commitment, subject: str, becomes: str) -> str:
    """What a proposal says, in the commitment's own words."""
    if subject == "date":
        return f"“{words.what}” is to come by {spelled(date.fromisoformat(becomes))} instead of {spelled(words.by)}."
    if subject == "scope":
        return f"“{words.what}” is to read “{becomes}”."
    if subject == "success":
        return f"“{words.what}” is to count as a success by “{becomes}” instead of “{words.success}”."
    return f"“{words.what}” is to be dropped."


def supersede(promise: Promise, subject: str, side: str, now: datetime) -> None:
    """A side has one open proposal about a subject: what it wanted before is withdrawn."""
    promise.offers.filter(subject=subject, by_side=side, state=Copied.OPEN).update(
        state=Copied.WITHDRAWN, decided_at=now
    )


def step(promise: Promise, side: str, says: str, now: datetime, by: str = "") -> None:
    """One more line of its history. ``side`` empty: it followed from the work."""
    Step.objects.create(promise=promise, side=side, says=says, by=by, at=now)
    if side == OURS:
        word_given(promise.deal.partner, now)


def _live(promise: Promise) -> Promise:
    row = Promise.objects.select_related("deal").get(pk=promise.pk)
    if row.removed_at:
        raise Refused("it was removed")
    return row


def was(words: Commitment, subject: str) -> str:
    """What a proposal would change, as it reads now."""
    return {"date": str(words.by), "scope": words.what, "success": words.success}.get(subject, words.what)


def _check(promise: Promise, words: Commitment, subject: str, becomes: str, side: str) -> None:
    if subject not in SUBJECTS:
        raise Refused(f"{subject} cannot be proposed: one of {', '.join(SUBJECTS)}")
    if side == OURS and not promise.agreed:
        raise Refused("it is not agreed yet: edit partners.yaml")
    if subject == "dropped":
        return
    if not becomes:
        raise Refused("say what it is to become")
    if subject == "date":
        try:
            date.fromisoformat(becomes)
        except ValueError:
            raise Refused(f"{becomes} is no day such as 2027-01-31") from None
    if becomes == was(words, subject):
        raise Refused("that is what it says already")
