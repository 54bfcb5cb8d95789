import pytest

from syncd.partners.models import Change, Partner
from syncd.sharing import approvals, deals
from syncd.sharing.deals import Refused
from tests.sharing.conftest import AGREEMENT, World, agreement, shared

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def test_nothing_is_shown_before_the_first_approval(world: World) -> None:
    world.write(AGREEMENT)
    world.put(shared(1))
    world.cycle()
    assert world.visible() == []
    assert not Partner.objects.get(id="globex").open
    assert approvals.counts(world.deal()) == approvals.Counts(
        added=1, changed=0, held=0, withdrawn=0, shown=0, looking=False
    )
    assert world.deal().widens == [["share", "the first publication to this partner"]]
    world.approve()
    assert world.visible() == []
    world.cycle()
    assert world.titles() == ["Work 1"]
    assert Partner.objects.get(id="globex").open


def test_what_narrows_takes_effect_by_itself(globex: World) -> None:
    assert globex.visible()[0]["due"] == "2026-12"
    globex.write(agreement(fields={"title": "public_title", "status": "status"}))
    globex.cycle()
    assert globex.visible()[0] == {"title": "Work 1", "status": "Planned"}
    assert not globex.deal().draft


def test_an_edit_that_widens_and_narrows_withdraws_at_once_and_adds_after_approval(globex: World) -> None:
    globex.write(agreement(fields={"title": "public_title", "due": "day"}))
    globex.cycle()
    assert globex.visible()[0] == {"title": "Work 1", "due": "2026-12"}
    globex.approve()
    globex.cycle()
    assert globex.visible()[0] == {"title": "Work 1", "due": "2026-12-15"}
    assert Change.objects.filter(field="due").count() == 0


def test_one_approval_follows_another_at_once(world: World) -> None:
    world.write(AGREEMENT, {**AGREEMENT, "id": "initech", "name": "Initech"})
    world.put(shared(1))
    world.cycle()
    world.approve("globex")
    assert not approvals.is_looking(world.deal("initech"))
    world.approve("initech")
    assert approvals.is_looking(world.deal("initech"))
    world.cycle()
    assert (world.titles("globex"), world.titles("initech")) == (["Work 1"], ["Work 1"])
    assert not approvals.is_looking(world.deal("initech"))


def test_an_edit_is_approved_once_its_own_items_are_looked_at(globex: World) -> None:
    other = {**AGREEMENT, "id": "initech", "name": "Initech"}
    globex.write(AGREEMENT, other)
    globex.cycle()
    globex.approve("initech")
    globex.cycle()
    config = globex.write(agreement(fields={"title": "public_title", "due": "day"}), other)
    deals.reconcile(config, globex.now)
    assert approvals.is_looking(globex.deal("globex"))
    assert not approvals.is_looking(globex.deal("initech"))
    with pytest.raises(Refused, match="still looking"):
        globex.approve("globex")
    globex.cycle()
    globex.approve("globex")
