"""What an edit of strategy, rules or checks can touch, so that nothing else is judged anew.

Rules are compared one by one, by what judges in them: the action, its target, the condition, the mode. A
rule's ``because`` is quoted by what its flags say and by nothing else, so it counts only for ``flag``.
Examples and comments touch nothing. Goals are compared by what links and findings read of them: not by
owner, figures or shares.

The answer is for items themselves. What reads from an item that comes out otherwise follows by ``own``, as
after any other change.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from connectors.item import OPEN
from rules.book import Book
from rules.match import View, flips
from rules.match.clause import Clause
from rules.match.site import Sought
from rules.model import Case, Checks, Goal, Policy, Rule, Strategy


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an edit: the changed rules alone, compiled, and what of the rest is to be compared."""

    book: Book
    clauses: tuple[Clause, ...]
    """Conditions that touch whatever they match or may come to match."""

    def fits(self, view: View, now: datetime) -> bool:
        return any(clause.test(view, now) is not False or flips(clause, view, now, False) for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Reach:
    """The items that an edit can touch: everything, or all of which one of the following is true.

    It is linked to one of ``goals`` or flagged about one; it has findings, if ``findings``; ``touches``
    says so, which is worth asking only if ``scans``.
    """

    everything: bool = False
    goals: frozenset[str] = frozenset()
    findings: bool = False
    scans: bool = False
    open: bool = False
    """Whether every item in open work is touched, and every parent: thresholds of checks changed."""
    sides: tuple[Side, ...] = ()
    needs: bool = False
    """Whether ``needs_goal`` is compared."""

    def touches(self, case: Case, now: datetime) -> bool:
        """Whether the edit can touch the case's item itself. References of the case are not looked at."""
        item = case.item
        if self.everything or (self.open and (item.status_category in OPEN or item.id in case.crowds)):
            return True
        if any(ruling.target in self.goals for ruling in case.rulings.get(item.id, ())):
            return True
        views = [View.of(case, side.book.scope.lexicon) for side in self.sides]
        if any(side.fits(view, now) for side, view in zip(self.sides, views, strict=True)):
            return True
        return self._explicitly(case) or (self.needs and self._needs(views, now))

    def _explicitly(self, case: Case) -> bool:
        """Whether people tied the item to a goal that changed, or that now accepts other words."""
        if not self.goals:
            return False
        said = [set(side.book.explicit(case.item)) for side in self.sides]
        return said[0] != said[1] or any(each.piece.goal in self.goals for each in said[0])

    def _needs(self, views: Iterable[View], now: datetime) -> bool:
        clauses = [side.book.needs_goal.clause for side in self.sides]
        answers = [clause.test(view, now) for clause, view in zip(clauses, views, strict=True)]
        return answers[0] is not answers[1] or any(clause.moments for clause in clauses)


def reach(old: Policy, new: Policy) -> Reach:
    """What the edit from one policy to the other can touch.

    :raises BadCondition: see ``rules.book.Book``
    """
    changed = _changed_rules(old.rules, new.rules)
    goals = _changed_goals(old.strategy, new.strategy)
    needs = old.needs_goal != new.needs_goal
    books = [_book(policy, changed) for policy in (old, new)]
    whole = [_sought(Book(policy)) for policy in (old, new)] if any(book.sought for book in books) else [{}, {}]
    otherwise = {key for key in whole[0].keys() | whole[1].keys() if _negated(whole[0], key) != _negated(whole[1], key)}
    if _for_everyone(whole, otherwise):
        return Reach(everything=True)
    sides = tuple(_side(book, otherwise) for book in books)
    held, judged = _changed_checks(old, new)
    return Reach(
        goals=goals,
        findings=held or judged or _wording(old.strategy) != _wording(new.strategy),
        scans=bool(changed or goals or needs or judged),
        open=judged,
        sides=sides,
        needs=needs,
    )


# Rules


def _changed_rules(old: Iterable[Rule], new: Iterable[Rule]) -> Collection[str]:
    """Ids of the rules that judge otherwise, are on one side alone, or have moved among the others."""
    before, after = {rule.id: _judging(rule) for rule in old}, {rule.id: _judging(rule) for rule in new}
    same = [id_ for id_ in before if before[id_] == after.get(id_)]
    kept = _in_order(same, {id_: place for place, id_ in enumerate(after)})
    return (before.keys() | after.keys()) - kept


def _judging(rule: Rule) -> str:
    """All of a rule that judgements depend on."""
    because = rule.because if rule.action == "flag" else ""
    return json.dumps([rule.action, rule.target, rule.when, rule.mode, because], sort_keys=True, default=str)


Chain = tuple[str, "Chain | None"]
"""A rule's id, and the chain of those before it."""


def _in_order(ids: Iterable[str], places: Mapping[str, int]) -> set[str]:
    """The most of the ids that stand in the same order at their places (longest increasing subsequence)."""
    ends: list[int] = []
    chains: list[Chain] = []
    for id_ in ids:
        at = bisect_left(ends, places[id_])
        ends[at : at + 1], chains[at : at + 1] = [places[id_]], [(id_, chains[at - 1] if at else None)]
    kept, chain = set(), chains[-1] if chains else None
    while chain:
        id_, chain = chain
        kept.add(id_)
    return kept


def _book(policy: Policy, changed: Collection[str]) -> Book:
    return Book(replace(policy, rules=tuple(rule for rule in policy.rules if rule.id in changed)))


def _side(book: Book, otherwise: Collection[str]) -> Side:
    """Besides the rules themselves: what those below no longer look for in an item, or only now."""
    rules = tuple(rule.matcher.clause for rule in book.rules)
    return Side(book, (*rules, *(one.clause for one in book.sought if one.key in otherwise)))


# Conditions on parents


def _sought(book: Book) -> dict[str, Sought]:
    return {one.key: one for one in book.sought}


def _negated(sought: Mapping[str, Sought], key: str) -> bool | None:
    """None where nobody looks for it."""
    return sought[key].negated if key in sought else None


def _for_everyone(sides: list[dict[str, Sought]], otherwise: Collection[str]) -> bool:
    """Whether each item is read otherwise than before: the first condition on parents comes or the last
    goes, or one that is quoted also where it does not hold."""
    old, new = sides
    return bool(old) != bool(new) or any(_negated(old, key) or _negated(new, key) for key in otherwise)


# Goals


def _changed_goals(old: Strategy, new: Strategy) -> frozenset[str]:
    """The goals that are read otherwise, on one side alone, or below one of these."""
    facts = [{goal.id: _read(goal) for goal in strategy.goals} for strategy in (old, new)]
    changed = {id_ for id_ in facts[0].keys() | facts[1].keys() if facts[0].get(id_) != facts[1].get(id_)}
    return frozenset(
        id_ for strategy in (old, new) for id_ in strategy.by_id if changed & {goal.id for goal in strategy.path(id_)}
    )


def _read(goal: Goal) -> tuple[object, ...]:
    """All of a goal that links and findings depend on. A ``why`` or an outcome counts by being there."""
    return (*_state(goal), goal.title, astuple(goal.accepts), bool(goal.why), bool(goal.outcome))


def _wording(strategy: Strategy) -> list[tuple[object, ...]]:
    """What fixes advise: the labels of the goals in force, in the order of the file."""
    return [(*_state(goal), goal.accepts.labels) for goal in strategy.goals]


def _state(goal: Goal) -> tuple[object, ...]:
    return (goal.id, goal.kind, goal.parent, goal.status, goal.starts, goal.ends)


# Checks

READ_BY_OTHERS = frozenset(("catch_all", "orphan_pr"))
"""Checks whose mode changes more than how their own findings are shown: links, or what another check says."""


def _changed_checks(old: Policy, new: Policy) -> tuple[bool, bool]:
    """Whether findings are held otherwise, and whether others come out."""
    if (old.grace_days, old.baseline) != (new.grace_days, new.baseline):
        return True, True
    names = old.checks.modes.keys() | new.checks.modes.keys()
    modes = [(name, old.checks.mode(name), new.checks.mode(name)) for name in names]
    moved = [(name, {before, after}) for name, before, after in modes if before != after]
    other = any("off" in both or name in READ_BY_OTHERS for name, both in moved)
    return bool(moved), other or _thresholds(old.checks) != _thresholds(new.checks)


def _thresholds(checks: Checks) -> Checks:
    return replace(checks, modes={})
