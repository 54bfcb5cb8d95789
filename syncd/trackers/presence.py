"""Whether items are still there: seen by a census, or buried."""

from collections.abc import Sequence
from datetime import datetime

from syncd.trackers import due
from syncd.trackers.models import Item, Stream


def mark_seen(stream: Stream, native_ids: Sequence[str]) -> None:
    """A census proved that these items exist."""
    Item.objects.filter(tracker=stream.tracker_id, native_id__in=native_ids).update(census=stream.census, missed=0)


def bury(items: Sequence[int], fate: str, now: datetime) -> None:
    """Tombstones: the items are kept with their history and take no further part."""
    Item.objects.filter(id__in=items, deleted_at=None).update(deleted_at=now, fate=fate)
    due.mark(items)
    due.mark_readers(items)
    due.mark_parents(items)
