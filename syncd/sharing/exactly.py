"""Approval of exactly what somebody was shown, and of nothing else.

What waits is put into a mark that goes with the page and comes back with the approval. It covers the agreement and
every value of every item; where any of it is another by then, nothing is approved, and what differs is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from rules.sharing.widening import Widening, grows
from syncd.sharing import approvals
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Shown
from syncd.trackers.writing import writing
from syncd.web.words import counted

_BATCH = 2_000


class Overtaken(Refused):
    """It is not what was shown any more; the message says what differs."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that waits, in numbers. ``values``: how many would be shown, or shown otherwise; ``blanked``: how many would
    go."""

    agreement: str
    items: int
    added: int
    values: int
    blanked: int
    digest: str

    @property
    def changed(self) -> int:
        """Items of which something is shown already."""
        return self.items - self.added

    @property
    def seen(self) -> str:
        """To be given back with the approval: ``agreement.items.values.digest``."""
        return f"{self.agreement}.{self.items}.{self.values}.{self.digest}"


def summary(deal: Deal) -> Summary:
    """What waits with this partner, in one query over all of it."""
    items = added = values = blanked = 0
    mark = sha256()
    for row in rows(deal).only("id", "deal_id", "values", "waiting", "held").iterator(_BATCH):
        items, added = items + 1, added + (not row.values)
        values += len(list(differing(row)))
        blanked += len(set(row.values or {}) - set(row.waiting or {}))
        mark.update(orjson.dumps([row.pk, row.held, row.values, row.waiting], option=orjson.OPT_SORT_KEYS))
    agreement = (deal.draft_digest or deal.approved_digest)[:16]
    return Summary(agreement, items, added, values, blanked, mark.hexdigest()[:32])


def rows(deal: Deal) -> QuerySet[Shown]:
    """The items of which approval would show more, or something else, in the order of the list. What was approved waits
    for the publisher, and for nobody."""
    found = Shown.objects.filter(deal=deal, waiting__isnull=False).order_by("id")
    return found if deal.draft is not None else found.filter(held=True)


def differing(row: Shown) -> Iterator[str]:
    """The fields that approval would show, or show otherwise."""
    before: Mapping[str, Any] = row.values or {}
    return (name for name, value in (row.waiting or {}).items() if before.get(name) != value)


def mark_of(row: Shown) -> str:
    """How one item stands, in short."""
    said = orjson.dumps([row.held, row.values, row.waiting], option=orjson.OPT_SORT_KEYS)
    return f"{row.pk}:{sha256(said).hexdigest()[:8]}"


def because(deal: Deal) -> list[Widening]:
    """Why it waits: each clause of the edit that widens, and a filter that matches many more."""
    why = [Widening(clause, says) for clause, says in deal.widens]
    if not rows(deal).filter(held=True).exists():
        return why
    matching = Shown.objects.filter(Q(values__isnull=False) | Q(waiting__isnull=False), deal=deal).count()
    more = grows(deal.admitted, matching)
    return [*why, more] if more else why


def approve(deal: Deal, seen: str, by: str, message: str, now: datetime, marks: str = "") -> Summary:
    """Put in force what waits, if it is what was seen. :returns: what was approved, in numbers

    :param seen: :attr:`Summary.seen` of what the person was shown
    :param marks: :func:`mark_of` of the items on the page they looked at, to name those that differ
    :raises Overtaken: something else waits by now
    :raises Refused: nothing waits, or not all of it is known yet
    """
    with writing():
        row = Deal.objects.get(pk=deal.pk)
        found = summary(row)
        if approvals.waits(row) and found.seen != seen:
            raise Overtaken(_differs(row, found, seen, marks))
        approvals.approve(row, by, message, now)
    deal.refresh_from_db()
    return found


def _differs(deal: Deal, found: Summary, seen: str, marks: str) -> str:
    agreement, _, rest = seen.partition(".")
    told = []
    if agreement != found.agreement:
        told.append("the agreement was edited")
    before = [int(each) if each.isdecimal() else 0 for each in rest.split(".")[:2]]
    if before != [found.items, found.values] and len(before) == 2:
        was = f"{counted(before[1], 'value')} of {counted(before[0], 'item')}"
        told.append(f"{counted(found.values, 'value')} of {counted(found.items, 'item')} wait instead of {was}")
    if others := _others(deal, marks):
        told.append(f"different by now: {', '.join(others)}")
    return f"it is not what you were shown: {'; '.join(told) or 'some values are others by now'}. Look again"


def _others(deal: Deal, marks: str) -> list[str]:
    """Keys of the items on the page that was looked at that stand otherwise by now; the first ten."""
    pairs = [each.partition(":") for each in marks.split()[:200]]
    then = {int(pk): f"{pk}:{digest}" for pk, _, digest in pairs if pk.isdecimal() and len(pk) < 19}
    now = {
        row.pk: row for row in Shown.objects.filter(deal=deal, pk__in=then).select_related("item").defer("item__doc")
    }
    different = [row for pk, row in now.items() if row.waiting is None or mark_of(row) != then[pk]]
    gone = len(then) - len(now)
    named = [row.item.key for row in sorted(different, key=lambda row: row.pk)[:10]]
    return (
        [*named, counted(gone, "item that is not shared any more", "items that are not shared any more")]
        if gone
        else named
    )
