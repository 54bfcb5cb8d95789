"""What judging gives: links, findings, and how each rule fared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from rules.model.evidence import Evidence, Link

FindingKind = str
"""``unlinked``, ``off_strategy``, ``conflict``, or the kind that a rule's ``flag`` names."""
Severity = Literal["low", "medium", "high"]


Held = Literal["", "baseline", "grace", "monitor"]
"""``baseline``: it was so at the first sync; ``grace``: work has only begun; ``monitor``: its rule or check
is on trial."""


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
    held: Held = ""
    """Why it is counted and not shown; empty where it is shown."""

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


class Judgement(NamedTuple):
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
    next_at: datetime | None = None
    """The earliest moment at which time alone may change this judgement; None: never."""

    @property
    def primary(self) -> Link | None:
        return self.links[0] if self.links else None
