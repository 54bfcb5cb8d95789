"""Receipts: what stands at a place is in its row, and on record in the disclosure ledger, in one transaction."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from syncd.mirrors.lease import Lease
from syncd.mirrors.merging import shown
from syncd.mirrors.models import Intent, Mirror, Row
from syncd.sharing import ledger
from syncd.sharing.ledger import Entry
from syncd.sharing.models import Deal, Disclosure, Shown
from syncd.trackers.writing import writing


def written(
    lease: Lease, row: Row, values: Mapping[str, str], slots: Mapping[str, str], now: datetime, **more: object
) -> None:
    """The row stands there with these slots of these values; its intent is done.

    :param more: further columns of the row
    :raises Fenced: another worker took over; nothing is noted
    """
    with writing():
        lease.hold()
        before, after = shown(row.written, row.values), shown(slots, values)
        changes = {"state": Row.LIVE, "values": dict(values), "written": dict(slots), "tried": {}, "written_at": now}
        _keep(row, changes | more)
        Intent.objects.filter(pk=row.pk).delete()
        ledger.record(_entries(lease.mirror, row.item, before, after), now)


def over(lease: Lease, row: Row, state: str, now: datetime) -> None:
    """Nothing of the row is shown there any more, or at least nothing that we may touch.

    :raises Fenced: another worker took over; nothing is noted
    """
    with writing():
        lease.hold()
        before = shown(row.written, row.values)
        _keep(row, {"state": state, "over_at": now, "tried": {}} | ({"written": {}} if state == Row.GONE else {}))
        Intent.objects.filter(pk=row.pk).delete()
        ledger.record(_entries(lease.mirror, row.item, before, {}), now)


def _keep(row: Row, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes])


def _entries(mirror: Mirror, public: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Entry]:
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not changed:
        return
    deal = Deal.objects.filter(partner=mirror.partner).first()
    item = _item(mirror.partner, public)
    for name in changed:
        value = after.get(name, "")
        yield Entry(
            partner=mirror.partner,
            kind=Disclosure.SHOWN if value else Disclosure.WITHDRAWN,
            public=public,
            item=item,
            field=name,
            value=value,
            channel=mirror.channel[:160],
            version=deal.approved_digest if deal else "",
            approver=deal.approved_by if deal else "",
        )


def _item(partner: str, public: str) -> str:
    """How our side calls the item; as the ledger last did, where it is no longer shown."""
    for tracker, native_id in Shown.objects.filter(public=public).values_list("item__tracker__name", "item__native_id"):
        if tracker:
            return f"{tracker}:{native_id}"
    lines = Disclosure.objects.filter(partner=partner, public=public).order_by("-id")
    return lines.values_list("item", flat=True).first() or ""
