"""Two trackers whose work is tied together, and a ``syncd.yaml`` that one of them may be missing from."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from config import files
from config.files import Config
from connectors.item import Item as Incoming
from connectors.item import Ref
from rules.explain import from_json
from syncd.review.models import Flag
from syncd.strategy import versions
from syncd.strategy.models import Decision
from syncd.trackers import store
from syncd.trackers.models import Stream, Tracker
from syncd.worker.judge import Bench
from syncd.worker.plan.apply import Order, release
from syncd.worker.plan.effect import goal
from syncd.worker.plan.plan import Plan, Side, plan
from syncd.worker.plan.trackers import roll
from syncd.worker.roster import Roster
from tests.trackers.conftest import made

JIRA, GITHUB = "acme-jira", "acme-github"
TRACKERS = {
    JIRA: "{name: acme-jira, kind: jira, url: 'https://jira.invalid', auth: {token: {env: T}}, scope: {projects: [WEB]}}",
    GITHUB: "{name: acme-github, kind: github, url: 'https://api.invalid', auth: {token: {env: T}}, scope: {repositories: [acme/web]}}",
    "acme-jra": "{name: acme-jra, kind: jira, url: 'https://jira.invalid', auth: {token: {env: T}}, scope: {projects: [WEB]}}",
}
STRATEGY = """
goals:
  - {id: activation, kind: objective, title: Live in a day, accepts: {labels: ["goal:activation"]}}
  - {id: claims, kind: objective, title: Claims accepted, accepts: {labels: ["goal:claims"]}}
"""
LABELS = ("goal:activation", "goal:claims", "import", "ops")


@dataclass(frozen=True)
class State:
    """What stands: the goal of each item that is judged, and the flags that are not resolved."""

    goals: dict[str, str]
    flags: frozenset[str]


class World:
    """What an operator does: write ``syncd.yaml``, start, plan, apply."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = timezone.now()
        (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
        self.write(JIRA, GITHUB)
        self.start()
        self.streams = {
            name: Stream.objects.create(
                tracker=Tracker.objects.get(name=name), native_id="s", name="s", last_success_at=self.now
            )
            for name in (JIRA, GITHUB)
        }

    def write(self, *trackers: str, blast_radius: str = "25%", small: int = 0, automatic: bool = True) -> None:
        changes = f"{{blast_radius: {blast_radius}, small: {small}, automatic: {str(automatic).lower()}}}"
        named = "".join(f"\n  - {TRACKERS[name]}" for name in trackers)
        text = f"changes: {changes}\ntrackers: {named or '[]'}\n"
        (self.folder / "syncd.yaml").write_text(text, encoding="utf-8")

    @property
    def config(self) -> Config:
        return files.load(self.folder)

    def put(self, tracker: str, *items: Incoming) -> None:
        store.upsert(self.streams[tracker], items, self.now)

    def start(self) -> None:
        """What every start does with ``syncd.yaml``."""
        config = self.config
        with Roster(config.service.trackers) as roster:
            roster.register(config.service.changes)

    def judge(self) -> None:
        Bench(self.config, lambda: self.now).judge()

    def later(self, *polled: str, **time: float) -> None:
        """Time goes on; these trackers were polled meanwhile."""
        self.now += timedelta(**time)
        Stream.objects.filter(tracker__name__in=polled).update(last_success_at=self.now)

    @contextmanager
    def plan(self) -> Iterator[Plan]:
        newest = versions.newest()
        assert newest
        side = Side(versions.written_of(newest), versions.policy_of(newest))
        with plan(side, side, self.now, roll=roll(self.config.service.sources)) as found:
            yield found

    def order(self) -> Order:
        """To let go what is no longer in the file."""
        with self.plan() as found:
            effect = found.effect
        newest = versions.newest()
        assert newest
        leaving = roll(self.config.service.sources).leaving
        return Order(versions.written_of(newest), "Omar", "it was closed", effect, newest, leaving)

    def release(self) -> None:
        """``syncd apply``, where nothing but the trackers differs."""
        release(self.order())


def state() -> State:
    decided = Decision.objects.values_list("item__key", "explanation")
    return State(
        goals={key: goal(from_json(explanation)) for key, explanation in decided},
        flags=frozenset(Flag.objects.exclude(state="resolved").values_list("fingerprint", flat=True)),
    )


def issue(number: int, **values: object) -> Incoming:
    """One at GitHub."""
    own = {
        "tracker": GITHUB,
        "native_id": str(number),
        "container": "acme/web",
        "key": f"acme/web#{number}",
        "address": f"github:acme/web#{number}",
    }
    return made(number, **(own | values))


def scattered(dice: random.Random, now: datetime) -> tuple[list[Incoming], list[Incoming]]:
    """Work in both trackers; much of it points at work in the other."""

    def values(refs: list[str], above: list[str]) -> dict[str, object]:
        return {
            "kind": dice.choice(["epic", "story", "story", "task"]),
            "labels": tuple(dice.sample(LABELS, dice.choice([0, 0, 1, 2]))),
            "parent": dice.choice(["", "", *above]),
            "refs": tuple(Ref(dice.choice(["closes", "links"]), each, "body") for each in dice.sample(refs, 1)),
            "status_category": dice.choice(["todo", "in_progress", "in_progress", "done"]),
            "closed_at": now - timedelta(days=dice.randint(0, 9)),
        }

    keys, numbers = [f"jira:WEB-{n}" for n in range(1, 15)], [f"github:acme/web#{n}" for n in range(1, 15)]
    jira = [made(n, **values(numbers, keys[: n - 1][:1])) for n in range(1, 15)]
    github = [issue(n, **values(keys, numbers[: n - 1][:1])) for n in range(1, 15)]
    return jira, github
