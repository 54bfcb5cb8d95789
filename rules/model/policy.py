"""What is in force: strategy, rules, and how findings become flags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rules.model.checks import Checks
from rules.model.strategy import Strategy

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
    checks: Checks = field(default_factory=Checks)
    baseline: bool = False
    """Whether what existed at the first sync is left out of the queue."""
