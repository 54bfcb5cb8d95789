"""Numbers and times in words, the same wherever people read them."""

from datetime import datetime

from rules.calendar import spelled


def span(seconds: float) -> str:
    """A duration in its largest fitting unit: ``42 s``, ``3 min``, ``5 h``, ``2 days``."""
    seconds = max(0, round(seconds))
    for limit, size, unit in ((90, 1, "s"), (90 * 60, 60, "min"), (48 * 3600, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    return f"{seconds // 86400} days"


def ago(when: datetime | None, now: datetime) -> str:
    """``3 min ago``; ``never``."""
    return f"{span((now - when).total_seconds())} ago" if when else "never"


def ahead(when: datetime | None, now: datetime) -> str:
    """``in 3 min``; ``now`` when it is due or has no time yet."""
    return f"in {span((when - now).total_seconds())}" if when and when > now else "now"


def moment(at: datetime) -> str:
    """``15 December 2026, 09:30 UTC``, in the zone that it is given in."""
    return f"{spelled(at)}, {at:%H:%M %Z}"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 item``, ``2,000 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(number: float) -> str:
    """``2,000``, ``3.5``: as exact as it is."""
    return f"{number:,.10g}"
