"""Lists of shared items: by date, those without one last, from the item after which a page begins.

A page costs the same wherever it stands. The place in an address is made of what its reader sees anyway: a date in its
grain and a public id.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from syncd.partners.models import Item, Partner
from syncd.partners.pages import periods

SIZE = 50
"""Items of a page."""
LOOK = 5_000
"""Items that are looked through for words at once."""
_PLACE = re.compile(r"([0-9Q-]{0,10})~([A-Za-z0-9_-]{22})")
NONE = "none"
"""As a quarter: no date."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in order; ``after`` is the place at which the next page begins, empty where there is none.

    ``further``: so much was looked through for the words that the rest is left to the next page.
    """

    items: Sequence[Item]
    after: str = ""
    further: bool = False


def found(partner: Partner, *, status: str | None = None, quarter: str = "") -> QuerySet[Item]:
    """The partner's items, of which all that is asked holds.

    :param status: its word; empty: without one; None: any
    :param quarter: as ``2026-Q4``, or :data:`NONE`
    :raises BadRequest: there is no such quarter
    """
    items = Item.objects.filter(partner=partner)
    if status is not None:
        items = items.filter(status=status)
    if quarter == NONE:
        return items.filter(when="")
    if not quarter:
        return items
    if not periods.QUARTER.fullmatch(quarter):
        raise BadRequest
    by_quarter = Item.objects.filter(partner=partner, when=quarter).exists()  # dates of a partner have one grain
    return items.filter(when=quarter) if by_quarter else items.filter(periods.within(quarter))


def page(items: QuerySet[Item], after: str = "", size: int = SIZE, words: str = "") -> Page:
    """:param after: of an earlier page; empty for the first
    :param words: each in the title or the notes
    :raises BadRequest: it is no place in a list
    """
    rows: list[Item] = []
    for part in _parts(items, *_place(after)):
        looked, edge = _looked_through(part, words)
        rows += looked[: size + 1 - len(rows)]
        if len(rows) > size:
            return Page(rows[:size], _after(rows[size - 1]))
        if edge:
            return Page(rows, _after(edge), further=True)
    return Page(rows)


def _parts(items: QuerySet[Item], when: str, last: str) -> Iterator[QuerySet[Item]]:
    """What comes after a place: the dated ones, then those without a date."""
    if not last or when:
        dated = items.filter(when__gt="").order_by("when", "id")
        yield dated.filter(when__gte=when).filter(Q(when__gt=when) | Q(id__gt=last)) if last else dated
    undated = items.filter(when="").order_by("id")
    yield undated.filter(id__gt=last) if last and not when else undated


def _looked_through(part: QuerySet[Item], words: str) -> tuple[QuerySet[Item], Item | None]:
    """Those with the words, among the first so many; and the last that was looked at, where there are more."""
    if not words:
        return part, None
    edge = next(iter(part.only("id", "when")[LOOK - 1 : LOOK]), None)
    if edge:
        part = part.filter(when__lte=edge.when).filter(Q(when__lt=edge.when) | Q(id__lte=edge.id))
    for word in words.split()[:10]:
        part = part.filter(Q(title__icontains=word) | Q(values__notes__icontains=word))
    return part, edge


def _after(item: Item) -> str:
    return f"{item.when}~{item.id}"


def quarters(partner: Partner, most: int) -> list[str]:
    """The newest quarters in which something may be due, the last first: from the first date to the last."""
    dated = Item.objects.filter(partner=partner, when__gt="")
    first, last = dated.order_by("when").first(), dated.order_by("-when").first()
    if first is None or last is None:
        return []
    ends = periods.quarter(first.when), periods.quarter(last.when)
    return list(periods.between(*ends, most)) if all(ends) else []


def _place(after: str) -> tuple[str, str]:
    if not after:
        return "", ""
    if not (place := _PLACE.fullmatch(after)):
        raise BadRequest
    return place[1], place[2]
