"""Who opened what, and when they were last here."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from syncd.partners.desk.models import Visit

OVER = timedelta(minutes=30)
"""After so long without a page a visit has ended."""
PULSE = timedelta(minutes=1)
PAGES = "pages"
"""As ``what``: any of the pages."""


def note(partner: str, who: str, what: str, now: datetime) -> Visit:
    """Somebody opens something. Call it while looking at the partner.

    :returns: the row as it is now; ``before_at`` is when they were last here before this visit
    """
    mine = Visit.objects.filter(partner=partner, who=who, what=what)
    row = mine.first() or _made(partner, who, what, now)
    if now - row.last_at > OVER:
        row.before_at = row.last_at
    elif now - row.last_at <= PULSE:
        return row
    row.last_at = now
    mine.update(last_at=row.last_at, before_at=row.before_at)
    return row


def _made(partner: str, who: str, what: str, now: datetime) -> Visit:
    try:
        with transaction.atomic("outside"):
            return Visit.objects.create(partner=partner, who=who, what=what, first_at=now, last_at=now)
    except IntegrityError:  # another request of theirs was quicker
        return Visit.objects.get(partner=partner, who=who, what=what)
