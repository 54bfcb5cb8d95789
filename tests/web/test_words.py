from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncd.web.templatetags.words import spelled
from syncd.web.words import ago, ahead, counted, moment, span

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (0.4, "0 s"), (89, "89 s"), (90, "1 min"), (5399, "89 min"), (5400, "1 h"), (172799, "47 h"),
     (172800, "2 days"), (10**6, "11 days")],
)  # fmt: skip
def test_a_duration_is_said_in_its_largest_fitting_unit(seconds, words):
    assert span(seconds) == words


def test_the_past_is_ago_and_never_is_never():
    assert ago(NOON - timedelta(minutes=3), NOON) == "3 min ago"
    assert ago(None, NOON) == "never"


def test_the_future_is_in_and_what_is_due_is_now():
    assert ahead(NOON + timedelta(seconds=40), NOON) == "in 40 s"
    assert [ahead(NOON, NOON), ahead(NOON - timedelta(days=1), NOON), ahead(None, NOON)] == ["now"] * 3


def test_a_moment_is_said_in_the_zone_of_who_reads_it():
    assert moment(NOON) == "23 November 2026, 12:00 UTC"
    assert moment(NOON.astimezone(ZoneInfo("Europe/Zurich"))) == "23 November 2026, 13:00 CET"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-01", "1 December 2026"),
        ("2026-12", "2026-12"),
        ("2026-13-01", "2026-13-01"),
        ("20261201", "20261201"),
        ("", ""),
    ],
)
def test_a_day_that_a_tracker_wrote_is_spelled_out_and_nothing_else(text, said):
    assert spelled(text) == said


def test_one_is_one_and_many_are_grouped_by_thousands():
    assert [counted(1, "item"), counted(0, "item"), counted(2000, "item"), counted(2, "entry", "entries")] == [
        "1 item",
        "0 items",
        "2,000 items",
        "2 entries",
    ]
