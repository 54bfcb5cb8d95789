"""Rules mined from what people say serves which goal, as it is stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from connectors.item import Item as Incoming
from rules.match import compile_condition
from rules.match.folding import fold
from rules.mine import NEVER, Mined, mine
from rules.model import Case, Policy, Rule
from syncd.strategy import suggestions

MOST = 2_000
"""Accepted links of one goal that are looked at, the newest: more do not make a rule surer."""


def mined(policy: Policy, sure: float) -> tuple[int, list[Mined]]:
    """How many accepted links were looked at, and the rules that explain them and are not there yet.

    Labels that goals accept say nothing new: they are taken off the items before.
    """
    wrong = suggestions.mistaken()
    goals = [goal.id for goal in policy.strategy.goals if goal.kind != "non_goal"]
    rows = {goal: suggestions.accepted_for(goal, MOST, wrong) for goal in goals}
    items = suggestions.texts({item for found in rows.values() for item in found})
    links = [(items[row].id, goal) for goal, found in rows.items() for row in found if row in items]
    told = {fold(label) for goal in policy.strategy.goals for label in goal.accepts.labels}
    bare = [_without(item, told) for item in items.values()]
    there = [_Matching.of(rule, bare) for rule in policy.rules if rule.action == "link"]
    found = [each for each in mine(links, bare, sure=sure) if not any(map(_Matching.of(each.rule, bare).within, there))]
    return len(links), found


class _Matching(NamedTuple):
    """Where a rule leads, and which of the items it matches."""

    goal: str
    items: frozenset[str]

    @classmethod
    def of(cls, rule: Rule, items: Sequence[Incoming]) -> "_Matching":
        matcher = compile_condition(rule.when)
        return cls(rule.target, frozenset(item.id for item in items if matcher(Case(item), NEVER)))

    def within(self, other: "_Matching") -> bool:
        """Whether the other rule says as much already."""
        return self.goal == other.goal and self.items <= other.items


def _without(item: Incoming, labels: set[str]) -> Incoming:
    return replace(item, labels=tuple(label for label in item.labels if fold(label) not in labels))
