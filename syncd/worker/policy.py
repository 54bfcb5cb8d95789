"""The policy in force: what the operator wrote, with goals that are kept in a tracker filled in."""

from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from django.utils import timezone

from config.files import Config
from rules.book import digest
from rules.model import Policy, Strategy
from syncd.strategy import store
from syncd.strategy.models import StrategyVersion
from syncd.strategy.source import goals_from
from syncd.trackers import cases
from syncd.trackers.models import Item

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """What is judged by, and what was until now where that changed just now."""

    policy: Policy
    version: StrategyVersion
    before: Policy | None = None
    """The policy in force until now, where it is another one and known."""
    changed: bool = False
    """Whether ``version`` is a new one. Where ``before`` is not known then, everything is to be judged anew."""


def in_force(config: Config) -> InForce:
    """The version to judge by; made now where what the operator wrote takes effect.

    To be called in the transaction that marks as due what the change touches (``syncd.trackers.writing``):
    nobody is then left with a new version and old judgements.
    """
    policy = current(config)
    version, made = store.in_force(digest(policy), policy, timezone.now())
    return InForce(policy, version, None, made)


def current(config: Config) -> Policy:
    """Strategy and rules as they are now, for those who only read.

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
