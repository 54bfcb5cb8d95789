"""Lists of shared items: by date, those without one last, from the item after which a page begins.

A page costs the same wherever it stands. The place in an address is made of what its reader sees anyway: a date in its
grain and a public id.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from syncd.partners.models import Item, Partner
from syncd.partners.pages import periods

SIZE = 50
"""Items of a page."""
_PLACE = re.compile(r"([0-9Q-]{0,10})~([A-Za-z0-9_-]{22})")
NONE = "none"
"""As a quarter: no date."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in order; ``after`` is the place at which the next page begins, empty where there is none."""

    items: Sequence[Item]
    after: str = ""


def found(partner: Partner, *, words: str = "", status: str | None = None, quarter: str = "") -> QuerySet[Item]:
    """The partner's items, of which all that is asked holds.

    :param words: in the title or the notes
    :param status: its word; empty: without one; None: any
    :param quarter: as ``2026-Q4``, or :data:`NONE`
    :raises BadRequest: there is no such quarter
    """
    items = Item.objects.filter(partner=partner)
    for word in words.split()[:10]:
        items = items.filter(Q(title__icontains=word) | Q(values__notes__icontains=word))
    if status is not None:
        items = items.filter(status=status)
    if quarter == NONE:
        items = items.filter(when="")
    elif quarter:
        if not periods.QUARTER.fullmatch(quarter):
            raise BadRequest
        items = items.filter(periods.within(quarter))
    return items


def page(items: QuerySet[Item], after: str = "", size: int = SIZE) -> Page:
    """:param after: of an earlier page; empty for the first
    :raises BadRequest: it is no place in a list
    """
    when, last = _place(after)
    rows: list[Item] = []
    if not last or when:
        dated = items.exclude(when="").order_by("when", "id")
        if last:
            dated = dated.filter(when__gte=when).filter(Q(when__gt=when) | Q(id__gt=last))
        rows = list(dated[: size + 1])
    if len(rows) <= size:
        undated = items.filter(when="").order_by("id")
        if last and not when:
            undated = undated.filter(id__gt=last)
        rows += undated[: size + 1 - len(rows)]
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, f"{rows[-1].when}~{rows[-1].id}" if more else "")


def quarters(partner: Partner, most: int) -> list[str]:
    """The newest quarters in which something may be due, the last first: from the first date to the last."""
    dated = Item.objects.filter(partner=partner).exclude(when="")
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
