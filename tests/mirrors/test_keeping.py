"""A partner's own tool holds what its copy holds, and nothing is sent that need not be."""

import pytest

from syncd.mirrors.models import Mirror, Row
from syncd.sharing.models import Disclosure
from tests.mirrors.conftest import EVERYTHING, World

pytestmark = EVERYTHING


def test_what_is_shared_stands_there_and_a_second_run_sends_nothing(world: World) -> None:
    world.share(3)
    world.turn()
    assert sorted(row["title"] for row in world.rows()) == ["Work 1", "Work 2", "Work 3"]
    assert {row["status"] for row in world.rows()} == {"Planned"}
    assert world.written() == 3
    asked = world.asked()
    world.turn()
    assert world.asked() == asked, "nothing is due"
    world.turn(later=61)
    assert world.written() == 3
    asked = world.asked()
    world.turn(later=61)
    assert world.asked() - asked == 2, "is it still the place, and what changed?"


def test_a_change_reaches_the_row_and_leaves_the_rest_alone(world: World) -> None:
    one, other = world.share(2)
    world.turn()
    before = next(row for row in world.rows() if row["marker"] == world.row(other).marker)
    world.change(one, status="In progress", title="Another title", due="", notes="Other words.")
    world.turn(later=1)
    row = next(row for row in world.rows() if row["marker"] == world.row(one).marker)
    assert row["title"] == "Another title"
    assert row["status"].replace("-", " ") == "In progress"
    assert "Other words." in row.get("body", row.get("notes", ""))
    assert next(row for row in world.rows() if row["marker"] == world.row(other).marker) == before
    written = world.written()
    world.turn(later=61)
    assert world.written() == written


def test_what_is_withdrawn_is_gone_and_on_record(world: World) -> None:
    one, other = world.share(2)
    world.turn()
    world.withdraw(one)
    world.turn(later=1)
    assert [row["title"] for row in world.rows() if row["title"] == "Work 1"] == []
    assert world.row(one).state == Row.GONE
    assert world.row(other).state == Row.LIVE
    lines = Disclosure.objects.filter(public=one).order_by("id")
    assert {line.kind for line in lines} == {"shown", "withdrawn"}
    assert {line.channel for line in lines} == {world.mirror.channel}
    assert [line.field for line in lines if line.kind == "withdrawn"] == [
        line.field for line in lines if line.kind == "shown"
    ]


def test_an_end_empties_the_place(world: World) -> None:
    from syncd.sharing.models import Deal

    world.share(3)
    world.turn()
    Deal.objects.update(ended_at=world.now)
    world.turn(later=1)
    assert world.rows() == []
    assert Mirror.objects.get().ended_at


@pytest.mark.parametrize("kind", ["jira-dc"], indirect=True)
def test_a_jira_of_ones_own_holds_it_too(world: World) -> None:
    one, other = world.share(2, due="2027-03-04", notes="See [docs] and {code}.")
    world.fault("drop_after_effect", "POST .*/issue$", times=1)
    world.turn()
    world.settle()
    world.change(one, status="Delivered", notes="Other words.", due="2027-04-05")
    world.withdraw(other)
    world.turn(later=1)
    [row] = world.rows()
    assert (row["title"], row["status"], row["due"]) == (world.row(one).values["title"], "Delivered", "2027-04-05")
    assert "Other words." in row["body"]
    written = world.written()
    world.turn(later=61, sweep=True)
    assert world.written() == written
    assert world.row(one).theirs == {}


@pytest.mark.parametrize("kind", ["notion"], indirect=True)
def test_a_month_is_a_span_of_days_and_read_back_as_a_month(world: World) -> None:
    [one] = world.share(1, due="2027-02", delivered="2027-01-31")
    world.turn()
    [row] = world.rows()
    assert (row["due"], row["delivered"]) == ("2027-02-01/2027-02-28", "2027-01-31")
    world.turn(later=61)
    assert world.row(one).theirs == {}
