"""What others' faults leave behind is put right: doubles, lost answers that show late, half of a change."""

import pytest

from connectors.mirror import Pin
from syncd.mirrors.models import Intent, Row
from syncd.sharing import ledger
from syncd.sharing.models import Disclosure
from tests.mirrors.conftest import EVERYTHING, World
from tests.mirrors.test_storms import WRITES

pytestmark = EVERYTHING


def test_a_lost_answer_makes_no_second_row(world: World) -> None:
    world.share(3)
    world.fault("drop_after_effect", "POST .*(pages|issues?)$", times=1)
    world.turn()
    assert len(world.rows()) == 3
    assert Intent.objects.count() == 1, "it is not sent again before it can be told whether it is there"
    written = world.written()
    world.turn(later=300)
    assert world.written() == written
    assert not Intent.objects.exists()
    assert Row.objects.filter(state=Row.LIVE).count() == 3


def test_a_request_that_never_came_is_sent_again(world: World) -> None:
    world.share(1)
    world.fault("reset", "POST .*(pages|issues?)$", times=1)
    world.turn()
    assert world.rows() == []
    world.turn(later=300)
    assert len(world.rows()) == 1


def test_a_row_that_stands_there_twice_is_merged_and_the_oldest_stays(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.wait(120)
    double(world)
    assert len(world.rows()) == 2
    world.turn(sweep=True, later=61)
    [row] = world.rows()
    assert row["id"] == world.row(one).remote
    world.turn(sweep=True, later=61)
    assert len(world.rows()) == 1


def double(world: World) -> None:
    """The same request once more, as a proxy may send it."""
    row = Row.objects.get()
    target = world.roster.target("globex", world.mirror.place)
    place = target.verify(Pin(**world.mirror.pin))
    target.send(place, target.create(place, row.marker, row.written))


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_label_that_went_before_the_other_came_is_gone_on_with(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.change(one, status="Delivered")
    world.fault(422, "POST .*/labels$")
    world.turn(later=1)
    assert [row["status"] for row in world.rows()] == [""]
    world.settle()
    assert [row["status"] for row in world.rows()] == ["Delivered"]
    assert world.row(one).theirs == {}


@pytest.mark.parametrize("kind", ["notion"], indirect=True)
def test_a_lost_row_that_queries_do_not_show_yet_is_waited_for(world: World) -> None:
    world.act("lag", seconds=100)
    world.share(1)
    world.fault("drop_after_effect", "POST /v1/pages", times=1)
    world.turn()
    for _ in range(5):
        world.turn(later=30)
    assert Row.objects.get().state == Row.LIVE
    assert len(world.rows()) == 1


@pytest.mark.parametrize("kind", ["jira"], indirect=True)
def test_a_lost_row_that_searches_do_not_show_is_found_by_its_key(world: World) -> None:
    world.act("lag", seconds=100_000)
    world.share(2)
    world.fault("drop_after_effect", "POST .*/issue$", times=2)
    world.turn()
    world.turn(later=30)
    assert Row.objects.filter(state=Row.LIVE).count() == 2
    assert len(world.rows()) == 2


def test_half_of_a_change_is_gone_on_with_and_withdrawn_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.worker.roster.PATIENCE", 0.0)  # no second try heals a change before its turn is over
    one, other = world.share(2)
    world.turn()
    for public, title in ((one, "Half"), (other, "Half too")):
        world.change(public, title=title, status="Delivered", notes="Half of that.")
        world.fault("drop_after_effect", "(PATCH|PUT) ", times=1)
        world.turn(later=1)
        assert world.row(public).tried["title"] == title, "the change is of unknown fate"
    world.withdraw(other)
    world.settle()
    [row] = world.rows()
    assert (row["title"], row["status"]) == ("Half", "Delivered")
    assert world.row(one).theirs == {}
    left = [
        row
        for row in world._truth()
        if "Half too" in row["title"] or ("Half of that" in str(row) and row["title"] != "Half")
    ]
    if world.kind == "notion":
        page = world.sandbox.services[world.prefix].workspace.pages[world.row(other).remote]
        assert page.in_trash
        assert not any(page.values.get(spec.id) for name, spec in page.source.columns.items() if name != "syncd")
    else:
        assert left == []


def test_a_refused_row_holds_up_no_other(world: World) -> None:
    world.share(2)
    world.fault(400 if world.kind == "notion" else 422, WRITES[world.kind], times=1)
    world.turn()
    assert len(world.rows()) == 1
    assert Row.objects.filter(state=Row.WAITING).count() == 1
    assert Intent.objects.get().error
    world.turn(later=3600)
    assert len(world.rows()) == 2


def test_the_ledger_tells_what_stood_there_and_since_when(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.change(one, status="Delivered", owner="")
    world.turn(later=60)
    told = [(line.field, line.kind, line.value) for line in Disclosure.objects.filter(public=one).order_by("id")]
    assert set(told[-2:]) == {("status", "shown", "Delivered"), ("owner", "withdrawn", "")}
    assert {field for field, _, _ in told[:-2]} == {"title", "status", "due", "notes", "owner"}
    assert ledger.verify().broken is None
