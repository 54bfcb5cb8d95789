"""Finds an item by whatever people call it; by index alone, however many items there are."""

from collections.abc import Iterable

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Upper

from connectors.refs import address_of_url
from syncd.trackers.models import Alias, Item, Tracker


def find(asked: str) -> list[Item]:
    """Items with this key, ``tracker:key``, id or URL, live ones before deleted ones; past keys count last."""
    tracker, _, rest = asked.partition(":")
    inside = Tracker.objects.filter(name=tracker).values_list("id", flat=True)
    ids = {*_ids(spelled(asked)), *_ids(_native(asked, Tracker.objects.values_list("id", flat=True)))}
    if inside:
        ids |= {*_ids(spelled(rest).filter(tracker__in=inside)), *_ids(_native(rest, inside))}
    if address := address_of_url(asked):
        ids |= {*_ids(Item.objects.filter(address=address))}
    elif not ids and "://" in asked:  # of a form that nobody knows: no index leads there
        ids |= {*_ids(Item.objects.filter(url=asked))}
    if not ids:
        before = Alias.objects.filter(address__in=addresses(rest or asked))
        ids = {*before.values_list("item_id", flat=True)}
    rows = Item.objects.select_related("tracker", "stream", "decision__version").filter(id__in=ids)
    found = list(rows.order_by(F("deleted_at").desc(nulls_first=True), "id"))
    live = [row for row in found if row.deleted_at is None]
    return live or found


def spelled(*keys: str) -> QuerySet[Item]:
    """Items with one of these keys, in capitals or not."""
    return Item.objects.alias(capitals=Upper("key")).filter(capitals__in=[Upper(Value(key)) for key in keys])


def addresses(key: str) -> list[str]:
    """The addresses that an item of this key may have or have had."""
    return [f"jira:{key.upper()}", f"github:{key.lower()}", f"notion:{key.lower()}"]


def _native(id_: str, trackers: Iterable[int]) -> QuerySet[Item]:
    return Item.objects.filter(tracker__in=list(trackers), native_id=id_)


def _ids(found: QuerySet[Item]) -> QuerySet[Item, int]:
    return found.values_list("id", flat=True)
