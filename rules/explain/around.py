"""What stands around a judgement and is not part of it: flags and their verdicts, suggestions, freshness."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.model import Severity

State = Literal["open", "snoozed", "exempt", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person decided about a flag."""

    kind: str
    target: str
    author: str
    reason: str
    made_at: datetime
    until: datetime | None
    until_event: str
    """What ends it besides the time; may be empty."""
    standing: bool
    """Whether it counts (still), or counted at the moment that is told about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A flag that concerns the item: its own, or one that stands where one repair clears it as well."""

    id: int
    rule: str
    severity: Severity
    state: State
    item: str | None
    """Id of the item at which it stands; None for one about a goal or a group."""
    key: str | None
    goal: str | None
    message: str
    clears: int
    fix: str
    """What would clear it."""
    owner: str | None
    opened_at: datetime
    regressed: int
    verdicts: tuple[Answer, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A goal that the item might serve. ``confidence``, 0 to 1, is None until it has been tried here; ``words`` speak
    for it, most first."""

    goal: str
    title: str
    confidence: float | None
    strength: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How new everything is. Where a moment in the past is told about, as of then."""

    updated_at: datetime
    """When the item changed, by its tracker."""
    known_at: datetime
    """When we learned of this version of it."""
    decided_at: datetime
    synced_at: datetime | None
    """When its stream was last read; None where that is not known any more."""
    strategy_version: str
    at: datetime | None = None
    """The moment that is told about; None: now."""
    waits: bool = False
    """Whether something changed since the decision and the item is about to be judged again."""
    frozen: str = ""
    """Why no flag of the item opens or is resolved now."""
