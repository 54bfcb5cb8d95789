"""Severity is the work at stake."""

import pytest

from rules.severity import severity, stake


@pytest.mark.parametrize(("work", "expected"), [
    ({}, 0), ({"todo": 4}, 4), ({"in_progress": 2}, 4), ({"todo": 1, "in_progress": 1, "points": 30}, 10), ({"todo": 5, "points": 2}, 5),
])  # fmt: skip
def test_what_moves_weighs_double_and_points_count_where_they_say_more(work: dict, expected: float) -> None:
    assert stake(**work) == expected


@pytest.mark.parametrize(("at_stake", "word"), [(0, "low"), (2.9, "low"), (3, "medium"), (9.9, "medium"), (10, "high")])
def test_three_items_are_medium_and_ten_are_high(at_stake: float, word: str) -> None:
    assert severity(at_stake) == word


def test_more_work_is_never_less_severe() -> None:
    order = ["low", "medium", "high"]
    told = [order.index(severity(stake(todo=count))) for count in range(20)]
    assert told == sorted(told)
