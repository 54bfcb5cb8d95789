"""Rules tried on an item: those that match or cannot be told, in words, and what comes of that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from rules.match import Matcher, View, flips
from rules.match.clause import Answer, Clause, Say, Test
from rules.model import Evidence, Rule, Strength, Trial
from rules.standing import NOT_EXEMPT, Exemption

CACHED = 4_096
"""Outcomes of one rule set that are kept: most items match a rule in the same few words."""

Raised = tuple[Rule, str]
"""A rule with ``flag: KIND`` that matches, and what matched, in words."""


class Outcome(NamedTuple):
    """What comes of a rule that matches an item, or of which it cannot be told. At most one besides the trial."""

    trial: Trial
    evidence: Evidence | None = None
    exemption: Exemption | None = None
    raised: Raised | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its matcher, and how much its word counts."""

    rule: Rule
    matcher: Matcher
    strength: Strength

    @property
    def clause(self) -> Clause:
        return self.matcher.clause

    @property
    def decides(self) -> bool:
        """Whether links or exemptions come of it."""
        return self.rule.mode == "enforce" and self.rule.action != "flag"

    def outcome(self, matched: Answer, because: str) -> Outcome:
        """What comes of it, given the answer and its words."""
        rule, trial = self.rule, Trial(self.rule.id, matched, because)
        if matched and rule.action == "flag":
            return Outcome(trial, raised=(rule, because))  # on trial it is counted, and not shown
        if not matched or rule.mode != "enforce":
            return Outcome(trial)
        detail = f"matches the rule {rule.id}: {because}"
        if rule.action == "exempt":
            return Outcome(trial, exemption=Exemption(rule.target, detail))
        return Outcome(trial, evidence=Evidence(rule.target, self.strength, "rule", rule.id, detail))


class Attempt(NamedTuple):
    """A rule as it is tried."""

    test: Test
    say: Say
    outcome: Callable[[Answer, str], Outcome]
    """That of the rule, kept."""
    timed: Clause | None
    """Its clause, where that looks at the time."""


def attempts(rules: Sequence[CompiledRule]) -> tuple[Attempt, ...]:
    """The rules, ready to be tried in their order."""

    @lru_cache(maxsize=CACHED)
    def outcome(index: int, matched: Answer, because: str) -> Outcome:
        return rules[index].outcome(matched, because)

    def attempt(index: int, clause: Clause) -> Attempt:
        return Attempt(clause.test, clause.say, partial(outcome, index), clause if clause.moments else None)

    return tuple(attempt(index, rule.clause) for index, rule in enumerate(rules))


class Tried(NamedTuple):
    """How an item fares with some rules. Of several exemptions the first counts."""

    trials: list[Trial]
    evidence: list[Evidence]
    exemption: Exemption
    raised: list[Raised]
    turns: list[datetime | None]
    """When the rules that look at the time answer otherwise, or in other words."""


def tried(attempts: Iterable[Attempt], view: View, now: datetime, evidence: Iterable[Evidence]) -> Tried:
    """Every rule tried.

    :param evidence: what people said about the item itself, which comes before what its rules say
    """
    trials: list[Trial] = []
    pieces, exemption = [*evidence], NOT_EXEMPT
    raised: list[Raised] = []
    turns: list[datetime | None] = []
    for test, say, outcome, timed in attempts:
        if timed and timed.shut and timed.shut(view, now):
            continue  # it does not match, now or ever
        matched = test(view, now)
        if timed:
            turns.append(flips(timed, view, now, matched))
        if matched is False:
            continue  # in words only for somebody who asks: most rules do not match most items
        come = outcome(matched, say(view, now, matched))
        trials.append(come.trial)
        if come.evidence:
            pieces.append(come.evidence)
        elif come.raised:
            raised.append(come.raised)
        elif come.exemption and exemption is NOT_EXEMPT:
            exemption = come.exemption
    return Tried(trials, pieces, exemption, raised, turns)
