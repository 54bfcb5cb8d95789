"""The policy in force: what the operator wrote, with goals that are kept in a tracker filled in."""

from dataclasses import replace
from uuid import UUID

import structlog

from config.files import Config
from rules.model import Policy, Strategy
from syncd.strategy.source import goals_from
from syncd.trackers import cases
from syncd.trackers.models import Item

log = structlog.get_logger(__name__)


def in_force(config: Config) -> Policy:
    """Strategy and rules as judgement works with them now.

    Rules for goals that a tracker does not hold (any more) rest until it does.
    """
    policy = config.policy()
    source = config.strategy.source
    if source is None:
        return policy
    pages = Item.objects.filter(tracker__name=source.tracker, container=str(UUID(source.data_source)), deleted_at=None)
    goals, complaints = goals_from(cases.one(page) for page in pages.values(*cases.COLUMNS))
    for complaint in complaints:
        log.warning("goal_unreadable", data_source=source.data_source, reason=complaint)
    kinds = {goal.id: goal.kind == "non_goal" for goal in goals}
    fitting = {"link": False, "non_goal": True}
    rules = [
        rule for rule in policy.rules if rule.action not in fitting or kinds.get(rule.target) == fitting[rule.action]
    ]
    return replace(policy, strategy=Strategy(policy.strategy.vision, goals), rules=tuple(rules))
