"""The nouns of judgement: goals, rules, evidence, links, findings, and the case they are about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from typing import Any, Literal

from connectors.item import Item, Ref

GoalKind = Literal["theme", "objective", "key_result", "non_goal"]
GoalStatus = Literal["proposed", "active", "paused", "achieved", "dropped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a goal is measured by; ``current`` was true on ``as_of``."""

    metric: str
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    current: float | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """Explicit evidence for a goal: labels, items by address or id, values of the goal field."""

    labels: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """``tracker:KEY`` as people write it: ``acme-jira:WEB-12``, ``acme-github:acme/web#40``."""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A node of the strategy. ``id`` is stable: renames keep it."""

    id: str
    kind: GoalKind
    title: str
    parent: str = ""
    owner: str = ""
    status: GoalStatus = "active"
    starts: date | None = None
    ends: date | None = None
    """Last day of the period."""
    why: str = ""
    outcome: Outcome | None = None
    share: float | None = None
    """Intended share of effort, 0 to 1."""
    accepts: Accepts = Accepts()


@dataclass(frozen=True)
class Strategy:
    """The whole tree at a moment."""

    vision: str
    goals: tuple[Goal, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Goal]:
        return {goal.id: goal for goal in self.goals}

    def path(self, goal_id: str) -> tuple[Goal, ...]:
        """From the goal up to its root; a cycle ends where it would repeat."""
        path: list[Goal] = []
        while (goal := self.by_id.get(goal_id)) and goal not in path:
            path.append(goal)
            goal_id = goal.parent
        return tuple(path)

    def walk(self) -> Iterator[tuple[Goal, int]]:
        """Every goal once with its depth, each before those below it, in the order of the file."""
        below: dict[str, list[Goal]] = {}
        for goal in self.goals:
            below.setdefault(goal.parent if goal.parent in self.by_id else "", []).append(goal)
        waiting = [(goal, 0) for goal in reversed(below.get("", ()))]
        while waiting:
            goal, depth = waiting.pop()
            yield goal, depth
            waiting += [(child, depth + 1) for child in reversed(below.get(goal.id, ()))]

    def same_branch(self, one: str, other: str) -> bool:
        """Whether one goal stands above the other, or they are the same."""
        return one in {g.id for g in self.path(other)} or other in {g.id for g in self.path(one)}


class Strength(IntEnum):
    """How much a piece of evidence counts; more is stronger. Suggestions never link."""

    TEXT_RULE = 1
    LABEL_RULE = 2
    REFERENCE = 3
    INHERITED = 4
    EXPLICIT = 5
    VERDICT = 6

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we believe that an item serves a goal (or a non-goal).

    ``kind`` names the source of belief: ``label``, ``field``, ``item`` (named by the strategy),
    ``rule``, ``parent``, a reference's kind (``closes``, ``links``, ``mentions``; a mention that is
    inherited stays one), ``verdict``;
    ``source`` is its id (the label, the field's value, the rule's id, the ancestor's or target's item
    id) and ``detail`` says it for people: a verb phrase whose subject is the item.
    """

    goal: str
    strength: Strength
    kind: str
    source: str
    detail: str
    via: str = ""
    """Id of the item at which the evidence stands, where that is not the item itself."""


@dataclass(frozen=True, slots=True)
class Link:
    """An item serves a goal, with everything that speaks for it, strongest first."""

    goal: str
    strength: Strength
    evidence: tuple[Evidence, ...]
    primary: bool = False


Mode = Literal["monitor", "suggest", "enforce"]
Action = Literal["link", "non_goal", "exempt", "flag"]


@dataclass(frozen=True, slots=True)
class Example:
    """Values of an item for trying a rule, and whether the rule should match it."""

    values: Mapping[str, Any]
    matches: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A named policy. ``when`` is the condition as written, validated; ``rules.match`` compiles it."""

    id: str
    action: Action
    target: str
    """The goal's id, the exemption's category, or the flag's kind, by ``action``."""
    when: Mapping[str, Any]
    mode: Mode = "monitor"
    because: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Policy:
    """Strategy and rules in force, and the thresholds of the checks."""

    strategy: Strategy
    rules: tuple[Rule, ...] = ()
    needs_goal: Mapping[str, Any] = field(default_factory=lambda: {"kind": ["epic", "story", "task", "pull_request"]})
    """A condition like a rule's ``when``: which items ought to serve a goal."""
    grace_days: float = 0
    """Working days in progress before the first flag."""
    baseline: bool = False
    """Whether what existed at the first sync is left out of the queue."""


@dataclass(frozen=True, slots=True)
class Referenced:
    """What an item points at: the reference, the target and the target's ancestors, nearest first."""

    ref: Ref
    item: Item
    ancestors: tuple[Item, ...] = ()
    by: str = ""
    """Id of the ancestor that points, where it is not the item itself: what an epic refers to
    passes on to its stories."""


@dataclass(frozen=True, slots=True)
class Case:
    """One item with all that its judgement may depend on.

    ``ancestors`` are nearest first and free of cycles; ``cycle`` tells that the walk up met an item
    twice. ``references`` are those that resolve to a stored item, the item's own and its ancestors'.
    """

    item: Item
    ancestors: tuple[Item, ...] = ()
    references: tuple[Referenced, ...] = ()
    cycle: bool = False
    state_since: datetime | None = None
    """When the item came into its present status; None where that is not known."""

    def lineage(self) -> Iterator[Item]:
        """The item, then its ancestors."""
        yield self.item
        yield from self.ancestors


FindingKind = str
"""``unlinked``, ``off_strategy``, ``conflict``, or the kind that a rule's ``flag`` names."""
Severity = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A raw finding about one item. Findings with the same ``root``, ``kind`` and ``subject`` are
    one flag: ``root`` is the id of the item whose repair clears most (often an ancestor)."""

    kind: FindingKind
    root: str
    subject: str
    """What it is about besides the root: goal ids or a rule's id, joined by commas; may be empty."""
    message: str
    fix: str

    @property
    def fingerprint(self) -> str:
        return f"{self.kind}|{self.root}|{self.subject}"


@dataclass(frozen=True, slots=True)
class Trial:
    """How one rule fared on one item: the matched text, or the first clause that failed."""

    rule: str
    matched: bool | None
    """None: not to be told from what is known."""
    because: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome for one item, with its whole explanation."""

    item: str
    links: tuple[Link, ...]
    """Links to goals, the primary first. Links to non-goals are among ``against``."""
    against: tuple[Link, ...] = ()
    exempt: str = ""
    """The category of an exemption, empty if none."""
    exempt_by: str = ""
    """What the exemption rests on, worded like an evidence's ``detail``."""
    findings: tuple[Finding, ...] = ()
    trials: tuple[Trial, ...] = ()
    """The rules that matched, or of which it cannot be told; the others did not match."""
    outranked: tuple[Evidence, ...] = ()
    """Evidence that was seen and did not count, kept for the explanation."""
    own: str = ""
    """Fingerprint of all that descendants and referrers may read from the item: while it stays the
    same, they need no new judgement."""

    @property
    def primary(self) -> Link | None:
        return self.links[0] if self.links else None


Cases = Sequence[Case]
