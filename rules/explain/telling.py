"""A judgement told to people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.item import Item
from rules.engine import Judge
from rules.explain.contradiction import contradictions
from rules.explain.dead_ends import dead_ends
from rules.explain.marks import Mark, marks
from rules.match.view import straight
from rules.model import (
    Case,
    Evidence,
    Finding,
    Goal,
    Judgement,
    Link,
    Policy,
    Referenced,
    Ruling,
    Strategy,
)
from rules.standing import name


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from an item to the vision. ``broken`` says why the way ends or fails here."""

    kind: Literal["item", "goal", "vision"]
    id: str
    text: str
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one rule fared on the item."""

    rule: str
    matched: bool | None
    """None: not to be told from what is known."""
    because: str
    """The matched text, or the first clause that failed."""
    action: str = ""
    target: str = ""
    mode: str = ""
    reason: str = ""
    """Why somebody wrote the rule."""
    near: str = ""
    """Where all clauses but one hold: how that one fails."""
    marks: tuple[Mark, ...] = ()
    """What of the item the match, or the near miss, rests on."""


@dataclass(frozen=True, slots=True)
class Held:
    """A finding that is counted and not shown, and why not."""

    kind: str
    message: str
    held: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one judgement, in the order in which somebody reads it."""

    item: str
    title: str
    url: str
    verdict: str
    """One sentence: what the item serves, and why we believe it."""
    path: tuple[Step, ...]
    """The item, the items by which it came to its goal, the goal, the goals above, the vision."""
    links: tuple[Link, ...]
    against: tuple[Link, ...]
    exempt: str
    outranked: tuple[Evidence, ...]
    contradictions: tuple[str, ...]
    """What speaks for another branch of the strategy or for a non-goal, in sentences."""
    dead_ends: tuple[str, ...]
    """What the item refers to and gets no goal from, in sentences."""
    rulings: tuple[Ruling, ...]
    """What people decided about the item itself."""
    findings: tuple[Finding, ...]
    """What is wrong, and in ``fix`` what would clear it; those that are held as well."""
    held: tuple[Held, ...]
    trials: tuple[Tried, ...]
    near: tuple[str, ...]
    """Rules that miss by one clause, by id."""


def explain(judgement: Judgement, case: Case, policy: Policy, now: datetime, judge: Judge | None = None) -> Explanation:
    """``judgement`` explained by the case, the policy and the time that it came from.

    :param judge: of this policy, from whoever has it compiled already
    """
    trials = tuple(_trials(judgement, case, judge or Judge(policy), now))
    return Explanation(
        item=judgement.item,
        title=case.item.title,
        url=case.item.url,
        verdict=_verdict(judgement, case, policy.strategy),
        path=tuple(_path(judgement, case, policy.strategy)),
        links=judgement.links,
        against=judgement.against,
        exempt=judgement.exempt,
        outranked=judgement.outranked,
        contradictions=tuple(contradictions(judgement, policy.strategy)),
        dead_ends=tuple(dead_ends(judgement, case)),
        rulings=tuple(case.rulings.get(case.item.id, ())),
        findings=judgement.findings,
        held=tuple(_held(finding) for finding in judgement.findings if finding.held),
        trials=trials,
        near=tuple(trial.rule for trial in trials if trial.near),
    )


def _trials(judgement: Judgement, case: Case, judge: Judge, now: datetime) -> Iterator[Tried]:
    """Every rule: as it fared then, and where it did not match, why not."""
    then = {trial.rule: trial for trial in judgement.trials}
    near = {miss.rule: miss.because for miss in judge.near_misses(case, now)}
    for rule, trial in zip(judge.book.policy.rules, judge.trials(case, now), strict=True):
        fared = then.get(trial.rule, trial)
        found = marks(rule.when, case, now) if trial.matched or rule.id in near else ()
        yield Tried(
            rule=rule.id,
            matched=fared.matched,
            because=fared.because,
            action=rule.action,
            target=rule.target,
            mode=rule.mode,
            reason=rule.because,
            # a rule of which only a ``none`` holds is not near: nothing of the item speaks for it
            near=near.get(rule.id, "") if found and not fared.matched else "",
            marks=found,
        )


