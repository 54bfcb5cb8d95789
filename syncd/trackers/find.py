"""Finds an item by whatever people call it."""

from django.db.models import Q

from connectors.refs import address_of_url
from syncd.trackers.models import Item


def find(asked: str) -> list[Item]:
    """Items with this key, ``tracker:key``, id or URL, live ones before deleted ones; past keys count last."""
    tracker, _, rest = asked.partition(":")
    named = Q(key__iexact=asked) | Q(native_id=asked) | Q(url=asked)
    named |= Q(tracker__name=tracker, key__iexact=rest) | Q(tracker__name=tracker, native_id=rest)
    if address := address_of_url(asked):
        named |= Q(address=address)
    rows = Item.objects.select_related("tracker", "stream", "decision__version")
    found = list(rows.filter(named).order_by("-deleted_at", "id"))
    if not found:
        found = list(rows.filter(Q(aliases__address__iendswith=f":{rest or asked}")).distinct())
    live = [row for row in found if row.deleted_at is None]
    return live or found
