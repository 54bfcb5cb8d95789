"""What a partner changed in a row of its mirror, put to our side as a proposal where the work belongs to a commitment.

The partner knows its row, and not which commitment rests on it. So it reads of the change what it always reads, its own
comment on the item; the proposal reaches the copy only once our side accepts or counters it.
"""

from collections.abc import Iterator
from datetime import date, datetime

from syncd.partners.desk.models import Said
from syncd.partners.models import THEIRS
from syncd.partners.models import Proposal as Copied
from syncd.partners.pages.periods import last_day, quarter
from syncd.sharing import deals
from syncd.sharing.models import Deal, Offer, Promise, Shown
from syncd.sharing.promises import work
from syncd.sharing.promises.deciding import sentence, was, words_of

SUBJECTS = {"due": "date", "status": "dropped"}
"""Field of a row -> what of a commitment it speaks of. Of the states of work, a commitment knows one: that it is given up."""
_UNTOLD = "They are not told that this commitment rests on it, unless you accept or counter."


def heard(deal: Deal, said: Said, now: datetime) -> list[str]:
    """Propose what follows from a change for commitments that are agreed; what followed from an earlier one in the same
    row is withdrawn.

    :returns: what is promised in these commitments
    """
    subject = SUBJECTS.get(said.subject, "")
    Offer.objects.filter(promise__deal=deal, subject=subject, row=said.about, state=Copied.OPEN).update(
        state=Copied.WITHDRAWN, decided_at=now
    )
    return [words_of(promise).what for promise, becomes in _concerned(deal, said) if _ask(promise, said, becomes, now)]


def _concerned(deal: Deal, said: Said) -> Iterator[tuple[Promise, str]]:
    """Commitments for which it means something, each with what it is to become."""
    shown = Shown.objects.filter(deal=deal, public=said.about).select_related("item__tracker").first()
    if shown is None:
        return
    id_ = f"{shown.item.tracker.name}:{shown.item.native_id}"
    for promise in Promise.objects.filter(deal=deal, removed_at=None).select_related("deal").order_by("place", "id"):
        behind = {item.id for item in work.behind(promise)} if promise.agreed else set()
        if id_ in behind and (becomes := _becomes(promise, said, alone=len(behind) == 1)) is not None:
            yield promise, becomes


def _becomes(promise: Promise, said: Said, *, alone: bool) -> str | None:
    """What of a commitment a change in a row means; None: nothing, or nothing certain.

    :param alone: whether the row's item is all the work behind it
    """
    if said.subject == "status":
        agreement = deals.effective(promise.deal)
        word = agreement.statuses.get("cancelled") if agreement else None
        return "" if alone and word and _plain(word) == _plain(said.becomes) else None
    by, day = words_of(promise).by, last_day(said.becomes)
    if day is None or day == by or said.becomes in _as_shown(by):
        return None
    return str(day) if alone or day > by else None  # one part that comes sooner brings the whole no sooner


def _as_shown(day: date) -> tuple[str, ...]:
    return str(day), f"{day:%Y-%m}", quarter(str(day))


def _plain(word: str) -> str:
    """Without what a label made of it."""
    return word.replace("-", " ").casefold()


def _ask(promise: Promise, said: Said, becomes: str, now: datetime) -> bool:
    """:returns: False where the partner has already proposed something else about it itself, which goes before, or
    another part of the work comes still later: the whole is there with the last"""
    subject = SUBJECTS[said.subject]
    mine = promise.offers.filter(subject=subject, by_side=THEIRS, state=Copied.OPEN)
    if mine.filter(row="").exists() or mine.filter(becomes__gt=becomes).exists():
        return False
    mine.update(state=Copied.WITHDRAWN, decided_at=now)
    words = words_of(promise)
    Offer.objects.create(
        promise=promise, subject=subject, was=was(words, subject), becomes=becomes, made_at=now, by_side=THEIRS,
        says=sentence(words, subject, becomes), because=f"{said.text} {_UNTOLD}", row=said.about,
    )  # fmt: skip
    return True
