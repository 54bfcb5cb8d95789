"""How every goal stands: one place for pages, command line and API. It reads tallies, and no items."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import Max
from pydantic import TypeAdapter

from connectors.item import OPEN
from rules.checks.goals import GoalFacts, GoalFinding
from rules.checks.goals import look as wrong
from rules.model import Checks, Goal, Policy, Strategy
from syncd.review.goals import Work, goal_facts
from syncd.strategy.health import Computed, Said, computed, said
from syncd.strategy.models import GoalUpdate, StrategyVersion, Tallied, Tally
from syncd.strategy.tally import reading
from syncd.strategy.tally.reading import Amount

WEEKS = 6
_GOALS, _CHECKS = TypeAdapter(tuple[Goal, ...]), TypeAdapter(Checks)


Sums = Sequence[tuple[tuple[Any, ...], Amount]]
"""Side, goal and status, and how much work that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A goal and all that is known of it. Work for the goals below it counts as work for it."""

    goal: Goal
    depth: int
    facts: GoalFacts
    """Of a non-goal: what is tied to it."""
    branch: tuple[str, ...]
    """Itself and the goals below."""
    share: float | None
    """Of the effort that serves any goal; None where there is too little to tell."""
    flags: int
    """Open, about it or about work for it."""
    computed: Computed
    said: Said | None
    weeks: tuple[int, ...]
    """Items that served it at the end of the last weeks, oldest first."""

    @property
    def differs(self) -> bool:
        """Whether work and metric say something else than its people said last."""
        return bool(self.said and self.computed.health and self.said.health != self.computed.health)


def in_force() -> tuple[Strategy, Checks]:
    """What is judged by now, without its rules; nothing before the first version."""
    columns = ("strategy", "rules__checks")
    newest: tuple[Any, Any] = StrategyVersion.objects.order_by("-id").values_list(*columns).first() or ({}, None)
    written, checks = newest
    strategy = Strategy(written.get("vision", ""), _GOALS.validate_json(orjson.dumps(written.get("goals", []))))
    return strategy, _CHECKS.validate_json(orjson.dumps(checks)) if checks else Checks()


def standings(strategy: Strategy, checks: Checks, now: datetime) -> list[Standing]:
    """Every goal as it stands, in the order of the tree, in a fixed number of queries."""
    tallied = reading.day_on()
    today = reading.sums(_days(tallied), ("side", "name", "status"), (Tally.GOAL, Tally.AGAINST, Tally.FLAGGED))
    policy = Policy(strategy, checks=checks)
    facts = {fact.goal.id: fact for fact in goal_facts(policy, now, _work(today, Tally.GOAL))}
    return list(_standings(strategy, checks, now, facts, tallied, today))


def _standings(
    strategy: Strategy,
    checks: Checks,
    now: datetime,
    facts: Mapping[str, GoalFacts],
    tallied: Tallied | None,
    today: Sums,
) -> Iterator[Standing]:
    found: defaultdict[str, list[GoalFinding]] = defaultdict(list)
    for finding in wrong(list(facts.values()), checks, now):
        found[finding.goal].append(finding)
    against, flags = _work(today, Tally.AGAINST), _flags(today)
    updates, weeks, branches = last_updates(), _weeks(tallied), branches_of(strategy)
    for goal, depth in strategy.walk():
        branch, fact = branches[goal.id], facts[goal.id]
        if goal.kind == "non_goal":
            fact = _tied(goal, against.get(goal.id, Work()))
        yield Standing(
            goal=goal,
            depth=depth,
            facts=fact,
            branch=branch,
            share=_share(fact, checks),
            flags=sum(flags.get(each, 0) for each in branch),
            computed=computed(fact, found[goal.id], now),
            said=said(updates[goal.id], now) if goal.id in updates else None,
            weeks=tuple(sum(week.get(each, 0) for each in branch) for week in weeks),
        )


def branches_of(strategy: Strategy) -> dict[str, tuple[str, ...]]:
    """Goal -> itself and all below, in the order of the tree."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for goal, _ in strategy.walk():
        for above in strategy.path(goal.id):
            below[above.id].append(goal.id)
    return {goal: tuple(ids) for goal, ids in below.items()}


def last_updates() -> dict[str, GoalUpdate]:
    """Goal -> what was said last about it, in one query."""
    last = GoalUpdate.objects.values("goal").annotate(last=Max("id")).values("last").order_by()
    return {update.goal: update for update in GoalUpdate.objects.filter(id__in=last)}


def _tied(goal: Goal, work: Work) -> GoalFacts:
    return GoalFacts(goal=goal, moving=work.moving, open=work.open, done_recently=work.done, effort=0, effort_all=0)


def _share(fact: GoalFacts, checks: Checks) -> float | None:
    enough = fact.effort_all >= max(checks.over_share.evidence, 1e-9)
    return fact.effort / fact.effort_all if enough and fact.goal.kind != "non_goal" else None


def _work(today: Sums, side: str) -> dict[str, Work]:
    """Goal -> its work on that day, as the checks on goals count it."""
    found: defaultdict[str, Work] = defaultdict(Work)
    for (on, name, status), amount in today:
        if on == side:
            found[name].add(_as_work(status, amount))
    return found


def _as_work(status: str, amount: Amount) -> Work:
    spent = status in reading.SPENT
    return Work(
        open=amount.items if status in OPEN else 0,
        moving=amount.items if status == "in_progress" else 0,
        done=amount.items if status == "done" else 0,
        estimated=amount.estimated if spent else 0,
        points=amount.points if spent else 0.0,
    )


def _flags(today: Sums) -> Counter[str]:
    found = Counter[str]()
    for (on, name, _), amount in today:
        if on == Tally.FLAGGED:
            found[name] += amount.items
    return found


def _weeks(tallied: Tallied | None) -> list[dict[str, int]]:
    """Goal -> items that served it, for each of the last weeks."""
    if tallied is None:
        return []
    days = [week.day for week in reading.weeks(tallied.day, WEEKS)]
    found: dict[date, dict[str, int]] = {day: {} for day in days}
    for (day, name), amount in reading.sums(days, ("day", "name"), (Tally.GOAL,)):
        found[day][name] = amount.items
    return list(found.values())


def _days(tallied: Tallied | None) -> list[date]:
    return [tallied.day] if tallied else []
