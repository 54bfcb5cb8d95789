"""The copy compared with the rows: what is to be made, changed and withdrawn becomes intents."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet

from syncd.mirrors.models import Intent, Mirror, Row
from syncd.partners.models import Change, Item
from syncd.trackers.writing import writing

BATCH = 500
"""Items in one transaction."""
AT_LEAST = timedelta(minutes=15)
"""So often everything is compared, whatever the copy says of its changes."""

Values = Mapping[str, str]


def is_due(mirror: Mirror, now: datetime) -> bool:
    """Whether the copy may differ from what was last compared."""
    if mirror.compared_at is None or now - mirror.compared_at >= AT_LEAST:
        return True
    return mirror.compared != standing(mirror)


def standing(mirror: Mirror) -> str:
    """How the copy stands, in a few words that change with it."""
    items = Item.objects.filter(partner=mirror.partner).aggregate(count=Count("id"), newest=Max("changed_on"))
    change = Change.objects.filter(partner=mirror.partner).aggregate(last=Max("id"))
    leaving = " leaving" if mirror.leaving_at else ""
    return f"{change['last']} {items['count']} {items['newest']}{leaving}"


def compare(mirror: Mirror, now: datetime) -> None:
    """Write down what is to be done. Safe to repeat."""
    stands = standing(mirror)
    settled = True
    for items in [] if mirror.leaving_at else _batches(Item.objects.filter(partner=mirror.partner)):
        settled &= _have(mirror, {item.id: item.values for item in items}, now)
    for rows in _batches(mirror.rows.exclude(state=Row.GONE)):
        _drop(mirror, rows, now)
    mirror.compared, mirror.compared_at = stands if settled else "", now
    mirror.save(update_fields=["compared", "compared_at"])


def refresh(mirror: Mirror, now: datetime) -> None:
    """Every row is to be looked at once more: the place holds other fields than before."""
    with writing():
        waiting = set(Intent.objects.filter(mirror=mirror).values_list("row_id", flat=True))
        for row in mirror.rows.filter(state=Row.LIVE).exclude(pk__in=waiting):
            _intend(row, Intent.UPDATE, row.values, now)


def _have(mirror: Mirror, wanted: Mapping[str, Values], now: datetime) -> bool:
    """These items are to stand there so. :returns: False where one waits for what comes of a request before"""
    with writing():
        rows = {row.item: row for row in mirror.rows.exclude(state=Row.GONE).filter(item__in=wanted)}
        intents = {intent.row_id: intent for intent in Intent.objects.filter(row__in=rows.values())}
        new = [Row(mirror=mirror, item=item) for item in wanted if item not in rows]
        Row.objects.bulk_create(new)
        Intent.objects.bulk_create(
            [
                Intent(row=row, mirror=mirror, act=Intent.CREATE, values=wanted[row.item], made_at=now, next_at=now)
                for row in new
            ]
        )
        for item, row in rows.items():
            if row.state != Row.REMOVED:
                _have_one(row, intents.get(row.pk), wanted[item], now)
        begun = [intent for intent in intents.values() if intent.begun_at]
        return all(intent.values == wanted[row.item] for intent in begun for row in [intent.row])


def _have_one(row: Row, intent: Intent | None, values: Values, now: datetime) -> None:
    if intent is None:
        if row.values != values:
            _intend(row, Intent.UPDATE if row.state == Row.LIVE else Intent.CREATE, values, now)
    elif intent.act == Intent.WITHDRAW and row.state == Row.LIVE and not intent.attempts:
        _change(intent, now, act=Intent.UPDATE, values=values)  # shared again before it went
    elif intent.act == Intent.UPDATE and row.values == values and not row.tried and not row.theirs:
        intent.delete()  # it is back at what stands there
    elif intent.act != Intent.WITHDRAW and intent.values != values and intent.begun_at is None:
        _change(intent, now, values=values)


def _drop(mirror: Mirror, rows: list[Row], now: datetime) -> None:
    """Those of some rows whose item is not shared are to go."""
    shared = set()
    if mirror.leaving_at is None:
        wanted = [row.item for row in rows]
        shared = set(Item.objects.filter(partner=mirror.partner, id__in=wanted).values_list("id", flat=True))
    with writing():
        leaving = [row for row in rows if row.item not in shared]
        intents = {intent.row_id: intent for intent in Intent.objects.filter(row__in=leaving)}
        for row in leaving:
            _drop_one(row, intents.get(row.pk), now)


def _drop_one(row: Row, intent: Intent | None, now: datetime) -> None:
    if row.state == Row.REMOVED:
        Row.objects.filter(pk=row.pk).update(state=Row.GONE, over_at=now)
    elif intent is None:
        _intend(row, Intent.WITHDRAW, {}, now)
    elif intent.act == Intent.CREATE and intent.begun_at is None:
        Row.objects.filter(pk=row.pk).delete()  # nothing was ever sent
    elif intent.act != Intent.WITHDRAW:
        _change(intent, now, act=Intent.WITHDRAW, values={}, attempts=0)


def _intend(row: Row, act: str, values: Values, now: datetime) -> None:
    Intent.objects.create(row=row, mirror_id=row.mirror_id, act=act, values=values, made_at=now, next_at=now)


def _change(intent: Intent, now: datetime, **changes: object) -> None:
    """A request of unknown fate keeps the time before which it is not looked for."""
    due = {} if intent.begun_at else {"next_at": now}
    Intent.objects.filter(pk=intent.pk).update(error="", **due, **changes)


def _batches(rows: "QuerySet[Item] | QuerySet[Row]") -> Iterator[list]:  # type: ignore[type-arg]  # of either
    """In the order of their keys, so that memory and statements stay small."""
    found = list(rows.order_by("pk")[:BATCH])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1].pk).order_by("pk")[:BATCH])
