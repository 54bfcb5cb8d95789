"""``catch_all``: a parent that swallows everything and proves nothing."""

from datetime import date
from typing import Any

import pytest

from rules.model import Case, Crowd
from tests.rules.cast import item
from tests.rules.checks.bench import findings


def bucket(children: int = 25, components: int = 4, **values: Any) -> Case:
    epic = item("WEB-5", **{"kind": "epic", **values})
    return Case(epic, crowds={epic.id: Crowd(children, children // 2, components)})


def test_a_crowded_parent_without_end_or_measure_is_told_with_its_figures() -> None:
    [finding] = findings("catch_all", bucket(31, 6))
    assert finding.message == (
        "WEB-5 “Title of WEB-5” has 31 children of 6 different components or labels, and neither an end nor a measure: "
        "that work lies under it says nothing about why it is done"
    )
    assert finding.fix.startswith("Give it a due date or a figure to reach, or tie what is open under it to goals")


@pytest.mark.parametrize(("children", "components", "told"), [(25, 4, True), (24, 4, False), (25, 3, False)])
def test_both_sides_of_its_thresholds(children: int, components: int, told: bool) -> None:
    assert bool(findings("catch_all", bucket(children, components))) is told


def test_smaller_crowds_may_be_told() -> None:
    assert findings("catch_all", bucket(6, 2), children=6, components=2)


@pytest.mark.parametrize(
    "values",
    [
        {"due": date(2026, 12, 24)},
        {"milestone": "3.0"},
        {"versions": ("3.0",)},
        {"body": "Until 95 % of sign-ins work."},
        {"status_category": "done"},
        {"kind": "subtask"},
    ],
    ids=str,
)
def test_an_end_or_a_measure_clears_it(values: dict) -> None:
    assert findings("catch_all", bucket(99, 9, **values)) == ()


def test_a_parent_whose_children_nobody_counted_is_not_suspected() -> None:
    assert findings("catch_all", Case(item(kind="epic"))) == ()


def test_the_children_of_a_catch_all_are_not_told_about_it() -> None:
    epic = item("WEB-5", kind="epic")
    child = Case(item(parent=epic.address), (epic,), crowds={epic.id: Crowd(99, 50, 9)})
    assert findings("catch_all", child) == ()
