"""Working days are Monday to Friday in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import add_working_days, midnight, working_days_between
from tests.rules.cast import at

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, hypothesis wants them naive


@pytest.mark.parametrize(("since", "days", "then"), [
    ("2026-11-16T09:00", 1, "2026-11-17T09:00"),
    ("2026-11-13T09:00", 1, "2026-11-16T09:00"),
    ("2026-11-14T15:00", 1, "2026-11-17"),
    ("2026-11-16", 5, "2026-11-21"),
    ("2026-11-16T12:00", 5, "2026-11-23T12:00"),
    ("2026-11-20T18:00", 0.5, "2026-11-23T06:00"),
    ("2026-11-14", 0, "2026-11-14"),
])  # fmt: skip
def test_days_are_added_across_weekends(since: str, days: float, then: str) -> None:
    assert add_working_days(at(since), days) == at(then)


@pytest.mark.parametrize(("since", "until", "days"), [
    ("2026-11-13", "2026-11-16", 1), ("2026-11-14", "2026-11-16", 0), ("2026-11-16", "2026-11-23", 5), ("2026-11-16", "2026-11-16T06:00", 0.25),
    ("2026-11-17", "2026-11-16", 0),
])  # fmt: skip
def test_days_between_are_counted_without_weekends(since: str, until: str, days: float) -> None:
    assert working_days_between(at(since), at(until)) == days


def test_a_zone_makes_no_difference() -> None:
    sydney = timezone(timedelta(hours=11))
    moment = datetime(2026, 11, 16, 8, tzinfo=sydney)  # still Sunday in UTC
    assert add_working_days(moment, 1) == at("2026-11-17")
    assert midnight(moment.date()) == at("2026-11-16")


@given(MOMENTS, st.integers(0, 400).map(lambda quarters: quarters / 4))
def test_so_many_days_later_so_many_days_have_passed_and_never_before(since: datetime, days: float) -> None:
    then = add_working_days(since, days)
    assert working_days_between(since, then) == days
    if days:
        assert working_days_between(since, then - timedelta(seconds=1)) < days
