"""How things stand with each partner, at a glance: what they see, what waits, and who owes a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from rules.model.partners import Agreement
from syncd.accounts.models import User
from syncd.partners.models import OURS, THEIRS, Comment, Item, Partner
from syncd.sharing import access, deals
from syncd.sharing.models import Deal
from syncd.sharing.pages.mirrored import Health, glance
from syncd.sharing.reminders import EVERY, since


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One partner. ``ours`` and ``theirs``: open proposals that this side has to answer.

    ``fresh_at``: up to when the copy follows the work; None before there is a copy.
    """

    deal: Deal
    state: tuple[str, str, str]
    """Word, tone and icon."""
    owner: str
    cadence: str
    due_at: datetime | None
    """When they should have had word again; None while nothing is shared."""
    items: int
    waiting: int
    ours: int
    theirs: int
    unanswered: int
    fresh_at: datetime | None
    mirrors: Sequence[Health]

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at < now

    @property
    def waits(self) -> bool:
        """Whether somebody has to approve something."""
        return bool(self.waiting or self.deal.widens)


def standings(person: User, of: Iterable[Deal]) -> list[Standing]:
    """Those partners, in a number of queries that does not depend on how many there are."""
    rows = list(of)
    copies = Partner.objects.defer("logo").in_bulk([deal.partner for deal in rows])
    items = _counted(Item.objects.filter(partner__in=copies), "partner")
    waiting = _waiting(person, rows)
    open_ = _offers(person, rows)
    mirrors = glance([deal.partner for deal in rows])
    told = since(rows)
    said = _counted(unanswered(access.comments(person).filter(partner__in=copies)), "partner")
    return [
        Standing(
            deal=deal,
            state=state(deal, waits=bool(waiting.get(deal.pk) or deal.widens)),
            owner=terms.owner if terms else "",
            cadence=terms.cadence if terms else "",
            due_at=_due_at(deal, terms, told.get(deal.pk)),
            items=items.get(deal.partner, 0),
            waiting=waiting.get(deal.pk, 0),
            ours=open_.get((deal.pk, THEIRS), 0),
            theirs=open_.get((deal.pk, OURS), 0),
            unanswered=said.get(deal.partner, 0),
            fresh_at=copies[deal.partner].fresh_at if deal.partner in copies else None,
            mirrors=mirrors.get(deal.partner, ()),
        )
        for deal, terms in ((deal, deals.proposed(deal)) for deal in rows)
    ]


def state(deal: Deal, *, waits: bool) -> tuple[str, str, str]:
    """In a word, with its tone and icon; what stops everything else comes first."""
    if deal.ended_at:
        return "Ended", "calm", "circle-off"
    if deal.closed_at:
        return "Stopped", "bad", "hand"
    if deal.approved is None:
        return "Not approved yet", "warn", "hourglass"
    return ("Waits for approval", "warn", "hourglass") if waits else ("Shared", "good", "circle-check")


def unanswered(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Of the partner's words those after which our side has said nothing about the same."""
    ours = Comment.objects.annotate(thread=_THREAD).filter(
        partner=OuterRef("partner"), side=OURS, thread=OuterRef("thread"), at__gte=OuterRef("at")
    )
    return comments.filter(side=THEIRS).annotate(thread=_THREAD).filter(~Exists(ours))


_THREAD = Concat(Coalesce("item_id", Value("")), Value("|"), Coalesce("commitment_id", Value("")))


def _due_at(deal: Deal, terms: Agreement | None, told: datetime | None) -> datetime | None:
    """When the partner is to have had word again."""
    if told is None or terms is None or deal.closed_at or deal.ended_at:
        return None
    return told + EVERY[terms.cadence]


def _waiting(person: User, deals: Sequence[Deal]) -> dict[Any, int]:
    """Deal -> items that wait for approval; what was approved waits for the publisher alone."""
    edited = [deal.pk for deal in deals if deal.draft is not None]
    found = access.shown(person).filter(deal__in=deals, waiting__isnull=False)
    return _counted(found.filter(Q(held=True) | Q(deal__in=edited)), "deal")


def _counted(rows: QuerySet[Any], by: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(by).annotate(count=Count("pk")))


def _offers(person: User, deals: Sequence[Deal]) -> dict[tuple[int, str], int]:
    """(deal, side that made it) -> open proposals that need the other's answer."""
    open_ = access.offers(person).filter(promise__deal__in=deals, state="open", consent=True)
    found = open_.order_by().values_list("promise__deal", "by_side").annotate(count=Count("pk"))
    return {(deal, side): count for deal, side, count in found}
