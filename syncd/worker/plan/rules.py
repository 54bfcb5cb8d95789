"""Rules of a draft that do nothing: dead ones match nothing, shadowed ones decide nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rules.model import Evidence, Judgement, Policy, Rule

MOST = 3
"""What a rule is shadowed by, told at most."""


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that has no effect on what is stored."""

    rule: str
    state: Literal["dead", "shadowed"]
    matches: int
    because: str


class RuleTally:
    """How often each rule matches, and how often it decides."""

    def __init__(self, policy: Policy) -> None:
        self._rules = {rule.id: rule for rule in policy.rules}
        self._matches: Counter[str] = Counter()
        self._decides: Counter[str] = Counter()
        self._beaten: dict[str, Counter[str]] = {}

    def add(self, judgement: Judgement) -> None:
        for trial in judgement.trials:
            self._matches[trial.rule] += bool(trial.matched)
        for link in (*judgement.links, *judgement.against):
            first, *others = link.evidence
            self._weigh(first, others)
        leading = (*judgement.links, *judgement.against)
        if leading:
            self._lose(judgement.outranked, leading[0].evidence[0])
        if judgement.exempt:
            self._decides.update(rule for rule in self._rules if _says(judgement.exempt_by, rule))

    def _weigh(self, first: Evidence, others: Iterable[Evidence]) -> None:
        if first.kind == "rule":
            self._decides[first.source] += 1
        self._lose(others, first)

    def _lose(self, pieces: Iterable[Evidence], to: Evidence) -> None:
        for piece in pieces:
            if piece.kind == "rule":
                self._beaten.setdefault(piece.source, Counter())[_called(to)] += 1

    def idle(self) -> Iterator[IdleRule]:
        """In the order of the file. A rule on trial cannot decide, and is told only where it matches nothing."""
        for rule in self._rules.values():
            matches = self._matches[rule.id]
            if not matches:
                yield IdleRule(rule.id, "dead", 0, "it matches no stored item")
            elif _could_decide(rule) and not self._decides[rule.id]:
                yield IdleRule(rule.id, "shadowed", matches, self._why_shadowed(rule))

    def _why_shadowed(self, rule: Rule) -> str:
        by = self._beaten.get(rule.id)
        if not by:
            return "every item that it matches is exempt by a rule before it"
        named = ", ".join(f"{what} ({times:,})" for what, times in by.most_common(MOST))
        return f"everything it matches is decided by stronger evidence: {named}"


def _could_decide(rule: Rule) -> bool:
    return rule.mode == "enforce" and rule.action != "flag"


def _says(because: str, rule: str) -> bool:
    return because.startswith(f"matches the rule {rule}:")


def _called(evidence: Evidence) -> str:
    """What a rule lost to, in few words."""
    if evidence.kind == "parent":
        return "what stands above"
    named = {"rule": "the rule", "label": "the label", "field": "the goal field", "item": "the item named under"}
    word = named.get(evidence.kind, evidence.kind)
    return f"{word} {evidence.source}" if evidence.kind in named else word
