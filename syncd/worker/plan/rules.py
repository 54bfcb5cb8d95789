"""Rules of a draft: what those that are new or edited match, and those that do nothing. Dead ones match nothing,
shadowed ones decide nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from connectors.item import Item
from rules.model import Evidence, Judgement, Policy, Rule, Trial
from rules.model.policy import Mode

MOST = 3
"""What a rule is shadowed by, told at most."""
SAMPLES = 5
"""Items that an edited rule matches, told at most."""


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that has no effect on what is stored."""

    rule: str
    state: Literal["dead", "shadowed"]
    matches: int
    because: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An item that a rule matches, and what of it."""

    item: str
    key: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class EditedRule:
    """A rule that is new in the draft, or written otherwise than what is in force: what it matches, whether that
    takes effect or not."""

    rule: str
    edit: Literal["new", "edited"]
    mode: Mode
    matches: int
    unknown: int
    """Items of which it cannot be told, because something about them is not known."""
    samples: tuple[Sample, ...]
    """The first :data:`SAMPLES` in the order of the store."""


class RuleTally:
    """How often each rule matches, and how often it decides."""

    def __init__(self, before: Policy, after: Policy) -> None:
        self._before = {rule.id: _judged_by(rule) for rule in before.rules}
        self._rules = {rule.id: rule for rule in after.rules}
        edited = (rule.id for rule in after.rules if self._before.get(rule.id) != _judged_by(rule))
        self._samples: dict[str, list[Sample]] = {rule: [] for rule in edited}
        self._unknown: Counter[str] = Counter()
        self._matches: Counter[str] = Counter()
        self._decides: Counter[str] = Counter()
        self._beaten: dict[str, Counter[str]] = {}

    def add(self, item: Item, judgement: Judgement) -> None:
        for trial in judgement.trials:
            self._matches[trial.rule] += bool(trial.matched)
            if trial.rule in self._samples:
                self._sample(item, trial)
        for link in (*judgement.links, *judgement.against):
            first, *others = link.evidence
            self._weigh(first, others)
        leading = (*judgement.links, *judgement.against)
        if leading:
            self._lose(judgement.outranked, leading[0].evidence[0])
        if judgement.exempt:
            self._decides.update(rule for rule in self._rules if _says(judgement.exempt_by, rule))

    def _sample(self, item: Item, trial: Trial) -> None:
        samples = self._samples[trial.rule]
        if not trial.matched:
            self._unknown[trial.rule] += 1
        elif len(samples) < SAMPLES:
            samples.append(Sample(item.id, item.key, item.title, trial.because))

    def _weigh(self, first: Evidence, others: Iterable[Evidence]) -> None:
        if first.kind == "rule":
            self._decides[first.source] += 1
        self._lose(others, first)

    def _lose(self, pieces: Iterable[Evidence], to: Evidence) -> None:
        for piece in pieces:
            if piece.kind == "rule":
                self._beaten.setdefault(piece.source, Counter())[_called(to)] += 1

    def edited(self) -> Iterator[EditedRule]:
        """In the order of the file."""
        for id_, samples in self._samples.items():
            yield EditedRule(
                rule=id_,
                edit="edited" if id_ in self._before else "new",
                mode=self._rules[id_].mode,
                matches=self._matches[id_],
                unknown=self._unknown[id_],
                samples=tuple(samples),
            )

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


def _judged_by(rule: Rule) -> Rule:
    """The rule without what nobody judges by."""
    return replace(rule, because="", examples=())


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
