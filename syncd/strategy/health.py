"""How a goal is doing: as its people say, and as its work and its metric say. The two may differ, and both are shown.

Computed, by what is worst of: no work moves → off track; its share of effort is too far from what was meant → at risk; its
metric has come less than three quarters of the way that the period has → at risk, less than half → off track. What was meant
and what is too far are the checks' (``rules.checks.goals``), so that flags and health never contradict each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.checks.goals import GoalFacts, GoalFinding
from rules.model import Goal
from syncd.strategy.models import GoalUpdate

ON_TRACK, AT_RISK, OFF_TRACK = GoalUpdate.HEALTH
FRESH_FOR = timedelta(days=14)
"""After a fortnight without a word, what was said last is told in gray: it was true then."""
EARLY = 0.2
"""Of the period; before that a metric that has not moved yet says nothing."""
ON_PACE, FAR_BEHIND = 0.75, 0.5
"""Way that the metric has come, by the way that the period has: slower is at risk, off track."""


@dataclass(frozen=True, slots=True)
class Computed:
    """``health``: a word of :class:`GoalUpdate`; empty where nothing can be told. ``reasons``: clauses about the goal."""

    health: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What its people said last."""

    health: str
    text: str
    author: str
    made_at: datetime
    stale: bool
    """Whether it is too long ago to be taken for now."""


def computed(fact: GoalFacts, findings: Sequence[GoalFinding], now: datetime) -> Computed:
    """Of a goal in force; of others nothing is told.

    :param findings: what the checks find about it, those on trial as well
    """
    if not is_on(fact, now.date()):
        return Computed("", ())
    found = [*_by_work(findings), *_by_metric(fact.goal, now.date())]
    for worst in (OFF_TRACK, AT_RISK):
        if any(health == worst for health, _ in found):
            return Computed(worst, tuple(reason for health, reason in found if health != ON_TRACK))
    if fact.moving or fact.done_recently:
        moving = f"{fact.moving:,} in progress, {fact.done_recently:,} finished lately"
        found.append((ON_TRACK, f"work for it moves: {moving}"))
    return Computed(ON_TRACK if found else "", tuple(reason for _, reason in found))


def said(update: GoalUpdate, now: datetime) -> Said:
    stale = now - update.made_at > FRESH_FOR
    return Said(update.health, update.text, update.author, update.made_at, stale)


def is_on(fact: GoalFacts, today: date) -> bool:
    """Whether the goal is one that work is done for today."""
    goal = fact.goal
    begun = not goal.starts or goal.starts <= today
    over = goal.ends is not None and goal.ends < today
    return fact.in_force and goal.status == "active" and goal.kind != "non_goal" and begun and not over


def way(goal: Goal) -> float | None:
    """How far its metric has come from the baseline to the target; below 0 where it went the other way."""
    outcome = goal.outcome
    if outcome is None or outcome.baseline is None or outcome.target is None or outcome.current is None:
        return None
    whole = outcome.target - outcome.baseline
    return (outcome.current - outcome.baseline) / whole if whole else None


def _by_work(findings: Sequence[GoalFinding]) -> Iterator[tuple[str, str]]:
    for finding in findings:
        if finding.kind == "starved_goal":
            yield OFF_TRACK, f"no work for it has moved in {finding.detail['days']} working days"
        if finding.kind in ("over_share", "under_share"):
            actual, wanted = finding.detail["actual"], finding.detail["intended"]
            yield AT_RISK, f"it gets {100 * actual:.0f} % of the effort, and was to get {100 * wanted:.0f} %"


def _by_metric(goal: Goal, today: date) -> Iterator[tuple[str, str]]:
    """A metric is compared with the day it was measured on."""
    come, gone = way(goal), _elapsed(goal, today)
    if come is None or gone is None or gone < EARLY:
        return
    pace = come / gone
    health = ON_TRACK if pace >= ON_PACE else AT_RISK if pace >= FAR_BEHIND else OFF_TRACK
    then = "was over when it was measured" if goal.outcome and goal.outcome.as_of else "is over"
    yield (
        health,
        f"its metric has come {100 * max(come, 0):.0f} % of the way, and {100 * gone:.0f} % of its time {then}",
    )


def _elapsed(goal: Goal, today: date) -> float | None:
    if goal.starts is None or goal.ends is None or goal.ends <= goal.starts:
        return None
    measured = goal.outcome.as_of if goal.outcome and goal.outcome.as_of else today
    return min(1.0, max(0.0, (measured - goal.starts) / (goal.ends - goal.starts)))
