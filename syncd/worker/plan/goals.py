"""The checks on goals, on both sides: the work for each goal counted as it would stand."""

from collections import defaultdict
from datetime import datetime

from connectors.item import OPEN, Item
from rules.checks.goals import look
from rules.model import Policy
from syncd.review.goals import Work, done_since, goal_facts
from syncd.worker.plan.flags import AFTER, BEFORE, SIDES, Flags
from syncd.worker.plan.replay import Replayed


class GoalTally:
    """Work by primary goal, before and after."""

    def __init__(self, before: Policy, after: Policy, now: datetime) -> None:
        self._policies, self._now = (before, after), now
        self._since = tuple(done_since(policy, now) for policy in self._policies)
        self._work: tuple[defaultdict[str, Work], ...] = (defaultdict(Work), defaultdict(Work))

    def add(self, one: Replayed) -> None:
        for side, judgement in ((BEFORE, one.before), (AFTER, one.after)):
            if judgement.primary:
                self._work[side][judgement.primary.goal].add(_work(one.case.item, self._since[side]))

    def tell(self, flags: Flags) -> None:
        """Put what is wrong with the goals of each side among its findings."""
        for side in SIDES:
            policy = self._policies[side]
            for finding in look(goal_facts(policy, self._now, self._work[side]), policy.checks, self._now):
                flags.add_goal(finding, policy.strategy.by_id[finding.goal].owner, side)


def _work(item: Item, since: datetime) -> Work:
    """One item, as the database counts it in ``syncd.review.goals``."""
    moving = item.status_category == "in_progress"
    done = item.status_category == "done" and item.closed_at is not None and item.closed_at >= since
    estimated = (moving or done) and item.points is not None
    return Work(
        open=int(item.status_category in OPEN),
        moving=int(moving),
        done=int(done),
        estimated=int(estimated),
        points=item.points or 0.0 if estimated else 0.0,
    )
