"""Rules tried on an item: those that match or cannot be told, in words, and what comes of that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from rules.match import Matcher, View, flips
from rules.match.clause import Answer, Clause, Say, Test
from rules.match.sieve import Sieve
from rules.model import Evidence, Rule, Strength, Trial
from rules.placing import Placed, of_rule
from rules.standing import NOT_EXEMPT, Exemption

CACHED = 256
"""Outcomes of one rule that are kept: most items match a rule in the same few words."""

Raised = tuple[Rule, str]
"""A rule with ``flag: KIND`` that matches, and what matched, in words."""


class Outcome(NamedTuple):
    """What comes of a rule that matches an item, or of which it cannot be told. At most one besides the trial."""

    trial: Trial
    evidence: Placed | None = None
    exemption: Exemption | None = None
    raised: Raised | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its matcher, its place among the others, and how much its word counts."""

    rule: Rule
    order: int
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
        piece = Evidence(rule.target, self.strength, "rule", rule.id, detail)
        return Outcome(trial, evidence=of_rule(piece, self.order))


class Attempt(NamedTuple):
    """A rule as it is tried."""

    test: Test | None
    """None where there is nothing to test: that it can match means that it does."""
    say: Say
    outcome: Callable[[Answer, str], Outcome]
    """That of the rule, kept."""
    timed: Clause | None
    """Its clause, where that looks at the time."""
    decides: bool
    """Whether links or exemptions come of it."""


class Attempts:
    """Some rules, ready to be tried in their order."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self._sieve = Sieve([rule.clause for rule in rules], tuple(_attempt(rule) for rule in rules))

    def on(self, view: View) -> Sequence[Attempt]:
        """Those that can match an item. The others do not, now or ever: nothing of it is what they need."""
        return self._sieve.passing(view)


def _attempt(rule: CompiledRule) -> Attempt:
    clause = rule.clause
    timed = clause if clause.moments else None
    return Attempt(
        None if clause.exact else clause.test, clause.say, lru_cache(CACHED)(rule.outcome), timed, rule.decides
    )


class Tried(NamedTuple):
    """How an item fares with some rules. Of several exemptions the first counts."""

    trials: list[Trial]
    evidence: list[Placed]
    exemption: Exemption
    raised: list[Raised]
    turns: list[datetime]
    """When the rules that look at the time answer otherwise, or in other words."""
    deciding: list[datetime]
    """Those of ``turns`` that are of rules of which links and exemptions come."""


def tried(attempts: Attempts, view: View, now: datetime, evidence: Iterable[Placed]) -> Tried:
    """Every rule tried that can match.

    :param evidence: what people said about the item itself, which comes before what its rules say
    """
    trials: list[Trial] = []
    pieces, exemption = [*evidence], NOT_EXEMPT
    raised: list[Raised] = []
    turns: list[datetime] = []
    deciding: list[datetime] = []
    for test, say, outcome, timed, decides in attempts.on(view):
        matched = test is None or test(view, now)
        if timed and (turn := flips(timed, view, now, matched)):
            turns.append(turn)
            if decides:
                deciding.append(turn)
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
    return Tried(trials, pieces, exemption, raised, turns, deciding)
