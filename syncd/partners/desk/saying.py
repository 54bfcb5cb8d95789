"""What partners say and decide: written down here, acted on by the worker."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from syncd.partners.desk.models import Said
from syncd.partners.models import Comment, Partner, Receipt

LONGEST = 10_000
"""Characters of one text."""
MOST, WITHIN = 60, timedelta(hours=1)
"""Acts of one partner: more are a program's."""
TWICE = timedelta(minutes=10)
"""A form that comes again within so long was sent twice."""


class TooMuch(Exception):
    """So much is said at once that nobody could answer it."""


def say(partner: Partner, who: str, now: datetime, kind: str, about: str = "", **words: str) -> Said:
    """One act; the same once more within minutes is the same act. Call it while looking at the partner.

    :param words: ``text``, ``subject``, ``becomes``, as in :class:`Said`
    :raises TooMuch: their limit is reached
    """
    mine = Said.objects.filter(partner=partner.id)
    same = mine.filter(who=who, kind=kind, about=about, at__gt=now - TWICE, **words).first()
    if same:
        return same
    if mine.filter(at__gt=now - WITHIN)[:MOST].count() >= MOST:
        raise TooMuch
    return Said.objects.create(partner=partner.id, who=who, at=now, kind=kind, about=about, **words)


def under_way(partner: Partner, about: Collection[str], now: datetime) -> list[Said]:
    """What was said about these and is not taken in yet, the oldest first."""
    recent = Said.objects.filter(partner=partner.id, about__in=about, at__gt=now - timedelta(days=30))
    said = list(recent.order_by("at", "id")[:200])
    taken = _taken(partner, [one.id for one in said])
    return [one for one in said if one.id not in taken]


def outcomes(partner: Partner, about: Collection[str]) -> dict[str, str]:
    """About what -> what came of the newest act, where that does not show by itself."""
    said = dict(
        Said.objects.filter(partner=partner.id, about__in=about).order_by("at").values_list("id", "about")[:500]
    )
    told = partner.receipts.filter(said__in=said).exclude(outcome="").order_by("at")
    return {said[receipt.said]: receipt.outcome for receipt in told}


def _taken(partner: Partner, ids: list[UUID]) -> set[UUID]:
    """By their receipts; a comment also by having become one."""
    comments = Comment.objects.filter(partner=partner, id__in=map(str, ids)).values_list("id", flat=True)
    receipts = Receipt.objects.filter(partner=partner, said__in=ids).values_list("said", flat=True)
    return {*receipts, *map(UUID, comments)}
