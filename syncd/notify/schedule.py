"""When a digest is due: pure, by the wall clock of its reader.

A slot is an hour on a weekday. Where the clocks skip that hour, it is the first moment after; where they show it twice,
it is the first time. A day that a time zone leaves out (Samoa, 30 December 2011) has none.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LATEST = timedelta(hours=12)
"""So long after its slot a digest is still sent; later it would come on another day than the one asked for."""


def slot_before(days: Collection[int], hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The last slot that has come.

    :param days: weekdays from 0 (Monday) to 6; at least one
    :param now: aware
    :returns: in UTC
    """
    return next(slot for slot in _slots(days, hour, zone, now.astimezone(zone).date() + DAY, -1) if slot <= now)


def slot_after(days: Collection[int], hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The next slot that will come, in UTC."""
    return next(slot for slot in _slots(days, hour, zone, now.astimezone(zone).date() - DAY, 1) if slot > now)


def _slots(days: Collection[int], hour: int, zone: ZoneInfo, start: date, step: int) -> Iterator[datetime]:
    if not days:
        raise ValueError("a digest needs a weekday")
    for number in count():
        day = start + number * step * DAY
        if day.weekday() in days and _moment(day, 0, zone) < _moment(day + DAY, 0, zone):
            yield _moment(day, hour, zone)


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """By PEP 495 an hour that is skipped counts as if the clocks had not been changed yet: that is the moment after."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
