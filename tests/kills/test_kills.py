"""Killed at every page and commit boundary: the next pass loses nothing and doubles nothing."""

import os
import random
from collections.abc import Callable

import orjson
import pytest

from syncd.review.models import Finding, Flag
from syncd.strategy.models import Decision
from syncd.trackers import due
from syncd.trackers.models import Due, Item
from syncd.worker.judge import Bench
from tests.kills.conftest import World, stored

pytestmark = pytest.mark.kills

ROUNDS = int(os.environ.get("SYNCD_KILL_ROUNDS", "105"))
"""With those at every point, and those while something is shared, it is killed more than two hundred times on each database."""

POINTS = (
    "before-request",
    "after-request",
    "before-commit",
    "in-commit",
    "after-commit",
    "before-judge",
    "in-judge",
)


def assert_equal_to_the_truth(world: World) -> None:
    truth, rows = world.truth(), stored()
    assert rows.keys() == truth.keys()
    for id_, row in rows.items():
        true = truth[id_]
        doc = orjson.loads(row.doc)
        assert (row.key, row.title, row.status_category) == (true["key"], true["title"], true["status_category"]), id_
        assert sorted(doc.get("labels", ())) == sorted(true["labels"]), id_
        parent = f"{row.tracker.name}:{true['parent']}"
        assert (row.parent_id == rows[parent].id) if parent in rows else not is_live(row.parent), id_


def is_live(row: Item | None) -> bool:
    return row is not None and row.deleted_at is None


def assert_judged_as_if_everything_were_judged_anew(world: World) -> None:
    assert not Due.objects.exists()
    assert Decision.objects.count() == len(stored())
    before = (
        set(Finding.objects.values_list("item", "fingerprint")),
        set(Flag.objects.exclude(state="resolved").values_list("fingerprint", "clears", "message")),
    )
    due.mark_all()
    assert Bench(world.config).judge().changed == 0
    after = (
        set(Finding.objects.values_list("item", "fingerprint")),
        set(Flag.objects.exclude(state="resolved").values_list("fingerprint", "clears", "message")),
    )
    assert before == after


@pytest.mark.parametrize("point", POINTS)
def test_a_first_sync_killed_anywhere_is_completed_by_the_next(
    point: str, world: World, empty: Callable[[], None], record_property: Callable[[str, int], None]
) -> None:
    kills = 0
    while True:
        empty()
        if not world.run_killed(point, kills + 1):
            break
        kills += 1
        assert not world.run().errors
        assert_equal_to_the_truth(world)
    assert_judged_as_if_everything_were_judged_anew(world)
    record_property("kills", kills)
    assert kills >= 2


def test_edits_and_kills_in_any_order_lose_and_double_nothing(
    world: World, empty: Callable[[], None], record_property: Callable[[str, int], None]
) -> None:
    rng = random.Random(20261123)
    empty()
    world.run()
    kills = 0
    for _ in range(ROUNDS):
        for _ in range(rng.randint(1, 4)):
            edit(world, rng)
        kills += world.run_killed(rng.choice(POINTS), rng.randint(1, 3), sweep=rng.random() < 0.2)
    assert kills >= ROUNDS // 3
    record_property("kills", kills)
    for _ in range(2):
        assert not world.run(sweep=True).errors
    assert_equal_to_the_truth(world)
    assert_judged_as_if_everything_were_judged_anew(world)


def edit(world: World, rng: random.Random) -> None:
    """Somebody changes something in some tracker."""
    service = rng.choice(["jira", "github", "notion"])
    rows = [row for id_, row in world.truth().items() if id_.startswith(f"acme-{service}:")]
    row = rng.choice(rows)
    if rng.random() < 0.1:
        world.act(service, "delete", id=row["native_id"])
    else:
        world.act(service, "edit", id=row["native_id"], title=f"{row['title'].split(' #')[0]} #{rng.randrange(1000)}")
