"""The kill switch: nothing is shown to a partner any more, at once."""

from datetime import datetime

from syncd.accounts import audit
from syncd.sharing import pending
from syncd.sharing.copying import head
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal
from syncd.trackers.writing import writing


def stop(deal: Deal, by: str, because: str, now: datetime) -> None:
    """Stop all sharing. When this returns, every page of the partner says that there is nothing; what stands in the
    copy and in mirrors is withdrawn within a cycle.

    :raises Refused: no reason is given, or it is stopped already
    """
    because = because.strip()
    if not because:
        raise Refused("say why, for whoever asks later")
    with writing():
        if not Deal.objects.filter(pk=deal.pk, closed_at=None).update(
            closed_at=now, closed_by=by, closed_because=because
        ):
            raise Refused(f"sharing with {deal.name} is stopped already")
        head.close(deal)
        pending.mark_shown(deal)
        audit.record(by, "sharing_stopped", deal.name, partner=deal.partner, because=because)
    deal.refresh_from_db()


def resume(deal: Deal, by: str, now: datetime) -> None:  # noqa: ARG001 - a verb like the others
    """Share again by the agreement as it stands. The items are looked through anew.

    :raises Refused: it is not stopped
    """
    with writing():
        row = Deal.objects.get(pk=deal.pk)
        if row.closed_at is None:
            raise Refused(f"sharing with {deal.name} is not stopped")
        row.closed_at, row.closed_by, row.closed_because = None, "", ""
        row.walked, row.walking = 0, True
        row.save()
        pending.mark_shown(row)
        audit.record(by, "sharing_resumed", row.name, partner=row.partner)
    deal.refresh_from_db()
