"""What waits for approval, as the partner would see it, and the approval itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rules.model.partners import Cell, Shared
from rules.sharing.widening import grows
from syncd.accounts import audit
from syncd.sharing import deals, lens, pending
from syncd.sharing.deals import Refused
from syncd.sharing.lens import Lens
from syncd.sharing.models import Deal, Disclosure, Shown
from syncd.trackers.writing import writing

ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Value:
    """One value that approval would show: what stands there until now, what would, and by which clause."""

    field: str
    was: str
    becomes: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item of which more would be shown. ``key`` and ``title`` are the tracker's own, for our side."""

    id: int
    item: int
    kind: str
    key: str
    title: str
    held: bool
    """Whether it waits only because so many more match the filter at once."""
    values: tuple[Value, ...]
    withheld: tuple[Cell, ...]
    """What is not shown of it, and why."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A value that the newest edit has withdrawn already."""

    line: int
    item: str
    field: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, in numbers of items."""

    added: int
    changed: int
    held: int
    """Of those added."""
    withdrawn: int
    """Values that the newest edit has withdrawn already."""
    shown: int
    """Items of which something is shown now."""
    looking: bool
    """Whether items are still being looked at: the other numbers may grow."""

    @property
    def waiting(self) -> int:
        return self.added + self.changed


def waits(deal: Deal) -> bool:
    """Whether there is anything to approve."""
    return deal.draft is not None or Shown.objects.filter(deal=deal, held=True).filter(waiting__isnull=False).exists()


def counts(deal: Deal) -> Counts:
    """How much waits."""
    rows = Shown.objects.filter(deal=deal)
    more = rows.filter(waiting__isnull=False)
    return Counts(
        added=more.filter(values__isnull=True).count(),
        changed=more.filter(values__isnull=False).count(),
        held=more.filter(held=True).count(),
        withdrawn=withdrawals(deal),
        shown=rows.filter(values__isnull=False).count(),
        looking=is_looking(deal),
    )


def is_looking(deal: Deal) -> bool:
    """Whether what waits is not all known yet."""
    return deal.walking or pending.edited(deal)


def waiting(deal: Deal, after: int, most: int, now: datetime) -> list[Waiting]:
    """What would be shown, item by item, from the one after the row ``after``."""
    rows = list(Shown.objects.filter(deal=deal, id__gt=after).filter(waiting__isnull=False).order_by("id")[:most])
    case_of = lens.load([row.item_id for row in rows])
    glass = Lens(deal)
    found = []
    for row in rows:
        case = case_of.get(row.item_id)
        made = glass.proposed.share(case, now) if case and glass.proposed else None
        if case is None or not isinstance(made, Shared):
            continue  # it changed since: the publisher is about to say so
        found.append(_waiting(row, case.item.key, case.item.title, made.cells))
    return found


def withdrawals(deal: Deal) -> int:
    """How many values the newest edit has withdrawn."""
    return _withdrawn(deal).count()


def withdrawn(deal: Deal, after: int, most: int) -> list[Gone]:
    """Values that the newest edit has withdrawn, since what narrows does not wait; those before the line ``after``,
    newest first."""
    rows = _withdrawn(deal).order_by("-id")
    rows = rows.filter(id__lt=after) if after else rows
    return [_gone(line) for line in rows[:most]]


def approve(deal: Deal, by: str, message: str, now: datetime, *, seen: str = "") -> None:
    """Put what waits in force. The publisher shows it within its next cycle.

    :param seen: :func:`token` of what the person saw: where more waits by now, it is refused
    :raises Refused: nothing waits, or not all of it is known yet, or it is not what was seen
    """
    with writing():
        row = Deal.objects.get(pk=deal.pk)
        _check(row, seen)
        wanted = deals.draft(row)
        why = row.widens
        if wanted is not None:
            deals.put_in_force(row, wanted, by, message, now)
            row.draft, row.draft_digest, row.drafted_at, row.widens = None, "", None, []
        row.admitted = _matching(row)
        row.approved_at, row.approved_by = now, by
        row.save()
        Shown.objects.filter(deal=row, held=True).update(held=False)
        pending.mark_shown(row, "waiting IS NOT NULL")
        audit.record(
            by, "agreement_approved", row.name, partner=row.partner, message=message, widens=why, items=row.admitted
        )
    deal.refresh_from_db()


def token(deal: Deal) -> str:
    """What waits now, in short: to be given back by whoever approves it."""
    return f"{deal.draft_digest or deal.approved_digest}.{_matching(deal)}"


def _check(deal: Deal, seen: str) -> None:
    if deal.ended_at:
        raise Refused(f"the agreement with {deal.name} has ended: partners.yaml has it no longer")
    if deal.closed_at:
        raise Refused(f"all sharing with {deal.name} is stopped: resume it first")
    if not waits(deal):
        raise Refused(f"nothing waits for approval with {deal.name}")
    if is_looking(deal):
        raise Refused("syncd is still looking through the items: what would be shown is complete in a moment")
    if seen and not _is_as_seen(deal, seen):
        raise Refused("more waits than you were shown: look again")


def _is_as_seen(deal: Deal, seen: str) -> bool:
    mark, _, number = seen.partition(".")
    known = mark == (deal.draft_digest or deal.approved_digest) and number.isdecimal()
    return known and grows(int(number), _matching(deal)) is None


def _matching(deal: Deal) -> int:
    """Items that the filter of what is proposed matches."""
    return Shown.objects.filter(Q(values__isnull=False) | Q(waiting__isnull=False), deal=deal).count()


def _waiting(row: Shown, key: str, title: str, cells: Iterable[Cell]) -> Waiting:
    before: Mapping[str, str] = row.values or {}
    cells = tuple(cells)
    values = tuple(
        Value(cell.field, before.get(cell.field, ""), cell.value, cell)
        for cell in cells
        if cell.shown and before.get(cell.field, "") != cell.value
    )
    kind = CHANGED if row.values else ADDED
    return Waiting(
        row.id, row.item_id, kind, key, title, row.held, values, tuple(cell for cell in cells if not cell.shown)
    )


def _withdrawn(deal: Deal) -> QuerySet[Disclosure]:
    since = deal.drafted_at
    lines = Disclosure.objects.filter(partner=deal.partner, kind=Disclosure.WITHDRAWN, channel="page")
    return lines.filter(at__gte=since) if since else lines.none()


def _gone(line: Disclosure) -> Gone:
    shown = Disclosure.objects.filter(
        partner=line.partner,
        public=line.public,
        field=line.field,
        channel=line.channel,
        kind=Disclosure.SHOWN,
        id__lt=line.id,
    )
    before = shown.order_by("-id").values_list("value", flat=True).first()
    return Gone(line.id, line.item, line.field, before or "", line.at)
