"""A policy made ready for judging: rules compiled, accepted labels, fields and items indexed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from hashlib import blake2b

from connectors.item import Item
from rules.match import BadCondition, Matcher, Scope, compile_condition
from rules.match.errors import unknown
from rules.match.folding import fold
from rules.match.site import Sought
from rules.match.view import addresses
from rules.model import Evidence, Goal, Policy, Rule, Strength
from rules.trying import Attempts, CompiledRule


class Book:
    """Everything of a policy that judging looks up.

    :raises BadCondition: a condition does not compile, or a rule's goal is not in the strategy or of
        the wrong kind; the path starts at the policy: ``("rules", 3, "when", "label")``
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.goals: Mapping[str, Goal] = policy.strategy.by_id
        self.paths = {goal: policy.strategy.path(goal) for goal in self.goals}
        self.against = frozenset(goal.id for goal in policy.strategy.goals if goal.kind == "non_goal")
        """The non-goals: who serves one works against the strategy."""
        self._ways = {goal: frozenset(upper.id for upper in path) for goal, path in self.paths.items()}
        self.scope = Scope()
        self.needs_goal = _compile(("needs_goal",), policy.needs_goal, self.scope)
        self.rules = tuple(self._rule(index, rule) for index, rule in enumerate(policy.rules))
        self.scope.lexicon.build()
        self.attempts = Attempts(self.rules)
        self.sought = tuple(_once(self.scope.about_kin))
        self.order = {rule.id: index for index, rule in enumerate(policy.rules)}
        self.deciding = Attempts([rule for rule in self.rules if rule.decides])
        """Those of the rules of which links and exemptions come."""
        self.weakens = policy.checks.mode("catch_all") == "enforce"
        accepts = [(goal.id, goal.accepts) for goal in policy.strategy.goals]
        self._labels = _index((word, goal) for goal, accepted in accepts for word in accepted.labels)
        self._items = _index((word, goal) for goal, accepted in accepts for word in accepted.items)
        self._fields = _index(
            (word, goal.id) for goal in policy.strategy.goals for word in (*goal.accepts.fields, goal.id, goal.title)
        )
        self.digest = digest(policy)

    def _rule(self, index: int, rule: Rule) -> CompiledRule:
        self._check_target(index, rule)
        matcher = _compile(("rules", index, "when"), rule.when, self.scope)
        return CompiledRule(rule, matcher, Strength.TEXT_RULE if matcher.prose else Strength.LABEL_RULE)

    def _check_target(self, index: int, rule: Rule) -> None:
        if rule.action not in ("link", "non_goal"):
            return
        fitting = [goal.id for goal in self.goals.values() if (goal.kind == "non_goal") == (rule.action == "non_goal")]
        if rule.target not in fitting:
            what = rule.action.replace("link", "goal")
            raise BadCondition(("rules", index, rule.action), unknown(what, rule.target, fitting))

    def depth(self, goal: str) -> int:
        return len(self.paths[goal])

    def different_branches(self, one: str, other: str) -> bool:
        return one not in self._ways[other] and other not in self._ways[one]

    def explicit(self, item: Item) -> Iterable[Evidence]:
        """What people said about the item itself: a label, the goal field, its name in the strategy."""
        for label in item.labels:
            for goal in self._labels.get(fold(label), ()):
                yield Evidence(goal, Strength.EXPLICIT, "label", label, f"carries the label {label}")
        for value in item.goals:
            for goal in self._fields.get(fold(value.strip()), ()):
                yield Evidence(goal, Strength.EXPLICIT, "field", value, f"has {value} in its goal field")
        if self._items:
            for goal in dict.fromkeys(goal for name in addresses(item) for goal in self._items.get(name, ())):
                title = self.goals[goal].title
                yield Evidence(goal, Strength.EXPLICIT, "item", goal, f"is named by the strategy under “{title}”")


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
