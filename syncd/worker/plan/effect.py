"""How far an edit reaches, in numbers: enough to decide whether it may take effect by itself."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from rules.model import Finding, Judgement, Policy
from syncd.worker.plan.replay import Replayed, live, replay

SAMPLE = 20_000
"""Items that are judged twice before an edit takes effect by itself, at most; of a larger store as many,
spread evenly. A quarter is then told from the truth within 0.7 points, 19 times of 20."""


@dataclass(slots=True)
class Effect:
    """What becomes of the items, in numbers. An item counts once, however much of it changes."""

    items: int
    """Live items in the store."""
    judged: int = 0
    """Of those, how many were looked at."""
    changed: int = 0
    """How many would have other links, or other flags shown about them, or would leave."""
    left: int = 0
    """How many would leave with their tracker."""
    linked: int = 0
    unlinked: int = 0
    moved: int = 0
    """Items that get a goal, lose theirs, and go from one to another."""
    raised: int = 0
    settled: int = 0
    """Findings about items that would be shown, and that would not be shown any more."""

    @property
    def share(self) -> float:
        """The part of what was looked at that changes, 0 to 1."""
        return self.changed / self.judged if self.judged else 0.0

    def add(self, one: Replayed) -> bool:
        """Count an item. :returns: whether it changes"""
        self.judged += 1
        before, after = one.before, one.after
        was, will_be = shown(before), shown(after)
        changed = one.leaves or links(before) != links(after) or was.keys() != will_be.keys()
        if not changed:
            return False
        self.changed += 1
        self.left += one.leaves
        if not one.leaves:
            self._count_goals(goal(before), goal(after))
        self.raised += len(will_be.keys() - was.keys())
        self.settled += len(was.keys() - will_be.keys())
        return True

    def _count_goals(self, was: str, will_be: str) -> None:
        if was != will_be:
            self.linked += not was
            self.unlinked += not will_be
            self.moved += bool(was and will_be)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "share": round(self.share, 4)}


def measure(before: Policy, after: Policy, now: datetime, leaving: Collection[str] = ()) -> Effect:
    """The effect of an edit on what is stored. Of a large store a part is looked at: see :data:`SAMPLE`.

    :param leaving: names of trackers that would be read no longer
    """
    effect = Effect(live())
    if not leaving and _judge_alike(before, after):
        effect.judged = effect.items
        return effect
    every = max(1, effect.items // SAMPLE)
    for one in replay(before, after, now, leaving=leaving, every=every):
        effect.add(one)
    return effect


def goal(judgement: Judgement) -> str:
    """The goal that the item serves first; empty if none."""
    return judgement.primary.goal if judgement.primary else ""


def links(judgement: Judgement) -> tuple[frozenset[str], frozenset[str], str, str]:
    """What a change of links is told by: goals, non-goals, the primary goal, the exemption."""
    goals = frozenset(link.goal for link in judgement.links)
    return goals, frozenset(link.goal for link in judgement.against), goal(judgement), judgement.exempt


def shown(judgement: Judgement) -> dict[str, Finding]:
    """Findings that become flags, by fingerprint: those that are not held."""
    return {finding.fingerprint: finding for finding in judgement.findings if not finding.held}


def _judge_alike(one: Policy, other: Policy) -> bool:
    """Whether nothing differs but what nobody judges by."""
    return _bare(one) == _bare(other)


def _bare(policy: Policy) -> Policy:
    rules = tuple(replace(rule, examples=()) for rule in policy.rules)
    return replace(policy, strategy=replace(policy.strategy, vision=""), rules=rules)
