"""A product manager's desk: items come in, are judged by a policy at a moment, and become flags."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from connectors.item import Item as Incoming
from rules.engine import Judge
from rules.model import Accepts, Goal, Policy, Rule, Strategy
from syncd.review import store as review
from syncd.review import verdicts
from syncd.review.models import Finding, Flag, Verdict
from syncd.review.settling import Settled
from syncd.strategy import store as strategy
from syncd.strategy.models import StrategyVersion
from syncd.trackers import cases, due, store
from syncd.trackers.models import Item, Stream
from tests.trackers.conftest import made

ANA, OMAR = "ana@acme.example", "omar@acme.example"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

ACTIVATION = Goal(
    id="activation", kind="objective", title="Live in a day", accepts=Accepts(labels=("goal:activation",))
)
CLAIMS = Goal(id="claims", kind="objective", title="Claims accepted", accepts=Accepts(labels=("goal:claims",)))
DROPPED = Goal(id="app", kind="objective", title="An app", status="dropped", accepts=Accepts(labels=("goal:app",)))
DESKTOP = Goal(id="desktop", kind="non_goal", title="No desktop client", accepts=Accepts(labels=("desktop",)))
QUIET = dict.fromkeys(("starved_goal", "stale_goal", "over_share", "under_share", "missing_why", "blocked"), "off")


def policy(*rules: Rule, goals: tuple[Goal, ...] = (ACTIVATION, CLAIMS, DROPPED, DESKTOP), **values: Any) -> Policy:
    """A policy without the checks that look at more than what an item serves, unless ``modes`` names others."""
    made = Policy(Strategy("Clinics on day one", goals), rules, **values)
    return made if "checks" in values else replace(made, checks=replace(made.checks, modes=QUIET))


class Desk:
    """Takes the trackers' items and the clock, and judges as the worker does."""

    def __init__(self, stream: Stream, in_force: Policy) -> None:
        self.stream, self.now = stream, START
        self.settled = Settled()
        self.follow(in_force)

    def follow(self, in_force: Policy) -> None:
        """Another policy is in force; everything is due."""
        self.policy, self._judge = in_force, Judge(in_force)
        said = {"vision": in_force.strategy.vision, "goals": in_force.strategy.goals}
        self._version = StrategyVersion.objects.create(
            hash=self._judge.digest, strategy=orjson.loads(orjson.dumps(said)), rules={}, applied_at=self.now
        )
        due.mark_all()

    def wait(self, days: float) -> "Desk":
        self.now += days * DAY
        return self

    def put(self, *items: Incoming) -> "Desk":
        """Items as they are now; each change is later than the one before."""
        self.now += timedelta(minutes=1)
        store.upsert(self.stream, [replace(item, updated_at=self.now) for item in items], self.now)
        return self

    def judge(self, batch: int = 500) -> "Desk":
        """All that is due, then what settles by that, until nothing is due."""
        self.now += timedelta(minutes=1)
        self.settled = Settled()
        while True:
            while ids := due.take(batch):
                self._batch(ids)
            settled = review.settle(self.policy, self.now)
            self.settled.add(settled)
            self.settled.demoted |= settled.demoted
            self.settled.ended += settled.ended
            if not Item.objects.filter(due__isnull=False).exists():
                return self

    def _batch(self, ids: list[int]) -> None:
        found = cases.load(ids, verdicts.rulings)
        judgements = dict(zip(found, self._judge.judge(found.values(), self.now), strict=True))
        changed = strategy.record(self._version, judgements, self.now)
        due.mark_readers(changed)
        review.record(judgements, [id_ for id_ in ids if id_ not in found], self.now)

    def decide(self, flag: Flag, kind: str, author: str = ANA, **how: Any) -> Verdict:
        self.now += timedelta(minutes=1)
        return verdicts.decide(flag, kind, author, now=self.now, **how)

    def undo(self, verdict: Verdict, author: str = ANA) -> None:
        self.now += timedelta(minutes=1)
        verdicts.undo(verdict, author, self.now)


def orphans(count: int, first: int = 1, label: str = "import", **values: Any) -> list[Incoming]:
    """Stories without parent that are alike."""
    return [made(number, **{"labels": (label,)} | values) for number in range(first, first + count)]


def epic(number: int, *children: int, **values: Any) -> list[Incoming]:
    """An epic with stories below it."""
    below = [made(child, parent=f"jira:WEB-{number}", **values) for child in children]
    return [made(number, kind="epic", title=f"Epic {number}", **values), *below]


def queue() -> list[tuple[str, str, int]]:
    """The open flags: rule, what it is about, how many findings it clears."""
    flags = Flag.objects.filter(state="open").select_related("item").order_by("-clears", "id")
    return [
        (flag.rule, flag.item.key if flag.item else flag.goal or flag.detail["shape"]["word"], flag.clears)
        for flag in flags
    ]


def the_flag(**where: Any) -> Flag:
    return Flag.objects.get(**where)


def shown() -> int:
    """Findings that stand and are not held."""
    return Finding.objects.filter(held="").count()


Write = Callable[..., Desk]
