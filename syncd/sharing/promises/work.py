"""The work behind commitments, as it is stored."""

from collections.abc import Iterable

from connectors.item import Item
from rules.sharing import as_json
from syncd.sharing.models import Promise
from syncd.trackers import cases
from syncd.trackers.find import spelled
from syncd.trackers.models import Item as Row
from syncd.trackers.models import Tracker


def behind(promise: Promise) -> list[Item]:
    """The items that a commitment names or rests on, those that are still there."""
    names = as_json.commitment(promise.offered).items
    rested = [stake.item for stake in as_json.agreed(promise.agreed).stakes] if promise.agreed else []
    found = {item.id: item for item in (*_named(names), *_known(rested))}
    return [found[id_] for id_ in sorted(found)]


def unread(items: Iterable[Item]) -> list[str]:
    """Keys of those whose tracker is no longer read, so that nobody knows how they stand."""
    read = frozenset(Tracker.objects.filter(active=True).values_list("name", flat=True))
    return [item.key for item in items if item.tracker not in read]


def _named(names: Iterable[str]) -> Iterable[Item]:
    """Items by what files call them: ``tracker:KEY``, ``tracker:native id``."""
    for name in names:
        tracker, _, key = name.partition(":")
        for called in (spelled(key), Row.objects.filter(native_id=key)):
            rows = called.filter(tracker__name=tracker, deleted_at=None)
            yield from map(cases.one, rows.values(*cases.COLUMNS))


def _known(ids: list[str]) -> Iterable[Item]:
    rows = cases.by_id(ids)
    gone = set(
        Row.objects.filter(pk__in=[row for row, _ in rows.values()], deleted_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return [item for row, item in rows.values() if row not in gone]
