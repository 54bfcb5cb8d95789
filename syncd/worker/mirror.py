"""From the copies to the partners' own tools.

    places follow the agreements in force → for each place, by a lease: the copy is compared with the rows, which makes
    intents → is it still the place that was agreed, and nobody's source? → what did the partner change there? →
    intent by intent: withdraw, change, make → now and then every row is compared, and doubles are merged.

A request of unknown fate is never sent again before its row was looked for by its marker. A limit of the tracker's is
parked, not waited for. What stands there and is not ours is never touched.
"""

import time
from datetime import datetime

from django.utils import timezone

from config.files import Config
from syncd.mirrors import places
from syncd.mirrors.models import Mirror
from syncd.worker.mirroring.turn import turn
from syncd.worker.roster import Roster


def mirror(
    config: Config,
    roster: Roster,
    seconds: float | None = None,
    now: datetime | None = None,
    *,
    sweep: bool = False,
    partner: str = "",
) -> bool:
    """Bring every place up to date, or go on with it for about ``seconds``.

    :param now: the moment at which it happens; default: the clock's
    :param sweep: compare every row, though that was done not long ago
    :param partner: only the places of this one
    :returns: whether more is to do at once
    """
    ends = time.monotonic() + (seconds or float("inf"))
    at = now or timezone.now()
    places.follow(at)
    more = False
    due = Mirror.objects.at_work(at)
    for one in (due.filter(partner=partner) if partner else due).order_by("worked_at", "id"):
        if time.monotonic() > ends:
            return True
        more |= turn(config, roster, one.id, ends, at, sweep=sweep)
    return more
