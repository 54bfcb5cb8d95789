"""The checks on goals: from how the work for each goal stands to what is wrong with the goal.

Only goals in force are looked at: active, in their period, none above them dropped or paused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from rules.calendar import add_working_days, midnight, spelled
from rules.model import Checks, Goal, Held

EXACT = 1e-9
"""Shares are binary fractions: 55 % is exactly 15 more than 40 to people only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFacts:
    """How the work for one goal stands. Work for the goals below it counts as work for it.

    Items count for their primary goal only, so that shares add up to one; finished work is
    counted for as long as ``done_recently`` says, exempt work and work against a goal not at all.
    """

    goal: Goal
    moving: int
    """Items in progress."""
    open: int
    """Items to do or in progress."""
    done_recently: int
    """Items finished within the last ``starved_goal.days`` working days."""
    effort: float
    """Spent on it: points where the team uses them, else items; in progress or finished recently."""
    effort_all: float
    """The same for all goals together."""
    last_update: date | None = None
    """The day of the last update that its owner wrote in syncd."""
    in_force: bool = True
    """False where a goal above it is dropped or paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFinding:
    """Something wrong with a goal. Together with the goal, ``kind`` makes one flag."""

    kind: str
    goal: str
    message: str
    fix: str
    stake: float
    """The work at stake, in items: see ``rules.severity``."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """The figures that it rests on, as plain values."""
    held: Held = ""
    """``monitor`` where the check is on trial."""

    @property
    def fingerprint(self) -> str:
        return f"{self.kind}||{self.goal}"


def look(facts: Sequence[GoalFacts], checks: Checks, now: datetime) -> tuple[GoalFinding, ...]:
    """What is wrong with the goals, in their order. ``now`` is aware."""
    return tuple(_look(facts, checks, now))


def _look(facts: Sequence[GoalFacts], checks: Checks, now: datetime) -> Iterator[GoalFinding]:
    for fact in facts:
        if not _is_on(fact, now.date()):
            continue
        for kind, check in _CHECKS.items():
            mode = checks.mode(kind)
            if mode != "off" and (finding := check(fact, checks, now)):
                yield finding if mode == "enforce" else replace(finding, held="monitor")


def _is_on(fact: GoalFacts, today: date) -> bool:
    goal = fact.goal
    begun = not goal.starts or goal.starts <= today
    over = goal.ends and goal.ends < today
    return fact.in_force and goal.status == "active" and goal.kind != "non_goal" and begun and not over


def starved(fact: GoalFacts, checks: Checks, now: datetime) -> GoalFinding | None:
    """No work moves: none in progress, none finished lately. A period that has just begun gets its start."""
    goal, days = fact.goal, checks.starved_goal.days
    if fact.moving or fact.done_recently:
        return None
    if goal.starts and now < add_working_days(midnight(goal.starts), days):
        return None
    waiting = f"{fact.open} {'item waits' if fact.open == 1 else 'items wait'}" if fact.open else "none is planned"
    return GoalFinding(
        kind="starved_goal",
        goal=goal.id,
        message=f"No work for “{goal.title}” has moved in {days} working days: {waiting}",
        fix="Start work for it, or say that it is paused or dropped: set its status in the strategy.",
        stake=float(max(fact.open, 1)),
        detail={"open": fact.open, "days": days},
    )


def over_share(fact: GoalFacts, checks: Checks, _: datetime) -> GoalFinding | None:
    limit, actual = checks.over_share, _actual(fact, checks.over_share.evidence)
    wanted = fact.goal.share
    if actual is None or wanted is None or actual - wanted <= limit.tolerance + EXACT:
        return None
    return _share("over_share", fact, actual, wanted, "Move people to the goals that get too little, or intend more")


def under_share(fact: GoalFacts, checks: Checks, _: datetime) -> GoalFinding | None:
    """A goal that gets nothing at all is told by ``starved_goal``."""
    limit, actual = checks.under_share, _actual(fact, checks.under_share.evidence)
    wanted = fact.goal.share
    if not actual or wanted is None or wanted - actual <= limit.tolerance + EXACT:
        return None
    return _share("under_share", fact, actual, wanted, "Put more people on it, or intend less")


def _actual(fact: GoalFacts, evidence: float) -> float | None:
    """The share of effort that it gets; None where there is too little work to tell."""
    enough = fact.effort_all > 0 and fact.effort_all >= evidence
    return fact.effort / fact.effort_all if enough else None


def _share(kind: str, fact: GoalFacts, actual: float, wanted: float, remedy: str) -> GoalFinding:
    goal = fact.goal
    return GoalFinding(
        kind=kind,
        goal=goal.id,
        message=f"“{goal.title}” gets {100 * actual:.0f} % of the effort, and was to get {100 * wanted:.0f} %",
        fix=f"{remedy}: its share stands in the strategy.",
        stake=abs(actual - wanted) * fact.effort_all,
        detail={"actual": round(actual, 4), "intended": wanted, "effort": fact.effort, "effort_all": fact.effort_all},
    )


def stale(fact: GoalFacts, checks: Checks, now: datetime) -> GoalFinding | None:
    """Its owner has said nothing: neither a new figure for its outcome nor an update. A period that has just
    begun needs none yet. Where nothing tells when it began, nothing is said. Themes are not reported on."""
    goal, days = fact.goal, checks.stale_goal.days
    measured = goal.outcome.as_of if goal.outcome else None
    told = [day for day in (fact.last_update, measured) if day]
    since = max([*told, goal.starts] if goal.starts else told, default=None)
    if goal.kind == "theme" or since is None or now < midnight(since + timedelta(days=days)):
        return None
    last = f"last on {spelled(max(told))}" if told else "never yet"
    return GoalFinding(
        kind="stale_goal",
        goal=goal.id,
        message=f"Nobody has said how “{goal.title}” is doing, {last}",
        fix=f"{goal.owner or 'Its owner'} writes an update, or a current figure with its date (outcome.as_of).",
        stake=float(max(fact.open, 1)),
        detail={"last": max(told).isoformat() if told else None, "days": days},
    )


_CHECKS: Mapping[str, Callable[[GoalFacts, Checks, datetime], GoalFinding | None]] = {
    "starved_goal": starved,
    "over_share": over_share,
    "under_share": under_share,
    "stale_goal": stale,
}
