"""Flags about goals: how the work for each stands, what is wrong with it, and the flags brought up to date."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from rules.checks.goals import GoalFacts, GoalFinding
from rules.checks.goals import look as wrong
from rules.model import Policy
from syncd.review.causes import Cause
from syncd.review.flags import Reconciled, Told, Weight, reconcile
from syncd.review.marks import GOALS, instead
from syncd.review.models import Flag
from syncd.strategy.models import GoalUpdate
from syncd.trackers import bulk, health

AGAIN = timedelta(hours=1)
"""Time alone changes what is wrong with a goal, by the day; it is looked at as often."""
WEEK = 7 / 5
"""Days in a working day."""


@dataclass(slots=True)
class Work:
    """The items of one goal, or of all, by number and by points."""

    open: int = 0
    moving: int = 0
    done: int = 0
    estimated: int = 0
    points: float = 0.0

    @property
    def spent(self) -> int:
        """Items in progress or finished lately."""
        return self.moving + self.done

    def add(self, other: "Work") -> None:
        self.open += other.open
        self.moving += other.moving
        self.done += other.done
        self.estimated += other.estimated
        self.points += other.points


def look(policy: Policy, now: datetime) -> Reconciled:
    """Look at all goals, in a fixed number of queries, and open and resolve their flags.

    While a stream is stale nothing is: what is not known is neither work that moves nor work that does not.
    """
    instead(GOALS, now + AGAIN)
    if health.frozen(now):
        return Reconciled()
    facts = goal_facts(policy, now)
    found = {finding.fingerprint: finding for finding in wrong(facts, policy.checks, now)}
    known = Flag.objects.filter(item=None).exclude(goal="").exclude(state="resolved")
    gone = dict(known.exclude(fingerprint__in=found).values_list("fingerprint", "goal"))
    told: dict[str, Told | None] = dict.fromkeys(gone)
    told |= {fingerprint: _told(finding, policy) for fingerprint, finding in found.items()}
    weights = {
        name: Weight(int(not finding.held), finding.stake, int(bool(finding.held))) for name, finding in found.items()
    }
    in_force = {fact.goal.id for fact in facts if fact.in_force and fact.goal.status == "active"}
    why = {name: partial(_cause, goal, in_force) for name, goal in gone.items()}
    why |= {name: partial(_on_trial, finding.kind) for name, finding in found.items() if finding.held}
    return reconcile(told, weights, why, now)


def _told(finding: GoalFinding, policy: Policy) -> Told:
    return Told(
        rule=finding.kind,
        message=finding.message,
        fix=finding.fix,
        goal=finding.goal,
        owner=policy.strategy.by_id[finding.goal].owner[:255],
        detail=finding.detail,
    )


def _cause(goal: str, in_force: Collection[str], _: datetime) -> Cause:
    if goal in in_force:
        return Cause("the work or what was said about the goal changed, and it no longer applies", acted=True)
    return Cause("the goal changed: it is not in force any more", acted=True)


def _on_trial(kind: str, _: datetime) -> Cause:
    return Cause(f"the check {kind} is on trial")


def done_since(policy: Policy, now: datetime) -> datetime:
    """From when on finished work counts as finished lately."""
    return now - timedelta(days=policy.checks.starved_goal.days * WEEK)


def goal_facts(policy: Policy, now: datetime, own: Mapping[str, Work] | None = None) -> Sequence[GoalFacts]:
    """How the work for every goal stands, in the order of the strategy.

    :param own: goal -> the items whose primary goal it is; default: as it was decided
    """
    strategy = policy.strategy
    own = own if own is not None else _work(done_since(policy, now))
    every = Work()
    below: defaultdict[str, Work] = defaultdict(Work)
    for goal, work in own.items():
        every.add(work)
        for above in strategy.path(goal):
            below[above.id].add(work)
    effort = _effort(every)
    updates = dict(GoalUpdate.objects.values_list("goal").annotate(Max("made_at")).order_by())
    return [
        GoalFacts(
            goal=goal,
            moving=below[goal.id].moving,
            open=below[goal.id].open,
            done_recently=below[goal.id].done,
            effort=effort(below[goal.id]),
            effort_all=effort(every),
            last_update=updates[goal.id].date() if goal.id in updates else None,
            in_force=not any(upper.status in ("dropped", "paused") for upper in strategy.path(goal.id)[1:]),
        )
        for goal in strategy.goals
    ]


def _work(since: datetime) -> dict[str, Work]:
    """Goal -> the items whose primary goal it is; finished work counts from ``since`` on."""
    points = "json_extract(i.doc, '$.points')" if bulk.SQLITE else "(i.doc::json ->> 'points')::float"
    spent = "i.status_category = 'in_progress' OR (i.status_category = 'done' AND i.closed_at >= %s)"
    rows = bulk.fetch(
        f"""
        SELECT primary_goal, COUNT(*) - SUM(done), SUM(moving), SUM(done), COUNT(points), SUM(points) FROM (
            SELECT d.primary_goal,
                CASE WHEN i.status_category = 'done' THEN 1 ELSE 0 END AS done,
                CASE WHEN i.status_category = 'in_progress' THEN 1 ELSE 0 END AS moving,
                CASE WHEN {spent} THEN {points} END AS points
            FROM strategy_decision d
            JOIN trackers_item i ON i.id = d.item_id
            JOIN trackers_tracker t ON t.id = i.tracker_id
            WHERE d.primary_goal <> '' AND i.deleted_at IS NULL AND t.active
                AND (i.status_category IN ('todo', 'in_progress') OR {spent})
        ) AS work GROUP BY primary_goal
        """,  # noqa: S608 - conditions of ours
        [bulk.stamp(since)] * 2,
    )
    return {
        goal: Work(int(open_), int(moving), int(done), int(estimated), float(points or 0))
        for goal, open_, moving, done, estimated, points in rows
    }


def _effort(every: Work) -> Callable[[Work], float]:
    """How effort is counted: in points where most items have some (the others weigh like the mean), else in items."""
    if not every.estimated or 2 * every.estimated < every.spent:
        return lambda work: float(work.spent)
    mean = every.points / every.estimated
    return lambda work: work.points + (work.spent - work.estimated) * mean
