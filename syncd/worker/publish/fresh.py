"""Up to when a copy follows the work."""

from datetime import datetime

from syncd.sharing.models import Deal
from syncd.trackers import bulk
from syncd.trackers.models import Stream


def up_to(deal: Deal) -> datetime | None:
    """The oldest last success among the streams that hold what is shown, in whole minutes; None where one never
    succeeded, or nothing is shown."""
    streams = bulk.fetch(
        """SELECT DISTINCT item.stream_id FROM sharing_shown shown JOIN trackers_item item ON item.id = shown.item_id
           WHERE shown.deal_id = %s AND NOT (shown."values" IS NULL)""",
        [deal.id],
    )
    times = Stream.objects.filter(pk__in=[id_ for (id_,) in streams]).values_list("last_success_at", flat=True)
    known = [moment for moment in times if moment]
    if not known or len(known) < len(times):
        return None
    return min(known).replace(second=0, microsecond=0)
