"""One batch of items whose copies may be out of date: projected, written, and put on record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from rules.model import Case
from rules.sharing.redactor import Redactor
from rules.sharing.widening import grows
from syncd.partners.models import public_id
from syncd.sharing import ledger, lens, pending, redaction
from syncd.sharing.copying import items
from syncd.sharing.lens import NOTHING, Lens, Seen
from syncd.sharing.models import Deal, Disclosure, Shown
from syncd.trackers import bulk, health
from syncd.trackers.models import Item, Tracker
from syncd.trackers.writing import writing
from syncd.worker import faults

BATCH = 500
"""Items in one transaction."""
_ROW = ("values", "waiting", "held", "turns_at")

Values = dict[str, str]


@dataclass(slots=True)
class Row:
    """One item to one partner: what our side has of it, and what it is to be."""

    shown: Shown
    seen: Seen
    held: bool = False

    @property
    def values(self) -> Values | None:
        """What is to stand in the copy."""
        return None if self.held else self.seen.now

    @property
    def waiting(self) -> Values | None:
        return self.seen.then or (self.seen.now if self.held else None)


class Batches:
    """Takes batches of what is pending. One instance a pass: it keeps the agreements ready."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._frozen, self._hidden = health.frozen(now), health.hidden()
        self._people = redaction.names()
        self._glasses: dict[tuple[object, ...], Lens | None] = {}

    def step(self) -> bool:
        """One batch. :returns: whether there was anything to do"""
        faults.point("before-publish")
        with writing():
            found = pending.first(BATCH, self._frozen, self._hidden)
            if not found:
                return False
            case_of = lens.load(list(found))
            known = _known(list(found))
            rows = {deal: self._rows(deal, known[deal.pk], found, case_of) for deal in Deal.objects.order_by("id")}
            # an id is on record before the copy has it: who is killed between finds it again. And what such a pass
            # left in the copy is on record before it is taken out or written over
            if _reserve(rows) | self._catch_up(rows):
                return True
            edited = any(found.values())
            entries = [entry for deal, its in rows.items() for entry in self._publish(deal, its, edited=edited)]
            faults.point("in-publish")
            ledger.record(entries, self._now)
            _receipts([row for its in rows.values() for row in its])
            pending.done(list(found))
            faults.point("before-receipt")
        faults.point("after-publish")
        return True

    def _rows(
        self, deal: Deal, known: Mapping[int, Shown], ids: Iterable[int], case_of: Mapping[int, Case]
    ) -> list[Row]:
        for row in known.values():
            row.deal = deal
        glass = self._glass(deal)
        rows = []
        for id_ in ids:
            case = case_of.get(id_)
            seen = glass.see(case, self._now) if glass and case else NOTHING
            if id_ in known or seen.anything:
                rows.append(Row(known.get(id_) or Shown(deal=deal, item_id=id_, public=public_id()), seen))
        _hold(deal, rows)
        return rows

    def _glass(self, deal: Deal) -> Lens | None:
        """The deal's lens; None where nothing is to be seen through it."""
        key = (
            deal.pk,
            deal.approved_digest,
            deal.draft_digest,
            deal.closed_at,
            deal.ended_at,
            orjson.dumps(deal.inside),
        )
        if key not in self._glasses:
            self._glasses[key] = lens.ready(deal, self._people)
        return self._glasses[key]

    def _publish(self, deal: Deal, rows: Sequence[Row], *, edited: bool) -> list[ledger.Entry]:
        """Write the copy. :returns: what the ledger is to be told"""
        # also those of which nothing is known to stand there: then nothing is written
        touched = [row for row in rows if row.shown.pk]
        if not touched:
            return []
        glass = self._glass(deal)
        redactor = glass.effective.redactor if glass and glass.effective else Redactor()
        items.put(
            deal.partner,
            {row.shown.public: row.values for row in touched},
            self._now,
            redactor=redactor,
            quiet=deal.quiet if edited else (),
            silent=deal.closed_at is not None or deal.ended_at is not None,
        )
        faults.point("after-copy")
        names = _names([row.shown.item_id for row in touched])
        return [entry for row in touched for entry in _entries(deal, row, row.values, names)]

    def _catch_up(self, rows: Mapping[Deal, Sequence[Row]]) -> bool:
        """Put on record what stands in the copies and is not: a pass was killed after it wrote them.

        :returns: whether there was anything
        """
        found = []
        for deal, its in rows.items():
            known = [row for row in its if row.shown.pk]
            there = items.there(deal.partner, [row.shown.public for row in known])
            found += [(row, dict(there.get(row.shown.public, {}))) for row in known]
        found = [(row, values) for row, values in found if values != (row.shown.values or {})]
        names = _names([row.shown.item_id for row, _ in found])
        entries = [entry for row, values in found for entry in _entries(row.shown.deal, row, values, names)]
        ledger.record(entries, self._now)
        bulk.update(Shown, ("values",), [(_json(values), row.shown.pk) for row, values in found])
        return bool(found)


