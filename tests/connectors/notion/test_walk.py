"""The keyset walk alone, against a list of rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import BadResponse, Window
from connectors.notion.client import Rows
from connectors.notion.walk import Row, Walk, condition_of, windows_between
from tests.connectors.notion.notion_world import T0, page, stamp

MINUTE = timedelta(minutes=1)
NOW = T0 + timedelta(days=1)


def rows_at(*minutes: int) -> list[Row]:
    return [{"id": f"r{number}", "created_time": stamp(T0 + at * MINUTE)} for number, at in enumerate(minutes)]


def notion_of(rows: list[Row], size: int, cap: int, expires: Callable[[], bool] = lambda: False):
    """Answers queries over rows as Notion would; cursors are offsets, and may expire."""

    def query(*, condition, cursor):
        if cursor and expires():
            raise BadResponse("The start_cursor provided is invalid", status=400)
        parts = condition["and"] if condition and "and" in condition else [condition] if condition else []
        bounds = {operator: bound for part in parts for operator, bound in part["created_time"].items()}
        first, before = bounds.get("on_or_after", ""), bounds.get("before", "9")
        matching = [
            row for row in sorted(rows, key=lambda row: row["created_time"]) if first <= row["created_time"] < before
        ]
        start = int(cursor or 0)
        more = start + size < min(len(matching), cap)
        given = matching[:cap][start : start + size]
        return Rows(given, str(start + size) if more else "", len(matching) > cap, NOW)

    return query


@settings(max_examples=150, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 30), max_size=60),
    size=st.integers(1, 7),
    cap=st.integers(15, 70),
    expires=st.integers(1, 20),
)
def test_every_row_comes_exactly_once_whatever_the_pages_the_cap_and_an_expired_cursor(minutes, size, cap, expires):
    rows = rows_at(*minutes)
    cap = max(cap, 1 + max((minutes.count(at) for at in minutes), default=0))
    followed = count(1)
    query = notion_of(rows, size, cap, lambda: next(followed) == expires)
    steps = list(Walk(query, Window(None)))
    assert sorted(row["id"] for step in steps for row in step.rows) == sorted(row["id"] for row in rows)
    assert [step.window.done for step in steps] == [False] * (len(steps) - 1) + [True]


def test_what_is_before_the_window_is_committed():
    rows = rows_at(*range(20))
    for step in Walk(notion_of(rows, 3, 100), Window(None)):
        seen_to = max(datetime.fromisoformat(row["created_time"]) for row in step.rows)
        assert step.window.at == seen_to


def test_a_window_ends_before_its_end():
    rows = rows_at(*range(10))
    steps = list(Walk(notion_of(rows, 3, 100), Window(T0 + 2 * MINUTE, T0 + 5 * MINUTE)))
    assert [row["id"] for step in steps for row in step.rows] == ["r2", "r3", "r4"]


def test_rows_already_read_do_not_come_again():
    steps = list(Walk(notion_of(rows_at(0, 1, 2), 3, 100), Window(None), read=["r1"]))
    assert [row["id"] for step in steps for row in step.rows] == ["r0", "r2"]


def test_a_minute_beyond_the_cap_is_refused_after_its_rows_were_given():
    walk = iter(Walk(notion_of(rows_at(*[5] * 30), 10, 20), Window(None)))
    with pytest.raises(BadResponse, match="2026-09-01 08:05:00"):
        list(walk)


def test_a_row_without_a_creation_time_is_refused():
    with pytest.raises(BadResponse, match="row r1 tells no creation time: may the connection read content"):
        list(Walk(lambda **_: Rows([{"id": "r1"}], "", capped=False, as_of=NOW), Window(None)))


def test_another_refusal_is_not_taken_for_an_expired_cursor():
    def refuse(**_):
        raise BadResponse("body failed validation", status=400)

    with pytest.raises(BadResponse, match="body failed"):
        list(Walk(refuse, Window(None)))


@pytest.mark.parametrize(
    ("since", "start", "end", "expected"),
    [
        (None, None, None, None),
        (T0, None, None, {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "2026-09-01T08:00:00.000Z"}}),
        (None, T0, None, {"timestamp": "created_time", "created_time": {"on_or_after": "2026-09-01T08:00:00.000Z"}}),
        (None, T0, T0 + MINUTE, {"and": [
            {"timestamp": "created_time", "created_time": {"on_or_after": "2026-09-01T08:00:00.000Z"}},
            {"timestamp": "created_time", "created_time": {"before": "2026-09-01T08:01:00.000Z"}}]}),
        (T0 + timedelta(seconds=59), T0, None, {"and": [
            {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "2026-09-01T08:00:00.000Z"}},
            {"timestamp": "created_time", "created_time": {"on_or_after": "2026-09-01T08:00:00.000Z"}}]}),
    ],
)  # fmt: skip
def test_the_filter_is_floored_to_the_minute(since, start, end, expected):
    assert condition_of(since, start, end) == expected


def test_windows_cover_what_lies_between_without_gap():
    oldest, newest = rows_at(0, 1, 2), rows_at(90, 80, 70)
    windows = windows_between(oldest, newest)
    assert (windows[0].at, windows[-1].end) == (T0 + 2 * MINUTE, T0 + 71 * MINUTE)
    assert [window.end for window in windows[:-1]] == [window.at for window in windows[1:]]
    assert len(windows) == 4


def test_three_windows_where_the_ends_are_crowded():
    assert len(windows_between(rows_at(*[1] * 60), rows_at(*[900] * 60))) == 3


def test_no_window_where_oldest_and_newest_overlap():
    assert windows_between(rows_at(0, 1, 2), rows_at(3, 2, 1)) == ()


def test_rows_of_one_minute_prove_nothing_by_their_ids():
    same = rows_at(*[7] * 100)
    assert windows_between(same, same) == (Window(T0 + 7 * MINUTE, T0 + 8 * MINUTE),)


def test_an_empty_page_with_more_behind_it_is_walked_as_one_window():
    assert windows_between([], [page(1)]) == (Window(None),)


def test_the_minutes_of_other_zones_are_the_same_minutes():
    (step,) = Walk(
        lambda **_: Rows([{"id": "r", "created_time": "2026-09-01T10:00:00.000+02:00"}], "", capped=False, as_of=NOW),
        Window(None),
    )
    assert step.window.at == datetime(2026, 9, 1, 8, tzinfo=UTC)
