"""Why a finding is no more, in words, and whether that was somebody's doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.item import OPEN
from rules.model import Judgement

TIES = frozenset({"unlinked", "off_strategy", "conflict", "catch_all", "orphan_pr"})
"""Checks about what an item serves: a link or an exemption answers them."""

_HELD = {
    "baseline": "it was so before the first sync, and is worked off as one number",
    "grace": "work has only begun: the grace is not over",
    "monitor": "its rule is on trial",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a flag is resolved; ``acted`` if people did what it asked for."""

    because: str
    acted: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What the resolved flag still shows: the group that it is counted under."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding that was and is not (shown) any more, with what is known of its item now."""

    kind: str
    subject: str
    judgement: Judgement | None
    """None: the item was deleted, or its tracker left."""
    item: Mapping[str, Any] | None
    """``status_category``, ``known_at`` and ``deleted_at`` of its row."""
    held: str = ""
    """Why it is held, where it is still there."""

    def cause(self, opened_at: datetime, demoted: Mapping[str, str]) -> Cause:
        """:param demoted: rule or check -> why it lost its word"""
        if self.held:
            return Cause(demoted.get(self.kind) or demoted.get(self.subject) or _HELD.get(self.held, self.held))
        if self.judgement is None and self.item and self.item["deleted_at"] is None:
            return Cause("its tracker is no longer in syncd.yaml")
        if self.judgement is None or self.item is None:
            return Cause("the item was deleted or left the scope")
        if self.item["status_category"] not in OPEN:
            return Cause("the item was closed", acted=True)
        if self.kind in TIES and (cause := _tied(self.judgement, self.subject)):
            return cause
        if self.item["known_at"] > opened_at:
            return Cause("the item changed, and it no longer applies", acted=True)
        return Cause(_otherwise(self.kind, self.subject))


def _tied(judgement: Judgement, subject: str) -> Cause | None:
    """What the item is tied to instead. A tie to the goal that was flagged is none: then the goal changed."""
    if judgement.exempt:
        return Cause(f"exempt: {judgement.exempt}")
    if judgement.primary and judgement.primary.goal != subject:
        because = judgement.primary.evidence[0].detail
        return Cause(f"linked to {judgement.primary.goal}: {because}", acted=True)
    return None


def _otherwise(kind: str, subject: str) -> str:
    """The item stayed as it was: what judges it, what is around it, or the time went on."""
    if kind == "off_strategy":
        return f"the goal {subject} changed, and it no longer applies"
    if kind in TIES:
        return "the rules or the strategy changed, and it no longer applies"
    return "its rule or what is around the item changed, and it no longer applies"
