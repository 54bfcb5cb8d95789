"""What a partner changed in a row of its mirror, put to our side as a proposal where the work belongs to a commitment.

The partner knows its row, and not which commitment rests on it. So it reads of the change what it always reads, its own
comment on the item; the proposal reaches the copy only once our side accepts or counters it.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from syncd.partners.desk.models import Said
from syncd.partners.models import THEIRS, Item
from syncd.partners.models import Proposal as Copied
from syncd.partners.pages.periods import last_day, quarter
from syncd.sharing import deals
from syncd.sharing.models import Deal, Disclosure, Offer, Promise, Shown
from syncd.sharing.promises import work
from syncd.sharing.promises.deciding import sentence, was, words_of
from syncd.trackers.find import find
from syncd.trackers.writing import writing

SUBJECTS = {"due": "date", "status": "dropped"}
"""Field of a row -> what of a commitment it speaks of. Of the states of work, a commitment knows one: that it is given up."""
_UNTOLD = "They are not told that this commitment rests on it, unless you accept or counter."
_AGAIN = "They changed the row again."
_BACK = "They put the row back as it was."
_LATER = "Another change of theirs took its place."


def heard(deal: Deal, said: Said, now: datetime) -> list[str]:
    """Propose what follows from a change for commitments that are agreed; what followed from an earlier one in the same
    row is withdrawn.

    :returns: what is promised in these commitments
    """
    subject = SUBJECTS.get(said.subject, "")
    earlier = Offer.objects.filter(promise__deal=deal, subject=subject, row=said.about)
    _withdraw(earlier, _AGAIN if said.becomes else _BACK, now)
    return [words_of(promise).what for promise, becomes in _concerned(deal, said) if _ask(promise, said, becomes, now)]


def let_go(deal: Deal, now: datetime) -> None:
    """Close proposals whose row went with its item, since nobody can put it back any more: the item left the copy. Our
    side reads why; the partner never knew of them."""
    open_ = Offer.objects.filter(promise__deal=deal, state=Copied.OPEN).exclude(row="")
    with writing():
        rows = set(open_.values_list("row", flat=True))
        there = Item.objects.filter(partner=deal.partner, pk__in=rows).values_list("id", flat=True)
        for row in rows.difference(there):
            _withdraw(open_.filter(row=row), _gone(deal, row), now)


def _gone(deal: Deal, row: str) -> str:
    """Why an item is no longer in the copy."""
    if deal.ended_at:
        return "The agreement has ended."
    if deal.closed_at:
        return "Sharing was stopped."
    shown = Disclosure.objects.filter(partner=deal.partner, public=row).order_by("id").first()
    found = find(shown.item)[:1] if shown else []
    for item in found:
        return (
            f"{item.key} is not found in its tracker any more."
            if item.deleted_at
            else f"{item.key} is no longer shared with them."
        )
    return "The item is no longer shared with them."


def _withdraw(offers: QuerySet[Offer], because: str, now: datetime) -> None:
    offers.filter(state=Copied.OPEN).update(state=Copied.WITHDRAWN, decided_at=now, note=because)


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
    _withdraw(mine, _LATER, now)
    words = words_of(promise)
    Offer.objects.create(
        promise=promise, subject=subject, was=was(words, subject), becomes=becomes, made_at=now, by_side=THEIRS,
        says=sentence(words, subject, becomes), because=f"{said.text} {_UNTOLD}", row=said.about,
    )  # fmt: skip
    return True
