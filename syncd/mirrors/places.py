"""Which places there ought to be: those of the agreements that are in force."""

from datetime import datetime

from rules.model.partners import Place
from syncd.mirrors.models import Mirror, Row
from syncd.partners.models import Partner
from syncd.sharing import deals
from syncd.sharing.models import Deal

Key = tuple[str, str, str, str]


def follow(now: datetime) -> None:
    """Have a row for each place, and have those emptied that are none any more. Safe to repeat."""
    wanted = {key: None for deal in Deal.objects.order_by("id") for key in _of(deal)}
    there = {_key(mirror): mirror for mirror in Mirror.objects.filter(ended_at=None)}
    for partner, kind, tracker, place in wanted:
        if (partner, kind, tracker, place) not in there:
            Mirror.objects.get_or_create(
                partner=partner, kind=kind, tracker=tracker, place=place, ended_at=None, defaults={"since": now}
            )
    for key, mirror in there.items():
        if key in wanted and mirror.leaving_at:
            _mark(mirror, None)
        elif key not in wanted and mirror.leaving_at is None:
            _mark(mirror, now)


def put_back(mirror: Mirror) -> int:
    """Rows that the partner took away are to be made again. :returns: how many"""
    count, _ = Row.objects.filter(mirror=mirror, state=Row.REMOVED).delete()
    Mirror.objects.filter(pk=mirror.pk).update(compared="")
    return count


def _of(deal: Deal) -> list[Key]:
    """The places of what is in force with a partner who sees anything at all."""
    agreement = deals.effective(deal)
    if agreement is None or not Partner.objects.filter(id=deal.partner, open=True).exists():
        return []
    return [_place(deal.partner, place) for place in agreement.places if place.kind != "page"]


def _place(partner: str, place: Place) -> Key:
    return partner, place.kind, place.tracker, place.target


def _key(mirror: Mirror) -> Key:
    return mirror.partner, mirror.kind, mirror.tracker, mirror.place


def _mark(mirror: Mirror, leaving_at: datetime | None) -> None:
    Mirror.objects.filter(pk=mirror.pk).update(leaving_at=leaving_at, compared="", parked_until=None)
