"""What each side promised, how that stands, and what is proposed to be changed: as values for the pages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from syncd.accounts.models import User
from syncd.partners.models import OURS, THEIRS, Commitment, Step
from syncd.sharing import access
from syncd.sharing.models import Deal, Offer, Promise
from syncd.sharing.pages.forms import SUBJECTS
from syncd.trackers import access as tracked
from syncd.trackers.find import spelled
from syncd.trackers.models import Item

STATES: Mapping[str, tuple[str, str, str]] = {
    "done": ("Done", "good", "circle-check"),
    "on track": ("On track", "good", "circle-check"),
    "at risk": ("At risk", "warn", "triangle-alert"),
    "late": ("Late", "bad", "clock-alert"),
    "not known": ("Not known", "calm", "circle-question-mark"),
}
OFFERS: Mapping[str, tuple[str, str, str]] = {
    "open": ("Open", "warn", "hourglass"),
    "accepted": ("Accepted", "good", "circle-check"),
    "countered": ("Countered", "info", "reply"),
    "declined": ("Declined", "bad", "circle-x"),
    "withdrawn": ("Withdrawn", "calm", "circle-off"),
    "told": ("Told", "info", "megaphone"),
}
"""State of a proposal -> word, tone and icon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal. ``our_turn``: our side has to answer it."""

    offer: Offer
    what: str
    tag: tuple[str, str, str]
    our_turn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A commitment as both sides read it, with why it stands so, for our side alone.

    ``by`` is None where what is stored names no day. ``current``: what the work says instead, by name.
    """

    promise: Promise
    what: str
    success: str
    by: date | None
    tag: tuple[str, str, str]
    may_accept: bool
    current: Mapping[str, Any]
    offers: Sequence[Proposed]

    @property
    def is_open(self) -> bool:
        return self.promise.removed_at is None


def promised(person: User, deal: Deal, promises: Iterable[Promise] | None = None, **offers: Any) -> list[Promised]:
    """The commitments of a deal, in three queries; ours first, those that were removed last.

    :param offers: which of the proposals; those that are open where nothing is said
    """
    rows = list(access.promises(person).filter(deal=deal) if promises is None else promises)
    copies = Commitment.objects.in_bulk([row.public for row in rows])
    found: defaultdict[int, list[Proposed]] = defaultdict(list)
    wanted = access.offers(person).filter(promise__in=rows, **(offers or {"state": "open"}))
    for offer in wanted.order_by("-made_at", "-id"):
        found[offer.promise_id].append(proposed(offer))
    made = [_promised(row, copies.get(row.public), found[row.pk]) for row in rows]
    return sorted(made, key=lambda one: (not one.is_open, one.promise.offered.get("who") != OURS, _place(one, copies)))


def _place(one: Promised, copies: Mapping[str, Commitment]) -> tuple[int, int]:
    copy = copies.get(one.promise.public)
    return (copy.place if copy else 0, one.promise.pk)


def _promised(promise: Promise, copy: Commitment | None, offers: Sequence[Proposed]) -> Promised:
    stands: Mapping[str, Any] = (promise.agreed or {}).get("commitment") or promise.offered
    return Promised(
        promise=promise,
        what=str(stands.get("what", "")),
        success=str(stands.get("success", "")),
        by=_day(stands.get("by")),
        tag=_tag(promise, copy),
        may_accept=promise.removed_at is None and promise.agreed is None and promise.ours_at is None,
        current=copy.current if copy else {},
        offers=offers,
    )


def _tag(promise: Promise, copy: Commitment | None) -> tuple[str, str, str]:
    if promise.removed_at:
        return "Removed", "calm", "circle-off"
    if promise.agreed is None:
        whose = "We have to accept" if promise.ours_at is None else "They have to accept"
        return whose, "warn", "handshake"
    return STATES.get(copy.state if copy else "", ("Agreed", "info", "handshake"))


def proposed(offer: Offer) -> Proposed:
    return Proposed(
        offer=offer,
        what=SUBJECTS.get(offer.subject, offer.subject),
        tag=OFFERS.get(offer.state, (offer.state.capitalize(), "calm", "circle-dot")),
        our_turn=offer.state == "open" and offer.by_side == THEIRS,
    )


def steps(promise: Promise) -> list[Step]:
    """What happened to it, in words that both sides read; the newest first."""
    return list(Step.objects.filter(commitment=promise.public).order_by("-at", "-id"))


def work(person: User, promise: Promise) -> Iterator[tuple[str, str]]:
    """The items that are named behind it, each with the address of its page; none where syncd does not know it."""
    names = [str(name) for name in promise.offered.get("items", ())]
    keys = [name.partition(":")[2] for name in names]
    trackers = {row.pk: row.name for row in tracked.trackers(person)}
    pages = {}
    for called in (spelled(*keys), Item.objects.filter(native_id__in=keys)):
        for row in called.filter(tracker__in=trackers, deleted_at=None).only("key", "native_id", "tracker_id"):
            for name in (row.key, row.native_id):
                pages[f"{trackers[row.tracker_id]}:{name}".lower()] = reverse("item", args=[row.pk])
    for name in names:
        yield name, pages.get(name.lower(), "")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
