"""A tracker that is taken out of the configuration is no longer followed, so partners see nothing of it any more."""

from datetime import date, timedelta

import pytest

from config import files
from config.models.changes import Changes
from syncd.partners.models import THEIRS, Change, Commitment, Proposal
from syncd.sharing import ledger, promises, why
from syncd.sharing.models import Pending, Promise, Shown
from syncd.strategy import versions
from syncd.trackers.models import Tracker
from syncd.worker.plan.apply import Order, release
from syncd.worker.plan.plan import Side, plan
from syncd.worker.plan.trackers import Roll
from syncd.worker.roster import Roster
from tests.sharing.conftest import AGREEMENT, World, shared

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def configure(world: World, *, read: bool, held: bool = False) -> None:
    """What a start does with ``syncd.yaml``, with the tracker in it or without."""
    service = files.load(world.folder).service
    with Roster(service.trackers if read else []) as roster:
        roster.register(Changes(automatic=False) if held else service.changes)


def test_what_it_held_is_withdrawn_in_one_cycle(globex: World) -> None:
    assert globex.titles() == ["Work 1", "Work 2"]
    configure(globex, read=False)
    globex.cycle()
    assert globex.titles() == []
    assert Change.objects.filter(kind=Change.WITHDRAWN, item=None).count() == 2
    assert not Shown.objects.exists()
    assert all(known.until for known in ledger.known("globex", globex.now))


def test_while_its_removal_is_held_partners_see_what_they_saw_and_the_plan_counts_it(globex: World) -> None:
    configure(globex, read=False, held=True)
    globex.now += timedelta(hours=1)
    globex.cycle()
    assert globex.titles() == ["Work 1", "Work 2"]
    newest = versions.newest()
    assert newest
    side = Side(versions.written_of(newest), versions.policy_of(newest))
    with plan(side, side, globex.now, roll=Roll(leaving=("acme-jira",))) as found:
        assert [each.shown for each in found.leaving] == [{"globex": 2}]
        assert found.effect.left == 3
    release(Order(side.written, "Omar", "", found.effect, newest, ("acme-jira",)))
    globex.cycle()
    assert globex.titles() == []


def test_one_that_left_before_anybody_looked_for_that_is_withdrawn_too(globex: World) -> None:
    Tracker.objects.update(active=False)
    configure(globex, read=False)
    globex.cycle()
    assert globex.titles() == []


def test_it_comes_back_once_it_is_read_again_and_fresh(globex: World) -> None:
    configure(globex, read=False)
    globex.cycle()
    globex.now += timedelta(days=30)
    configure(globex, read=True)
    globex.cycle()
    assert globex.titles() == [], "what was known a month ago is no news"
    globex.later(seconds=1)
    globex.cycle()
    assert globex.titles() == ["Work 1", "Work 2"]


def test_a_start_with_the_same_configuration_changes_nothing(globex: World) -> None:
    configure(globex, read=True)
    assert not Pending.objects.exists()
    globex.cycle()
    assert globex.titles() == ["Work 1", "Work 2"]


def test_why_says_that_it_is_no_longer_read(globex: World) -> None:
    item = Shown.objects.earliest("id").item_id
    configure(globex, read=False)
    globex.cycle()
    assert why.cells(globex.deal(), item, globex.now).says == "its tracker is no longer in syncd.yaml"


def test_what_was_agreed_about_its_work_stands_and_nobody_says_how_it_goes(world: World) -> None:
    sso = {"id": "sso", "who": "acme", "what": "Single sign-on", "by": "2026-12-15", "success": "All sign in"}
    world.write({**AGREEMENT, "commitments": [{**sso, "items": ["acme-jira:WEB-1"]}]})
    world.put(shared(1, due=date(2026, 12, 1)))
    world.cycle()
    world.approve()
    world.cycle()
    promises.accept(Promise.objects.get(), "", world.now, side=THEIRS)
    world.cycle()
    assert Commitment.objects.get().state == "on track"
    configure(world, read=False)
    world.cycle()
    assert (Commitment.objects.get().stage, Commitment.objects.get().state) == ("agreed", "not known")
    assert Promise.objects.get().because == "its tracker is no longer in syncd.yaml: WEB-1"
    assert not Proposal.objects.exists()
    configure(world, read=True)
    world.later(seconds=1)
    world.cycle()
    assert Commitment.objects.get().state == "on track"
