"""When a digest comes, by the clock on its reader's wall."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.notify.schedule import slot_after, slot_before

BERLIN, NEW_YORK, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
DAILY = range(7)

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
     "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "America/Nuuk", "Asia/Beirut"]
).map(ZoneInfo)  # fmt: skip
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1)
HOURS = st.integers(0, 23)
MOMENTS = st.integers(1_104_537_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "slot"),
    [
        (BERLIN, 9, "2026-11-23T07:59", "2026-11-23T08:00"),
        (BERLIN, 9, "2026-07-06T06:59", "2026-07-06T07:00"),
        (BERLIN, 2, "2026-03-29T00:30", "2026-03-29T01:00"),  # 02:00 is skipped: 03:00 summer time
        (BERLIN, 2, "2026-10-24T23:00", "2026-10-25T00:00"),  # 02:00 comes twice: the first
        (BERLIN, 2, "2026-10-25T00:30", "2026-10-26T01:00"),  # and not again an hour later
        (NEW_YORK, 20, "2026-11-24T00:30", "2026-11-24T01:00"),  # still the evening of the 23rd there
        (APIA, 9, "2011-12-29T20:00", "2011-12-30T19:00"),  # the 30th was left out: the morning of the 31st
    ],
)
def test_the_next_slot_is_at_the_hour_of_the_wall_clock(zone, hour, now, slot):
    assert slot_after(DAILY, hour, zone, at(now)) == at(slot)


def test_a_weekday_is_the_readers_and_not_that_of_utc():
    monday_evening = slot_after([0], 20, NEW_YORK, at("2026-11-22T00:00"))
    assert monday_evening == at("2026-11-24T01:00")  # a Tuesday in UTC


def test_a_digest_without_a_day_is_refused():
    with pytest.raises(ValueError, match="weekday"):
        slot_before([], 9, BERLIN, at("2026-11-23T00:00"))


@given(WEEKDAYS, HOURS, ZONES, MOMENTS)
def test_slots_do_not_overlap_the_moment_and_leave_none_out(days, hour, zone, now):
    before, after = slot_before(days, hour, zone, now), slot_after(days, hour, zone, now)
    assert before <= now < after
    assert slot_after(days, hour, zone, before) == after
    assert slot_before(days, hour, zone, after - timedelta(microseconds=1)) == before


@given(WEEKDAYS, HOURS, ZONES, MOMENTS)
def test_a_slot_is_on_its_weekday_at_its_hour_or_the_first_moment_after(days, hour, zone, now):
    slot = slot_after(days, hour, zone, now)
    local = slot.astimezone(zone)
    if (local.hour, local.minute) == (hour, 0):
        assert local.weekday() in days
    else:  # the hour was skipped: just before the slot the clocks showed an earlier one
        earlier = (slot - timedelta(hours=1, minutes=1)).astimezone(zone)
        assert earlier.replace(tzinfo=None) < datetime.combine(earlier.date(), datetime.min.time()) + timedelta(
            hours=hour
        )
        assert local.utcoffset() != earlier.utcoffset()


@given(HOURS, ZONES, st.dates(date(2005, 1, 10), date(2029, 1, 1)))
def test_a_daily_digest_comes_once_a_day(hour, zone, day):
    slots = [slot_after(DAILY, hour, zone, datetime(day.year, day.month, day.day, tzinfo=UTC))]
    for _ in range(9):
        slots.append(slot_after(DAILY, hour, zone, slots[-1]))
    assert all(timedelta(hours=22) <= later - earlier <= timedelta(hours=26) for earlier, later in pairwise(slots))
