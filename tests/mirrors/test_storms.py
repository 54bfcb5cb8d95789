"""A thousand items under kills, lost answers and limits: none is lost, none is there twice, nothing of theirs is touched."""

import os
import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.conf import settings

from syncd.mirrors.models import Row
from tests.mirrors.conftest import EVERYTHING, World

pytestmark = [EVERYTHING, pytest.mark.kills, pytest.mark.any_store]

ITEMS = int(os.environ.get("SYNCD_MIRROR_ITEMS", "1000" if settings.SQLITE else "300"))
KILLS = ("before-write", "after-write", "before-receipt", "after-receipt", "before-request", "after-request")
WRITES = {
    "notion": "(POST|PATCH) /v1/pages",
    "github": "(POST|PATCH) .*/issues",
    "jira": "(POST|PUT) .*/issue($|/[0-9])",
}


@pytest.mark.timeout(1200)
def test_a_thousand_items_in_a_storm(world: World, record_property: Callable[[str, int], None]) -> None:
    rng = random.Random(20261127)
    foreign = own_rows_of(world)
    items = world.share(ITEMS)
    kills = 0
    for _ in range(12):
        trouble(world, rng)
        kills += world.killed(rng.choice(KILLS), rng.randrange(1, ITEMS // 8))
        world.wait(rng.choice((25, 60)))
    for public in rng.sample(items, ITEMS // 20):
        world.change(public, status="In progress", title=f"Other {public}")
    gone = rng.sample(items, ITEMS // 20)
    world.withdraw(*gone)
    for _ in range(6):
        trouble(world, rng)
        kills += world.killed(rng.choice(KILLS), rng.randrange(1, ITEMS // 20))
        world.wait(rng.choice((25, 130)))
    world.sandbox.faults.clear()
    world.settle()
    world.turn(sweep=True, later=130)
    world.settle()
    record_property("kills", kills)
    assert kills >= 8
    assert_same_as_the_copy(world, set(items) - set(gone))
    assert own_rows(world) == foreign
    written = world.written()
    world.turn(later=61)
    assert world.written() == written


def trouble(world: World, rng: random.Random) -> None:
    """Answers that are lost after the effect, that are cut, servers that fail, limits."""
    match = WRITES[world.kind]
    for _ in range(4):
        kind = rng.choice(("drop_after_effect", "drop_after_effect", "reset", "502", "cut", "429", "503", "wrong_type"))
        how = {"retry_after": 0.01} if kind in ("429", "503") else {}
        world.fault(kind, match, after=rng.randrange(ITEMS // 8), times=1, **how)


def own_rows_of(world: World) -> list[dict[str, str]]:
    """Globex has rows of its own in the same place."""
    for number in range(5):
        if world.kind == "notion":
            from syncd.sandbox.globex import TABLE

            world.act("create", place=TABLE, title=f"Globex's own {number}", status="todo", by="Quinn Roe")
        elif world.kind == "github":
            world.act("create", place="globex/acme-tracker", title=f"Globex's own {number}", labels=["status: ours"])
        else:
            world.act("create", place="GLX", title=f"Globex's own {number}", labels=["syncd", "status-ours"])
    return own_rows(world)


def own_rows(world: World) -> list[dict[str, str]]:
    return sorted((row for row in world.rows() if "own" in row["title"]), key=str)


def assert_same_as_the_copy(world: World, shared: set[str]) -> None:
    there = Counter(row["marker"] for row in world.rows() if row["marker"])
    rows = {row.marker: row for row in Row.objects.filter(state=Row.LIVE)}
    assert {row.item for row in rows.values()} == shared
    assert [marker for marker, count in there.items() if count > 1] == [], "doubled"
    assert set(rows) - set(there) == set(), "lost"
    assert set(there) - set(rows) == set(), "left behind"
    titles = {row["marker"]: row["title"] for row in world.rows()}
    assert {marker: titles[marker] for marker in rows} == {marker: row.values["title"] for marker, row in rows.items()}
    assert {row.item: row.theirs for row in rows.values() if row.theirs} == {}
