"""People whom the trackers did not know before: shared text that tells their names is cleaned anew."""

from collections.abc import Iterator

from rules.sharing.redactor import Names
from syncd.sharing import pending, redaction
from syncd.sharing.copying import items
from syncd.sharing.models import Deal, Shown
from syncd.trackers.writing import writing

BATCH = 2000


def follow(deal: Deal) -> None:
    """Only what tells one of the new names is looked at again."""
    new = redaction.names_after(deal.names)
    if not new:
        return
    finds = Names(name for _, name in new).finds
    touched = [row.item_id for row in _rows(deal) if any(map(finds, _texts(row)))]
    with writing():
        items.scrub_text(deal.partner, finds)
        pending.mark_found(deal, touched)
        Deal.objects.filter(pk=deal.pk, names__lt=new[-1][0]).update(names=new[-1][0])


def _rows(deal: Deal) -> Iterator[Shown]:
    return Shown.objects.filter(deal=deal).order_by("id").iterator(BATCH)


def _texts(row: Shown) -> Iterator[str]:
    for values in (row.values or {}, row.waiting or {}):
        yield from (values[name] for name in items.TEXTS if values.get(name))
