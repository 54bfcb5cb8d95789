"""One timeline of an item: versions of its tracker, decisions, flags, verdicts and questions, by when syncd knew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from syncd.review import history
from syncd.review.history import Entry
from syncd.strategy.models import Decision, PastDecision
from syncd.trackers.models import Item
from syncd.trackers.story import Change, Story, story

MOST = 50
"""Decisions that are told; they follow the versions of the item, of which a page holds as many."""
LATE = timedelta(minutes=30)
"""So long after it happened a change counts as noticed late, and both times are told."""

_GLYPHS = {
    "created": "plus",
    "seen": "eye",
    "gone": "circle-off",
    "judged": "scale",
    "open": "flag",
    "resolved": "circle-check",
    "snoozed": "alarm-clock",
    "exempt": "circle-slash",
    "decided": "gavel",
    "undone": "undo-2",
    "ended": "hourglass",
    "asked": "message-circle-question-mark",
    "answered": "message-circle",
    "withdrawn": "message-circle-off",
}
_FROM_VERSIONS = ("moved", "judged")
"""What the versions and decisions tell in full."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. ``late``: when it happened, where we learned of it much later."""

    at: datetime
    glyph: str
    says: str
    who: str = ""
    changes: Sequence[Change] = field(default_factory=tuple)
    late: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest first. ``earlier``: the version to go on from; 0 where nothing is earlier."""

    told: Sequence[Told]
    earlier: int


def timeline(item: Item, before: int = 0) -> Timeline:
    """:param before: only versions before this one, by id; the rest was told on the first page"""
    versions = story(item, before)
    told = list(_versions(item, versions))
    if not before:
        told += _decisions(item)
        told += [_entry(each) for each in history.of_item(item) if each.what not in _FROM_VERSIONS]
    return Timeline(sorted(told, key=lambda each: each.at, reverse=True), versions.earlier)


def _versions(item: Item, found: Story) -> Iterator[Told]:
    for step in found.steps:
        late = step.valid_at if step.known_at - step.valid_at > LATE else None
        yield Told(step.known_at, "pencil", f"Changed in {item.tracker.name}", changes=step.changes, late=late)


def _decisions(item: Item) -> Iterator[Told]:
    """What it served, where that became something else."""
    past = PastDecision.objects.filter(item=item).order_by("-id").values_list("decided_at", "primary_goal", "exempt")
    now = Decision.objects.filter(item=item).values_list("decided_at", "primary_goal", "exempt")
    chain = [*now, *past[:MOST]]
    for (at, goal, exempt), earlier in zip_longest(chain, chain[1:]):
        if earlier is None:
            yield Told(at, "scale", f"Judged: {serves(goal, exempt)}")
        elif (goal, exempt) != earlier[1:]:
            yield Told(at, "scale", f"Judged anew: {serves(goal, exempt)}; before, {serves(*earlier[1:])}")


def serves(goal: str, exempt: str) -> str:
    """What was decided, in words."""
    if goal:
        return f"it serves {goal}"
    return f"it is exempt ({exempt})" if exempt else "it serves no goal"


def _entry(entry: Entry) -> Told:
    says = entry.says or entry.what
    if entry.what == "open":
        says = f"Flag opened{f': {entry.says}' if entry.says not in ('', 'found') else ''}"
    if entry.what == "resolved":
        says = f"Flag resolved{f': {entry.says}' if entry.says else ''}"
    return Told(entry.at, _GLYPHS.get(entry.what, "circle-dot"), f"{says[:1].upper()}{says[1:]}", entry.who)
