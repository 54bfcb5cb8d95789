"""What happened to an item in its tracker: from version to version, what it was and what it became.

Each change has two times: when it holds by the tracker's clock, and when syncd learned of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.item import Item as Incoming
from syncd.trackers import doc
from syncd.trackers.models import Item, Version

MOST = 50
"""Versions of one page."""
LONGEST = 160
"""Characters of a value that are shown."""

_PLAIN = {
    "title": "Title",
    "type": "Type",
    "status": "Status",
    "container": "Place",
    "key": "Key",
    "parent": "Parent",
    "milestone": "Milestone",
    "sprint": "Sprint",
    "points": "Points",
    "priority": "Priority",
    "due": "Due",
    "branch": "Branch",
    "merged_at": "Merged",
    "draft": "Draft",
}
_LISTS = {"labels": "Labels", "goals": "Goal field", "components": "Components", "versions": "Versions"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that became another; empty where there was or is none."""

    name: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next. ``valid_at``: since when by the tracker; ``known_at``: since when we know."""

    version: int
    valid_at: datetime
    known_at: datetime
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Story:
    """The newest first. ``earlier``: id of the version to go on from; 0 where nothing is earlier."""

    steps: Sequence[Step]
    earlier: int = 0


def story(item: Item, before: int = 0) -> Story:
    """What changed of an item, in two queries and as many versions as a page holds.

    :param item: with its tracker
    :param before: only versions before this one, by id
    """
    found = Version.objects.filter(item=item.id)
    if before:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: MOST + 1])
    later = _later(item, before)
    steps = []
    for row in rows[:MOST]:
        was = doc.thaw(item.tracker.name, row.doc)
        if changes := list(changed(was, later)):
            steps.append(Step(row.id, row.valid_to, row.known_to, changes))
        later = was
    return Story(steps, rows[MOST - 1].id if len(rows) > MOST else 0)


def _later(item: Item, before: int) -> Incoming:
    """The version after the first that is told: the one that was told last, or the item as it is."""
    if before:
        frozen = Version.objects.filter(item=item.id, id=before).values_list("doc", flat=True).first()
        if frozen:
            return doc.thaw(item.tracker.name, frozen)
    return doc.unpack(item.tracker.name, {name: getattr(item, name) for name in doc.COLUMNS}, item.doc)


def changed(was: Incoming, became: Incoming) -> Iterator[Change]:
    """What is another in the later version, the names of values as people say them."""
    for name, word in _PLAIN.items():
        old, new = getattr(was, name), getattr(became, name)
        if old != new:
            yield Change(word, _shown(old), _shown(new))
    yield from _more("Assignees", _names(was), _names(became))
    for name, word in _LISTS.items():
        yield from _more(word, getattr(was, name), getattr(became, name))
    if was.body != became.body:
        yield Change("Description", _length(was.body), _length(became.body))
    yield from _fields(was, became)
    yield from _more("Points at", _targets(was), _targets(became))


def _more(name: str, was: Sequence[str], became: Sequence[str]) -> Iterator[Change]:
    """Of a list what was taken away and what was added."""
    gone, new = [each for each in was if each not in became], [each for each in became if each not in was]
    if gone or new:
        yield Change(name, _shown(", ".join(gone)), _shown(", ".join(new)))


def _fields(was: Incoming, became: Incoming) -> Iterator[Change]:
    for name in sorted(was.fields.keys() | became.fields.keys()):
        old, new = was.fields.get(name), became.fields.get(name)
        if old != new:
            yield Change(name, _shown(old), _shown(new))


def _names(item: Incoming) -> list[str]:
    return [person.name for person in item.assignees]


def _targets(item: Incoming) -> list[str]:
    return [ref.address.partition(":")[2] for ref in item.refs]


def _length(text: str) -> str:
    return f"{len(text):,} characters" if text else ""


def _shown(value: Any) -> str:
    """A value in words, no longer than a line or two."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