def _known(ids: Sequence[int]) -> Mapping[int, Mapping[int, Shown]]:
    """Deal -> item -> what our side has of it, by row id."""
    known: defaultdict[int, dict[int, Shown]] = defaultdict(dict)
    for row in Shown.objects.filter(item__in=ids):
        known[row.deal_id][row.item_id] = row
    return known


def _hold(deal: Deal, rows: Sequence[Row]) -> None:
    """So many more than were approved, all at once, wait to be approved themselves."""
    new = [row for row in rows if row.seen.now and row.shown.values is None]
    if not new:
        return
    fresh = {row.shown.pk for row in new if row.shown.pk}
    matching = Shown.objects.filter(deal=deal).exclude(pk__in=fresh)
    count = matching.filter(values__isnull=False).count() + matching.filter(held=True).count()
    for row in new:
        count += 1
        row.held = grows(deal.admitted, count) is not None


def _reserve(rows: Mapping[Deal, Sequence[Row]]) -> bool:
    """Put the ids of items that are about to be shown on record. :returns: whether there were any"""
    new = [row.shown for its in rows.values() for row in its if row.values and row.shown.pk is None]
    Shown.objects.bulk_create(new)
    return bool(new)


def _receipts(rows: Sequence[Row]) -> None:
    """What our side knows of each. A row of which nothing is shown or waits goes, save while sharing is stopped: then
    it keeps the id under which the item comes back."""
    gone = [row.shown.pk for row in rows if row.shown.pk and not _stays(row)]
    Shown.objects.filter(pk__in=gone).delete()
    kept = [(*_receipt(row), row.shown.pk) for row in rows if row.shown.pk and _stays(row)]
    bulk.update(Shown, _ROW, kept)
    new = [(row.shown.deal_id, row.shown.item_id, row.shown.public, *_receipt(row)) for row in rows if _is_new(row)]
    bulk.insert(Shown, ("deal_id", "item_id", "public", *_ROW), new)


def _is_new(row: Row) -> bool:
    return row.shown.pk is None and row.seen.anything


def _stays(row: Row) -> bool:
    return row.seen.anything or row.shown.deal.closed_at is not None


def _receipt(row: Row) -> tuple[object, ...]:
    return (_json(row.values), _json(row.waiting), row.held, bulk.stamp(row.seen.turns_at))


def _json(values: Values | None) -> str | None:
    return orjson.dumps(values).decode() if values else None


def _names(ids: Sequence[int]) -> dict[int, str]:
    """Row id -> item id, of deleted items as well."""
    trackers = dict(Tracker.objects.values_list("id", "name"))
    rows = bulk.select(Item, ("id", "tracker_id", "native_id"), id=ids)
    return {row["id"]: f"{trackers[row['tracker_id']]}:{row['native_id']}" for row in rows}


def _entries(deal: Deal, row: Row, wanted: Values | None, names: Mapping[int, str]) -> list[ledger.Entry]:
    """What became visible, or ceased to be, since what is on record."""
    before, after = row.shown.values or {}, wanted or {}
    item = names.get(row.shown.item_id, f"item {row.shown.item_id}")
    fixed = (ledger.PAGE, deal.approved_digest, deal.approved_by)
    return [
        ledger.Entry(
            deal.partner,
            Disclosure.SHOWN if after.get(field) else Disclosure.WITHDRAWN,
            row.shown.public,
            item,
            field,
            after.get(field, ""),
            *fixed,
        )
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field)
    ]
