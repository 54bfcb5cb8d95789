"""A tracker that is taken out of ``syncd.yaml``: small ones leave, large ones wait until somebody says so."""

import os
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from structlog.testing import capture_logs

from connectors.item import Ref
from syncd.review.models import Flag
from syncd.trackers import due
from syncd.trackers.models import Tracker
from syncd.worker import faults, leaving
from syncd.worker.plan.apply import Overtaken, release
from tests.trackers.conftest import made
from tests.worker.leaving_world import GITHUB, JIRA, World, issue, scattered, state
from tests.worker.logged import logged

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Six of ten items are in Jira; an issue at GitHub serves a goal because of one of them."""
    world = World(tmp_path)
    world.put(JIRA, made(1, labels=("goal:claims",)), *(made(number) for number in range(2, 7)))
    closes = (Ref("closes", "jira:WEB-1", "body"),)
    world.put(GITHUB, issue(1, refs=closes), issue(2, labels=("goal:activation",)), issue(3), issue(4))
    world.judge()
    return world


def test_one_within_the_blast_radius_leaves_at_once_and_its_flags_end(world: World) -> None:
    assert state().goals["acme/web#1"] == "claims"
    world.write(GITHUB, blast_radius="70%")
    with logged() as events:
        world.start()
    world.judge()
    assert events == ["tracker_left"]
    assert state().goals == {"acme/web#1": "", "acme/web#2": "activation", "acme/web#3": "", "acme/web#4": ""}
    ended = Flag.objects.filter(item__tracker__name=JIRA)
    assert {(flag.state, flag.resolved_because) for flag in ended} == {
        ("resolved", "its tracker is no longer in syncd.yaml")
    }
    assert {flag.fared for flag in ended} == {""}, "nobody repaired anything"


def test_few_items_leave_however_small_the_store(world: World) -> None:
    world.write(GITHUB, small=6)
    world.start()
    assert Tracker.objects.get(name=JIRA).active, "six leave, and the issue that rests on one of them changes"
    world.write(GITHUB, small=7)
    world.start()
    assert not Tracker.objects.get(name=JIRA).active


def test_one_beyond_the_blast_radius_is_held_and_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()
    world.write(GITHUB)
    with logged() as first:
        world.start()

    def again(*_: Any) -> None:
        raise AssertionError("it is measured again")

    monkeypatch.setattr(leaving, "measure", again)
    with logged() as second:
        world.start()
    assert (first, second) == (["removal_held"], [])
    tracker = Tracker.objects.get(name=JIRA)
    assert tracker.active
    assert tracker.leaving_says == (
        "acme-jira is no longer in syncd.yaml, and its removal is held: it would withdraw or change 7 of 10 items (70%),"
        " and changes.blast_radius allows 25%"
    )
    world.later(GITHUB, hours=1)
    due.mark_all()
    world.judge()
    assert state() == before, "what is not polled is out of date: nothing is judged on it"


def test_one_that_is_taken_back_loses_nothing(world: World) -> None:
    before, opened = state(), list(Flag.objects.order_by("id").values_list("opened_at", "state", "regressed"))
    world.write(GITHUB)
    world.start()
    world.later(GITHUB, hours=1)
    world.judge()
    world.write(JIRA, GITHUB)
    with logged() as events:
        world.start()
    world.later(JIRA, GITHUB, minutes=1)
    due.mark_all()
    world.judge()
    assert events == ["removal_taken_back"]
    assert Tracker.objects.get(name=JIRA).leaving == {}
    assert state() == before
    assert list(Flag.objects.order_by("id").values_list("opened_at", "state", "regressed")) == opened


def test_a_held_one_leaves_when_somebody_says_so(world: World) -> None:
    world.write(GITHUB)
    world.start()
    with capture_logs() as logs:
        world.release()
    assert [(each["event"], each["by"], each["message"]) for each in logs] == [
        ("tracker_left", "Omar", "it was closed")
    ]
    world.judge()
    assert set(state().goals) == {f"acme/web#{number}" for number in range(1, 5)}
    with logged() as events:
        world.start()
    assert events == []
    assert Tracker.objects.get(name=JIRA).leaving == {}


def test_a_held_one_leaves_by_itself_once_that_is_allowed(world: World) -> None:
    world.write(GITHUB)
    world.start()
    world.write(GITHUB, blast_radius="70%")
    world.start()
    assert not Tracker.objects.get(name=JIRA).active


def test_where_nothing_is_automatic_the_smallest_one_waits(world: World) -> None:
    world.write(GITHUB, blast_radius="100%", automatic=False)
    world.start()
    assert "changes.automatic is false" in Tracker.objects.get(name=JIRA).leaving_says


def test_those_that_leave_together_are_counted_together(world: World) -> None:
    world.write("acme-jra", blast_radius="70%")
    world.start()
    held = {tracker.name: tracker.leaving.get("with") for tracker in Tracker.objects.filter(active=True)}
    assert held == {GITHUB: [GITHUB, JIRA], JIRA: [GITHUB, JIRA], "acme-jra": None}
    assert "10 of 10 items" in Tracker.objects.get(name=GITHUB).leaving_says
    world.write("acme-jra", GITHUB, blast_radius="70%")
    world.start()
    assert [tracker.name for tracker in Tracker.objects.filter(active=True).order_by("name")] == [GITHUB, "acme-jra"]


def test_of_an_empty_store_anybody_leaves(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(GITHUB)
    world.start()
    assert not Tracker.objects.get(name=JIRA).active


def test_of_two_who_say_so_at_once_the_second_is_told(world: World) -> None:
    world.write(GITHUB)
    order = world.order()
    release(order)
    with pytest.raises(Overtaken):
        release(order)


def test_one_that_is_back_after_it_left_is_judged_again(world: World) -> None:
    before = state()
    world.write(GITHUB, blast_radius="100%")
    world.start()
    world.judge()
    world.write(JIRA, GITHUB)
    world.start()
    world.later(GITHUB, hours=1)
    world.judge()
    assert "WEB-1" not in state().goals, "not before it was read again"
    world.later(JIRA, GITHUB, minutes=1)
    world.judge()
    assert state() == before


def test_the_plan_tells_what_goes_and_what_comes(world: World) -> None:
    world.write(GITHUB, "acme-jra")
    with world.plan() as plan:
        [gone], [new] = plan.leaving, plan.coming
        assert (gone.tracker, gone.renamed, gone.items, gone.shown) == (JIRA, "acme-jra", 6, {})
        assert gone.goals == {"claims": 1, "": 5}
        assert plan.served["claims"] == 2
        ended = [row for row in plan.flags.changed() if row["change"] == "cleared"]
        assert gone.flags == len(ended) == 5
        assert all("acme-jira" in row["fingerprint"] for row in ended)
        assert (new.tracker, new.known) == ("acme-jra", 0)
        assert [row["key"] for row in plan.links] == ["acme/web#1"]
        assert (plan.effect.left, plan.effect.changed) == (6, 7)


@pytest.mark.parametrize("seed", range(6))
def test_what_the_plan_says_of_a_removal_is_what_comes(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    world = World(tmp_path)
    jira, github = scattered(dice, world.now)
    world.put(JIRA, *jira)
    world.put(GITHUB, *github)
    world.judge()
    before = state()
    world.write(dice.choice([JIRA, GITHUB]))
    with world.plan() as plan:
        flags = {(row["change"], row["fingerprint"]) for row in plan.flags.changed()}
        links = {row["key"]: (row["was"], row["will_be"]) for row in plan.links}
    world.release()
    world.judge()
    after = state()
    opened = {("opened", each) for each in after.flags - before.flags}
    assert flags == opened | {("cleared", each) for each in before.flags - after.flags}
    assert links == {key: (before.goals[key], goal) for key, goal in after.goals.items() if before.goals[key] != goal}
    due.mark_all()
    world.judge()
    assert state() == after, "judging everything anew gives the same"


@pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])
@pytest.mark.parametrize("point", ["before-leaving", "in-leaving", "before-judge", "in-judge"])
@pytest.mark.parametrize("large", [False, True])
def test_whoever_is_killed_in_between_leaves_nothing_half_done(world: World, point: str, large: bool) -> None:
    before = state()
    world.write(GITHUB, blast_radius="25%" if large else "100%")
    if large:
        world.start()
    assert killed(world, point, apply=large) or (large and point == "before-leaving")
    if point == "in-leaving":
        assert (state(), Tracker.objects.get(name=JIRA).active) == (before, True)
    world.start()
    if Tracker.objects.get(name=JIRA).active:
        world.release()
    world.judge()
    assert state().goals == {"acme/web#1": "", "acme/web#2": "activation", "acme/web#3": "", "acme/web#4": ""}
    assert not Flag.objects.filter(item__tracker__name=JIRA).exclude(state="resolved").exists()


def killed(world: World, point: str, *, apply: bool) -> bool:
    """Start or apply, then judge, in a child that is killed when it passes a point. :returns: whether it came that far"""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["SYNCD_FAULT"] = point
        faults._passed.clear()
        try:
            if apply:
                world.release()
            else:
                world.start()
            world.judge()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
