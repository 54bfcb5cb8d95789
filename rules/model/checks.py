"""The built-in checks: which are in force, and from where on something is worth a flag.

Each default is chosen so that a tracker as people keep it stays quiet; its reason stands beside it.
Working days are Monday to Friday in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.item import Kind

CheckMode = Literal["off", "monitor", "enforce"]
Part = Literal["user", "problem", "outcome"]
"""What work says about why it is done: for whom, what is wrong for them, what will be measurably better."""

PARTS: tuple[Part, ...] = ("user", "problem", "outcome")

ON_TRIAL = frozenset(("missing_why",))
"""Checks that are in mode ``monitor`` unless somebody decides otherwise: most trackers were never asked to
state a why, and would be flooded. What it would flag is counted; who wants the habit enforces it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchAll:
    """A parent is a catch-all with so many children, of so many components, and nothing that it is measured by."""

    children: int = 25
    """A sprint's worth for a team of six; epics that people planned are smaller (on 284 epics of a real
    tracker the largest had 34 children, and one in three more than three)."""
    components: int = 4
    """Work on one thing seldom touches more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingWhy:
    """What work in progress has to say, and which work."""

    parts: tuple[Part, ...] = PARTS
    kinds: tuple[Kind, ...] = ("epic", "story", "task")
    """Bugs explain themselves, and pull requests serve the item that they name."""
    headings: Mapping[Part, tuple[str, ...]] = field(default_factory=dict)
    """Further headings and field names under which people state a part, such as their own language's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    days: float = 5
    """Working days: after a week, every meeting that could have unblocked it has had its chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    days: int = 3
    """Days after the due date: boards are tidied up after a weekend, and not on the day itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """How far scope may move after work began. Each share is of what there was at the start, 0.5 = half as much."""

    points: float = 0.5
    """The next step on the scales that teams use (3 → 5, 5 → 8) is at most two thirds; less than half is noise."""
    children: float = 0.5
    more: int = 3
    """Fewer new children than this are breakdown, not drift."""
    kept: float = 0.4
    """Share of the words of title and text that must still be there. Adding words takes none away."""
    words: int = 20
    """A text with fewer words at the start was a placeholder, and is allowed to become a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StarvedGoal:
    days: int = 10
    """Working days without work moving: one sprint. Shorter pauses are holidays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """When effort is too far from the intended share: both ``over_share`` and ``under_share``."""

    tolerance: float = 0.15
    """Of all effort: intended 40 % allows 25 to 55. Effort is counted in items or points, which is not finer."""
    evidence: float = 20
    """Effort below which no share is told: of twenty items, one is five percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleGoal:
    days: int = 30
    """Days without a word from its owner: a monthly review has then been missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Thresholds of the built-in checks. A check that is not named in ``modes`` is enforced, or ``ON_TRIAL``."""

    modes: Mapping[str, CheckMode] = field(default_factory=dict)
    catch_all: CatchAll = CatchAll()
    missing_why: MissingWhy = MissingWhy()
    blocked: Blocked = Blocked()
    overdue: Overdue = Overdue()
    drifted: Drifted = Drifted()
    starved_goal: StarvedGoal = StarvedGoal()
    over_share: Share = Share()
    under_share: Share = Share()
    stale_goal: StaleGoal = StaleGoal()

    def mode(self, check: str) -> CheckMode:
        return self.modes.get(check, "monitor" if check in ON_TRIAL else "enforce")
