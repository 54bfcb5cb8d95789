"""``drifted``: scope that moved after work began."""

from datetime import datetime
from typing import Any

import pytest

from connectors.item import Item
from rules.model import Case, Crowd, Start
from tests.rules.cast import at, item
from tests.rules.checks.bench import findings, message

BEGAN: datetime = at("2026-11-02")
LONG = "Managers know opening hours and rooms by heart and asking for them on two pages cost us a fifth of sign ups"


def moved(then: Item, now: Item, children: int = 0, grown: int = 0) -> Case:
    crowds = {now.id: Crowd(children, children, 1)} if children else {}
    return Case(now, crowds=crowds, start=Start(BEGAN, then, grown))


def test_every_move_is_told_as_it_was_and_as_it_is() -> None:
    case = moved(
        item(title="Ask for opening hours", body=LONG, points=5),
        item(title="Rebuild the calendar", body="Everything new", points=13),
        children=9,
        grown=5,
    )
    [finding] = findings("drifted", case)
    assert finding.message == (
        "WEB-1 “Rebuild the calendar” has moved since work began on 2026-11-02: 5 → 13 points, 4 → 9 children and "
        "“Ask for opening hours” → “Rebuild the calendar”, 0% of the words kept"
    )
    assert finding.fix == (
        "Move what came on top to work of its own, or agree on the new scope with whoever counts on the old one "
        "and accept this flag."
    )


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [(4, 6, True), (4, 5.9, False), (5, 3, False), (None, 8, False), (3, None, False), (0, 5, False)],
)
def test_an_estimate_has_moved_when_it_grew_by_half(then: Any, now: Any, told: bool) -> None:
    assert bool(findings("drifted", moved(item(points=then), item(points=now)))) is told


@pytest.mark.parametrize(
    ("children", "grown", "told"),
    [(9, 3, True), (10, 3, False), (5, 2, False), (6, 3, True), (3, 3, False), (12, 12, False)],
)
def test_children_have_grown_by_half_and_by_three_where_there_were_some(children: int, grown: int, told: bool) -> None:
    assert bool(findings("drifted", moved(item(), item(), children, grown))) is told


def test_a_text_that_loses_most_of_its_words_was_rewritten() -> None:
    words = [f"word{number}" for number in range(30)]
    then = item(title="", body=" ".join(words))

    def kept(count: int) -> Item:
        return item(title="", body=" ".join([*words[:count], *(f"other{number}" for number in range(30))]))

    assert message("drifted", moved(then, kept(12))) == ""
    assert "words kept" in message("drifted", moved(then, kept(11)))


def test_a_text_to_which_people_add_has_not_moved() -> None:
    assert findings("drifted", moved(item(body=LONG), item(body=f"{LONG} and more {LONG[::-1]}"))) == ()


def test_a_placeholder_may_become_a_text() -> None:
    assert findings("drifted", moved(item(title="Idea", body="to be written"), item(title="Hours", body=LONG))) == ()


def test_a_rewritten_body_shows_how_both_begin() -> None:
    said = message("drifted", moved(item(title="Same", body=LONG), item(title="Same", body="Calendar\nfrom scratch")))
    assert "“Managers know opening hours and rooms by heart and asking f…” → “Calendar from scratch”" in said


@pytest.mark.parametrize(
    "values", [{"status_category": "todo"}, {"status_category": "done"}, {"kind": "subtask"}, {"draft": True}], ids=str
)
def test_only_work_in_progress_drifts(values: dict) -> None:
    assert findings("drifted", moved(item(points=1), item(points=9, **values))) == ()


def test_where_the_start_is_not_known_nothing_is_said() -> None:
    assert findings("drifted", Case(item(points=9))) == ()


def test_thresholds_are_the_policys_choice() -> None:
    case = moved(item(points=4), item(points=5))
    assert findings("drifted", case, points=0.25)
    assert findings("drifted", moved(item(), item(), 10, 2), children=0.2, more=2)


def test_what_was_there_before_the_first_sync_is_no_excuse_for_moving_since() -> None:
    case = moved(item(points=1), item(points=9))
    old = Case(case.item, start=case.start, old=True)
    assert [finding.held for finding in findings("drifted", old, policy_={"baseline": True})] == [""]
