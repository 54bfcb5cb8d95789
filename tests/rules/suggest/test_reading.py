from types import SimpleNamespace

import pytest

from rules.suggest.reading import LONGEST, Work, read_goals, read_item


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"title": " A ", "body": "B", "labels": ["x", "x"]}, Work("A", "B", ("label x",))),
        ({"name": "A", "text": "B"}, Work("A", "B", ())),
        ({"title": "A", "description": "B", "body": ""}, Work("A", "B", ())),
        (SimpleNamespace(title="A", labels=("x",)), Work("A", "", ("label x",))),
        ({"title": "A", "labels": [{"name": "x"}, {"colour": "red"}, None, 3]}, Work("A", "", ("label x", "label 3"))),
        ({"title": "A", "labels": "x", "components": "y"}, Work("A", "", ("label x", "component y"))),
        ({"title": None, "labels": None}, Work("", "", ())),
        (None, Work("", "", ())),
        ("just words", Work("", "", ())),
        ({"title": "A", "container": "acme/web", "milestone": "1.2"}, Work("A", "", ("in acme/web", "milestone 1.2"))),
        ({"title": "A", "kind": "bug"}, Work("A", "", ())),
        ({"title": "A", "labels": ["kind/bug", "Priority: high", "kindness"]}, Work("A", "", ("label kindness",))),
    ],
)
def test_an_item_is_read_in_whatever_shape_it_comes(item: object, expected: Work) -> None:
    assert read_item(item) == expected


def test_only_the_beginning_of_a_title_and_of_a_body_is_read() -> None:
    long = "x" * 10 * LONGEST
    assert read_item({"title": long, "body": long}) == Work(long[:LONGEST], long[:LONGEST], ())


@pytest.mark.parametrize("name", ["why", "text", "summary", "description", "scope", "goals", "parent"])
def test_a_goal_may_call_its_text_by_many_names(name: str) -> None:
    [goal] = read_goals([{"id": "g", "title": "T", name: ["one", "two"]}])
    assert goal.text.split() == ["one", "two"]


def test_a_goal_without_an_id_goes_by_its_title_and_one_without_both_is_none() -> None:
    assert [goal.id for goal in read_goals([{"title": "Grow"}, {"text": "?"}, {}, None, {"id": 7}])] == ["Grow", "7"]


def test_of_two_goals_with_one_id_the_first_counts() -> None:
    [goal] = read_goals([{"id": "g", "title": "First"}, {"id": "g", "title": "Second"}])
    assert goal.title == "First"


@pytest.mark.parametrize(
    ("status", "active"), [("", 1), ("active", 1), ("implementable", 1), ("Paused", 0), ("dropped", 0)]
)
def test_statuses_of_other_tongues_are_active(status: str, active: int) -> None:
    assert len(read_goals([{"id": "g", "status": status}])) == active
