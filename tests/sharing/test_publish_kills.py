"""Publishing that is killed at any point: nothing is lost, doubled, or left visible; and the ledger knows all of it."""

import os
import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from django.db import connections

from config import files
from rules.model.partners import Shared
from syncd.partners.models import Change, Commitment, Partner, Step
from syncd.partners.models import Item as Copied
from syncd.sharing import approvals, ledger, lens, switch
from syncd.sharing.lens import Lens
from syncd.sharing.models import Disclosure, Shown
from syncd.trackers.models import Item
from syncd.worker import faults
from syncd.worker.judge import Bench
from syncd.worker.publish import publish
from tests.sharing.conftest import AGREEMENT, PIA, World, agreement, public, shared

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"]),
    pytest.mark.kills,
]

POINTS = (
    "before-head", "in-edit", "in-walk", "before-publish", "after-copy", "in-publish", "before-receipt", "after-publish",
    "before-promises",
)  # fmt: skip
KILLS, TRIES, ITEMS = 48, 4, 24
SSO = {
    "id": "sso", "who": "acme", "what": "Single sign-on", "by": "2027-02-01", "success": "All sign in",
    "items": ["acme-jira:WEB-1"],
}  # fmt: skip


def killed(world: World, point: str, count: int) -> bool:
    """Publish in a child that is killed when it passes a point for the ``count``-th time.

    :returns: whether it came that far
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["SYNCD_FAULT"] = f"{point}:{count}"
        faults._passed.clear()
        try:
            publish(files.load(world.folder), now=world.now)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status)
    assert died or os.waitstatus_to_exitcode(status) == 0
    return died


def stir(world: World, dice: random.Random) -> None:
    """Work changes, and now and then the agreement or what is decided about it."""
    world.later(hours=1)
    for number in dice.sample(range(1, ITEMS), 8):
        labels = ("partner/globex",) if dice.random() < 0.7 else ()
        body = public(f"Work {number} {dice.choice('abc')}", dice.choice(["", "Some notes"]))
        due = dice.choice([None, date(2027, dice.randint(1, 12), 1)])
        world.put(shared(number, labels=labels, body=body, due=due, updated_at=world.now))
    Bench(files.load(world.folder), lambda: world.now).judge()
    fields = {"title": "public_title", "due": dice.choice(["day", "month", "quarter"]), "notes": "public_notes"}
    deal, what = world.deal(), dice.choice(["edit", "edit", "approve", "approve", "stop", "nothing"])
    if deal.closed_at:
        switch.resume(deal, PIA, world.now)
    elif what == "edit":
        world.write({**agreement(fields=fields, statuses=None), "commitments": dice.choice([[], [SSO]])})
    elif what == "approve" and approvals.waits(deal) and not approvals.is_looking(deal):
        world.approve()
    elif what == "stop":
        switch.stop(deal, PIA, "for now", world.now)


def expected(world: World) -> list[dict[str, str]]:
    """What projecting everything anew gives, without what is held."""
    glass = Lens(world.deal())
    held = set(Shown.objects.filter(held=True).values_list("item", flat=True))
    values = []
    for row, case in lens.load(list(Item.objects.values_list("id", flat=True))).items():
        made = glass.effective.share(case, world.now) if glass.effective else None
        if isinstance(made, Shared) and made.values and row not in held:
            values.append(made.values)
    return sorted(values, key=in_order)


def in_order(values: dict[str, str]) -> list[tuple[str, str]]:
    """The same however the database keeps the keys."""
    return sorted(values.items())


def visible() -> set[tuple[str, str, str]]:
    return {(row.id, field, value) for row in Copied.objects.all() for field, value in row.values.items()}


def test_nothing_is_lost_doubled_or_left_visible(world: World, record_property: Any) -> None:
    dice = random.Random(11)
    world.write({**AGREEMENT, "commitments": [SSO]})
    world.put(*(shared(number) for number in range(1, ITEMS)))
    world.cycle()
    world.approve()
    kills, ever = 0, set()
    while kills < KILLS:
        for _ in range(TRIES):
            stir(world, dice)
            kills += killed(world, dice.choice(POINTS), dice.choice([1, 1, 1, 2]))
            ever |= visible()
            ids = set(Copied.objects.values_list("id", flat=True))
            assert ids <= set(Shown.objects.values_list("public", flat=True)), "each item of the copy is known to us"
        publish(files.load(world.folder), now=world.now)
        ever |= visible()
        assert sorted((row.values for row in Copied.objects.all()), key=in_order) == expected(world), (
            f"after {kills} kills"
        )
        assert Partner.objects.get(id="globex").open is (world.deal().closed_at is None)
        check_history()
        assert ever <= set(Disclosure.objects.filter(kind="shown").values_list("public", "field", "value"))
    assert ledger.verify().sound
    check_ledger()
    record_property("kills", kills)


def test_a_thousand_items_are_out_of_sight_after_one_cycle_however_often_it_is_killed(world: World) -> None:
    world.write(AGREEMENT)
    world.put(*(shared(number) for number in range(1000)))
    world.cycle()
    world.approve()
    world.cycle()
    assert Copied.objects.count() == 1000
    world.later(hours=1)
    world.put(*(shared(number, labels=(), updated_at=world.now) for number in range(1000)))
    Bench(files.load(world.folder), lambda: world.now).judge()
    points = ("before-publish", "after-copy", "in-publish", "before-receipt")
    ways = [(point, count) for count in (1, 2) for point in points]
    assert sum(killed(world, point, count) for point, count in ways) > len(points)
    publish(files.load(world.folder), now=world.now)
    assert Copied.objects.count() == 0
    assert Change.objects.exclude(item=None).count() == 0
    assert ledger.verify().sound
    shown, withdrawn = (Disclosure.objects.filter(kind=kind).count() for kind in ("shown", "withdrawn"))
    assert shown == withdrawn > 1000


def check_history() -> None:
    """Each item came once, and what it became is what it was next."""
    told: defaultdict[str, list[Change]] = defaultdict(list)
    for row in Change.objects.exclude(item=None).order_by("id"):
        told[row.item_id].append(row)
    assert set(told) <= set(Copied.objects.values_list("id", flat=True))
    for rows in told.values():
        assert [row.kind for row in rows].count("added") == 1
        for field in {row.field for row in rows if row.field}:
            line = [(row.was, row.now) for row in rows if row.field == field]
            assert all(was != now for was, now in line)
    for commitment in Commitment.objects.all():
        says = list(Step.objects.filter(commitment=commitment).order_by("id").values_list("says", "at"))
        assert len(says) == len(set(says))


def check_ledger() -> None:
    """A value is shown once until it is another or withdrawn."""
    last: dict[tuple[str, str], tuple[str, str]] = {}
    for line in Disclosure.objects.order_by("id"):
        assert last.get((line.public, line.field)) != (line.kind, line.value), f"line {line.id} says it again"
        last[line.public, line.field] = (line.kind, line.value)
    stands = {(public, field): value for public, field, value in visible()}
    for key, (kind, value) in last.items():
        if key[1] in ("title", "status", "due", "notes"):
            assert (stands.get(key, ""), kind) == ((value, "shown") if value else ("", "withdrawn"))
