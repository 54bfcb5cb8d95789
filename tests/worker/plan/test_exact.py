"""What a plan says is what comes: counted over random edits of strategy and rules on a small world."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from connectors.item import Item as Incoming
from connectors.item import Person, Ref
from rules.explain import from_json
from syncd.review import verdicts
from syncd.review.models import Flag
from syncd.strategy.models import Decision
from syncd.trackers import due
from syncd.worker.plan.effect import goal
from tests.trackers.conftest import NOW, made
from tests.worker.plan.conftest import Folder, in_force

pytestmark = pytest.mark.django_db

ITEMS = 36
GOALS = ("activation", "claims", "growth", "desktop")
LABELS = ("goal:activation", "goal:claims", "checkout", "import", "desktop", "ops")
PEOPLE = (Person("a", "Ana"), Person("o", "Omar"))


@dataclass(frozen=True)
class State:
    """What stands: the goal of each item, and the flags that are not resolved."""

    goals: dict[str, str]
    flags: frozenset[str]
    decisions: dict[str, str]


def state() -> State:
    rows = Decision.objects.values_list("item__key", "explanation", "fingerprint")
    return State(
        goals={key: goal(from_json(explanation)) for key, explanation, _ in rows},
        flags=frozenset(Flag.objects.exclude(state="resolved").values_list("fingerprint", flat=True)),
        decisions={key: fingerprint for key, _, fingerprint in rows},
    )


@pytest.mark.parametrize("seed", range(12))
def test_applying_and_judging_everything_gives_exactly_what_the_plan_said(
    seed: int, folder: Folder, put: Callable[..., None]
) -> None:
    rng = random.Random(seed)
    put(*world(rng))
    edit(folder, rng).judge()
    decide(rng)
    folder.judge()
    before = state()
    edit(folder, rng)
    with folder.plan() as plan:
        links = {row["key"]: (row["was"], row["will_be"]) for row in plan.links}
        flags = {(row["change"], row["fingerprint"]) for row in plan.flags.changed()}
        counted = sum(row["items"] for row in plan.links.by_goal())
    folder.apply()
    everything(folder)
    after = state()

    moved = {
        key: (before.goals[key], after.goals[key]) for key in before.goals if before.goals[key] != after.goals[key]
    }
    assert links == moved
    assert counted == len(moved)
    opened = {("opened", fingerprint) for fingerprint in after.flags - before.flags}
    cleared = {("cleared", fingerprint) for fingerprint in before.flags - after.flags}
    assert flags == opened | cleared


@pytest.mark.parametrize("seed", range(40, 45))
def test_undoing_an_edit_gives_the_decisions_and_flags_from_before(
    seed: int, folder: Folder, put: Callable[..., None]
) -> None:
    rng = random.Random(seed)
    put(*world(rng))
    edit(folder, rng).judge()
    before, first = state(), in_force()
    edit(folder, rng).apply()
    folder.judge()
    folder.apply(first)
    folder.judge()
    after = state()
    assert after.decisions == before.decisions
    assert after == before


def test_the_edits_of_these_tests_change_something(folder: Folder, put: Callable[..., None]) -> None:
    """Else the tests above would pass on plans that say nothing."""
    rng = random.Random(7)
    put(*world(rng))
    edit(folder, rng).judge()
    found: dict[str, int] = {"gained": 0, "lost": 0, "moved": 0, "opened": 0, "cleared": 0, "shape": 0}
    for _ in range(12):
        edit(folder, rng)
        with folder.plan() as plan:
            for row in plan.links:
                found[row["change"]] += 1
            for row in plan.flags.changed():
                found[row["change"]] += 1
                found["shape"] += row["fingerprint"].startswith("shape|")
        folder.apply()
    assert all(found.values()), found


def everything(folder: Folder) -> None:
    folder.judge()
    due.mark_all()
    folder.judge()


def decide(rng: random.Random) -> None:
    """People decide about some of the flags."""
    flags = list(Flag.objects.filter(state="open").order_by("fingerprint"))
    for flag in rng.sample(flags, min(3, len(flags))):
        kind = rng.choice(["false_positive", "snooze", "link"])
        until = timezone.now() + timedelta(days=9)
        with suppress(verdicts.Refused):  # not every flag is cleared by a link
            verdicts.decide(flag, kind, "Ana", target="activation", reason="why", until=until, now=timezone.now())


def world(rng: random.Random) -> list[Incoming]:
    return [_item(rng, number) for number in range(1, ITEMS + 1)]


def _item(rng: random.Random, number: int) -> Incoming:
    above = [f"jira:WEB-{rng.randint(1, number - 1)}"] if number > 3 else [""]
    refs = (Ref(rng.choice(["closes", "links", "mentions"]), f"jira:WEB-{rng.randint(1, ITEMS)}", "body"),)
    return made(
        number,
        title=rng.choice(["Import the tariff table", "Checkout on the phone", "Tidy up", "Spike: Electron"]),
        kind=rng.choice(["epic", "story", "story", "task", "bug"]),
        labels=tuple(rng.sample(LABELS, rng.choice([0, 0, 1, 2]))),
        components=(rng.choice(["api", "api", "web"]),),
        parent=rng.choice(["", "", "", *above]),
        refs=rng.choice([(), (), refs]),
        status_category=rng.choice(["todo", "in_progress", "in_progress", "done"]),
        closed_at=NOW - timedelta(days=rng.randint(0, 40)),
        created_at=NOW - timedelta(days=60),
        points=rng.choice([None, 1.0, 3.0]),
        assignees=rng.choice([(), PEOPLE[:1], PEOPLE[1:]]),
    )


def edit(folder: Folder, rng: random.Random) -> Folder:
    """Write another strategy and other rules."""
    goals = [_goal(rng, id_) for id_ in GOALS if id_ == "activation" or rng.random() < 0.8]
    ids = {goal["id"]: goal["kind"] for goal in goals}
    for entry in goals:
        if entry["id"] != "activation" and entry["kind"] != "non_goal" and rng.random() < 0.3:
            entry["parent"] = "activation"
    rules = [_rule(rng, number, ids) for number in range(rng.randint(0, 5))]
    file: dict[str, Any] = {"rules": rules}
    if rng.random() < 0.4:
        file["needs_goal"] = {"kind": rng.sample(["epic", "story", "task", "bug"], 2)}
    if rng.random() < 0.3:
        file["grace"] = "3 working days in progress"
    return folder.write(strategy=yaml.safe_dump({"vision": "v", "goals": goals}), rules=yaml.safe_dump(file))


def _goal(rng: random.Random, id_: str) -> dict[str, Any]:
    against = id_ == "desktop"
    accepts = {"labels": [word for word in LABELS if word.endswith(id_) and rng.random() < 0.8]}
    goal: dict[str, Any] = {"id": id_, "title": id_.title(), "kind": "non_goal" if against else "objective"}
    goal |= {"accepts": accepts, "status": rng.choice(["active", "active", "active", "paused", "dropped"])}
    if not against and rng.random() < 0.3:
        goal["share"] = rng.choice([0.1, 0.6])
    return goal


def _rule(rng: random.Random, number: int, ids: dict[str, str]) -> dict[str, Any]:
    target = rng.choice(sorted(ids))
    action = rng.choice(["link", "link", "exempt", "flag"])
    if action == "link" and ids[target] == "non_goal":
        action = "non_goal"
    when = rng.choice(
        [
            {"label": rng.choice(LABELS)},
            {"label": {"any": rng.sample(LABELS, 2)}},
            {"text": {"any": [rng.choice(["checkout", "tariff", "electron"])], "in": ["title"]}},
            {"component": rng.choice(["api", "web"]), "none": [{"kind": "bug"}]},
            {"parent": {"label": rng.choice(LABELS)}},
        ]
    )
    value = target if action in ("link", "non_goal") else "maintenance" if action == "exempt" else "look-at-this"
    return {
        "id": f"rule-{number}",
        action: value,
        "mode": rng.choice(["enforce", "enforce", "enforce", "monitor"]),
        "when": when,
    }