_WHY_HELD = {
    "baseline": "it was so when syncd first read the tracker: counted, to be worked off on purpose",
    "grace": "work has only begun: it shows when the time of grace is over",
    "monitor": "what found it is on trial: counted, without effect",
}


def _held(finding: Finding) -> Held:
    return Held(finding.kind, finding.message, finding.held, _WHY_HELD[finding.held])


def _verdict(judgement: Judgement, case: Case, strategy: Strategy) -> str:
    subject = name(case.item)
    for link in judgement.links[:1]:
        return f"{subject} serves “{_title(strategy, link.goal)}”: it {link.evidence[0].detail}."
    for link in judgement.against[:1]:
        return f"{subject} is tied to the non-goal “{_title(strategy, link.goal)}”: it {link.evidence[0].detail}."
    if judgement.exempt:
        return f"{subject} needs no goal ({judgement.exempt}): it {judgement.exempt_by}."
    return f"{subject} serves no goal: {_gap(case)}."


def _title(strategy: Strategy, goal_id: str) -> str:
    """The goal's title; its id where the strategy has moved on since the judgement."""
    goal = strategy.by_id.get(goal_id)
    return goal.title if goal else goal_id


def _gap(case: Case) -> str:
    *_, top = case.lineage()
    if case.cycle:
        return "nothing ties it to one, and the parents above it form a circle"
    if top.parent:
        return f"nothing known ties it to one, and {top.parent} above it is not stored"
    referring = any(not each.by for each in case.references)
    neither = "; what it refers to serves none either" if referring else ""
    return f"nothing ties it{' or the items above it' if case.ancestors else ''} to one{neither}"


def _path(judgement: Judgement, case: Case, strategy: Strategy) -> Iterator[Step]:
    decisive = (*judgement.links, *judgement.against)
    if not decisive:
        yield from (Step("item", item.id, name(item)) for item in case.lineage())
        if judgement.exempt:
            yield Step("goal", "", f"needs no goal ({judgement.exempt})")
        else:
            yield Step("goal", "", "no goal", broken=_gap(case))
        return
    goal, evidence = decisive[0].goal, decisive[0].evidence[0]
    yield from (Step("item", item.id, name(item)) for item in _way(case, evidence))
    yield from _goals(strategy.path(goal), goal, judgement)
    yield Step("vision", "", strategy.vision)


def _way(case: Case, evidence: Evidence) -> Iterator[Item]:
    """From the item to the one at which the evidence stands, up its line and across a reference. Where the line
    is a circle, nobody in it has a parent, and all ways lead across."""
    line, _ = straight((case.item, *case.ancestors), cycle=case.cycle)
    if evidence.source in (above.id for above in line[1:]):
        yield from _until(line, evidence.source)
        pointer = evidence.source
    else:
        yield case.item
        pointer = case.item.id
    if evidence.via and evidence.via not in (item.id for item in line):
        for crossed in [each for each in case.references if _crosses(each, pointer, case.item.id, evidence)][:1]:
            yield from _until((crossed.item, *crossed.ancestors), evidence.via)


def _until(line: tuple[Item, ...], last: str) -> Iterator[Item]:
    for item in line:
        yield item
        if item.id == last:
            return


def _crosses(referenced: Referenced, pointer: str, item: str, evidence: Evidence) -> bool:
    """Whether this reference leads from the item that points to where the evidence stands."""
    target = {other.id for other in (referenced.item, *referenced.ancestors)}
    return (referenced.by or item) == pointer and evidence.via in target


def _goals(path: tuple[Goal, ...], goal_id: str, judgement: Judgement) -> Iterator[Step]:
    """The goal and those above it, the one marked that is not in force."""
    if not path:
        yield Step("goal", goal_id, goal_id, broken="it is no longer in the strategy")
        return
    wrong = next((finding for finding in judgement.findings if finding.kind == "off_strategy"), None)
    failing = next((goal for goal in path if goal.status in ("dropped", "paused", "achieved")), path[0])
    for goal in path:
        yield Step("goal", goal.id, goal.title, broken=wrong.message if wrong and goal is failing else "")
