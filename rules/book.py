"""A policy made ready for judging: rules compiled, accepted labels, fields and items indexed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from connectors.item import Item
from rules.match import BadCondition, Matcher, Scope, compile_condition
from rules.match.errors import unknown
from rules.match.folding import fold
from rules.match.site import Sought
from rules.match.view import addresses
from rules.model import Evidence, Goal, Policy, Rule, Strength
from rules.placing import Placed, placed
from rules.trying import Attempts, CompiledRule

KEPT = 1_024
"""Labels, values of the goal field and sets of goals of which it is kept what they say: the same few come again
and again."""


class Book:
    """Everything of a policy that judging looks up.

    :raises BadCondition: a condition does not compile, or a rule's goal is not in the strategy or of
        the wrong kind; the path starts at the policy: ``("rules", 3, "when", "label")``
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.goals: Mapping[str, Goal] = policy.strategy.by_id
        self.paths = {goal: policy.strategy.path(goal) for goal in self.goals}
        self.depths = {goal: len(path) for goal, path in self.paths.items()}
        self.against = frozenset(goal.id for goal in policy.strategy.goals if goal.kind == "non_goal")
        """The non-goals: who serves one works against the strategy."""
        self._ways = {goal: frozenset(upper.id for upper in path) for goal, path in self.paths.items()}
        self.scope = Scope()
        self.needs_goal = _compile(("needs_goal",), policy.needs_goal, self.scope)
        self.rules = tuple(self._rule(index, rule) for index, rule in enumerate(policy.rules))
        self.scope.lexicon.build()
        self.attempts = Attempts(self.rules)
        self.sought = tuple(_once(self.scope.about_kin))
        self.deciding = Attempts([rule for rule in self.rules if rule.decides])
        """Those of the rules of which links and exemptions come."""
        self.weakens = policy.checks.mode("catch_all") == "enforce"
        accepts = [(goal.id, goal.accepts) for goal in policy.strategy.goals]
        self._labels = _index((word, goal) for goal, accepted in accepts for word in accepted.labels)
        self._items = _index((word, goal) for goal, accepted in accepts for word in accepted.items)
        self._fields = _index(
            (word, goal.id) for goal in policy.strategy.goals for word in (*goal.accepts.fields, goal.id, goal.title)
        )
        self.apart = lru_cache(KEPT)(self._apart)
        self._by_label, self._by_field = lru_cache(KEPT)(self._labelled), lru_cache(KEPT)(self._in_field)
        self.digest = digest(policy)

    def _rule(self, index: int, rule: Rule) -> CompiledRule:
        self._check_target(index, rule)
        matcher = _compile(("rules", index, "when"), rule.when, self.scope)
        return CompiledRule(rule, index, matcher, Strength.TEXT_RULE if matcher.prose else Strength.LABEL_RULE)

    def _check_target(self, index: int, rule: Rule) -> None:
        if rule.action not in ("link", "non_goal"):
            return
        fitting = [goal.id for goal in self.goals.values() if (goal.kind == "non_goal") == (rule.action == "non_goal")]
        if rule.target not in fitting:
            what = rule.action.replace("link", "goal")
            raise BadCondition(("rules", index, rule.action), unknown(what, rule.target, fitting))

    def _apart(self, goals: tuple[str, ...]) -> frozenset[str]:
        """Those of the goals that are on another branch than some other of them."""
        ways = self._ways
        pairs = [
            (one, other) for one, other in combinations(goals, 2) if not (one in ways[other] or other in ways[one])
        ]
        return frozenset(goal for pair in pairs for goal in pair)

    def explicit(self, item: Item) -> list[Placed]:
        """What people said about the item itself, each once: a label, the goal field, its name in the strategy."""
        said = [each for label in dict.fromkeys(item.labels) for each in self._by_label(label)]
        if item.goals:
            said += [each for value in dict.fromkeys(item.goals) for each in self._by_field(value)]
        if self._items:
            said += self._by_name(item)
        return said

    def _labelled(self, label: str) -> tuple[Placed, ...]:
        detail = f"carries the label {label}"
        goals = self._labels.get(fold(label), ())
        return tuple(placed(Evidence(goal, Strength.EXPLICIT, "label", label, detail)) for goal in goals)

    def _in_field(self, value: str) -> tuple[Placed, ...]:
        detail = f"has {value} in its goal field"
        goals = self._fields.get(fold(value.strip()), ())
        return tuple(placed(Evidence(goal, Strength.EXPLICIT, "field", value, detail)) for goal in goals)

    def _by_name(self, item: Item) -> Iterator[Placed]:
        for goal in dict.fromkeys(goal for name in addresses(item) for goal in self._items.get(name, ())):
            title = self.goals[goal].title
            yield placed(Evidence(goal, Strength.EXPLICIT, "item", goal, f"is named by the strategy under “{title}”"))


def _compile(path: tuple[str | int, ...], when: Mapping[str, object], scope: Scope) -> Matcher:
    try:
        return compile_condition(when, scope)
    except BadCondition as error:
        raise BadCondition((*path, *error.path), error.message) from None


def _once(sought: Iterable[Sought]) -> Iterator[Sought]:
    """What is sought above, each once in an order of its own: rules may come and go around it."""
    each: dict[str, Sought] = {}
    for one in sought:
        if one.negated or one.key not in each:
            each[one.key] = one
    return iter(sorted(each.values(), key=lambda one: one.key))


def _index(entries: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Folded word -> the goals that accept it, each once, in their order."""
    index: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for word, goal in entries:
        index[fold(word.strip())][goal] = None
    return {word: tuple(goals) for word, goals in index.items()}


def digest(policy: Policy) -> str:
    """Equal for policies that judge alike: what nobody judges by (owners, figures, examples) is left out."""
    goals = [
        [
            *(goal.id, goal.kind, goal.title, goal.parent, goal.status, goal.starts, goal.ends),
            *(asdict(goal.accepts), bool(goal.why), bool(goal.outcome)),
        ]
        for goal in policy.strategy.goals
    ]
    rules = [(rule.id, rule.action, rule.target, rule.mode, rule.because, rule.when) for rule in policy.rules]
    flags = (policy.grace_days, policy.baseline, asdict(policy.checks))
    facts = json.dumps([goals, rules, policy.needs_goal, flags], sort_keys=True, default=str)
    return blake2b(facts.encode(), digest_size=16).hexdigest()
