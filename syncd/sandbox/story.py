"""The demo's story: one quarter of Acme, which writes software for clinics, in three trackers.

The works stand in ``demo/*.yaml`` as people would list them; here they get names, dates and sprints.
What is wrong with their alignment is known (:data:`MISALIGNED`), so that the demo can be checked.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from connectors.item import StatusCategory
from syncd.sandbox.base import Work

FOLDER = Path(__file__).parent / "demo"
TRACKERS = ("jira", "github", "notion")
OLDEST, NEWEST = 78.0, 3.0
"""Days before now between which works were created, the first of a place and the last."""
SPRINT_NOW = 24

MISALIGNED: Mapping[str, tuple[str, ...]] = {
    "epic without a goal": ("PAY-15",),
    "epic against a non-goal": ("WEB-20",),
    "item against a non-goal": ("PAY-29",),
    "epic on a dropped goal": ("WEB-25",),
    "two goals of different branches": ("WEB-29",),
    "task without a goal": ("OPS-18",),
    "change without an item": ("acme/web#15", "acme/web#17", "acme/api#13"),
    "epic without an outcome": ("PAY-15",),
    "task that says nobody's name": ("acme/api#10",),
    "epic that takes in everything": ("WEB-34",),
    "task that waits": ("OPS-5",),
    "story that is late": ("OPS-12",),
}
"""What is wrong, and the works at which it is to be mended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One work as listed, with its name and its parent's."""

    name: str
    place: str
    parent: str
    values: Mapping[str, Any]


def works(now: datetime) -> list[Work]:
    """All works, dated relative to ``now``: Jira's first, then GitHub's, then Notion's.

    A work's name is what it will be called once it is planted: ``WEB-12``, ``acme/web#12``.
    """
    now = now.replace(second=0, microsecond=0)
    return [work for tracker in TRACKERS for work in _of_tracker(tracker, now)]


def periods(now: datetime) -> dict[str, str]:
    """The dates that ``strategy.yaml`` leaves open."""
    days = {
        "QUARTER_START": -59,
        "QUARTER_END": 31,
        "AS_OF": -6,
        "LONG_AGO": -41,
        "SSO_BY": 24,
        "TENANT_BY": 6,
        "CLINICS_BY": 45,
    }
    return {name: (now + timedelta(days=offset)).date().isoformat() for name, offset in days.items()}


def _of_tracker(tracker: str, now: datetime) -> Iterator[Work]:
    places = yaml.safe_load((FOLDER / f"{tracker}.yaml").read_text(encoding="utf-8"))
    for place, listed in places.items():
        entries = list(_entries(tracker, place, listed, "", [0]))
        for position, entry in enumerate(entries):
            age = OLDEST + (NEWEST - OLDEST) * position / max(1, len(entries) - 1)
            yield _work(tracker, entry, _at_work(now - timedelta(days=age), entry.name), now)


def _entries(
    tracker: str, place: str, listed: Sequence[Mapping[str, Any]], parent: str, count: list[int]
) -> Iterator[Entry]:
    """Depth first; ``count`` numbers the works of a place across the levels."""
    for values in listed:
        count[0] += 1
        name = _name(tracker, place, count[0], values["title"])
        yield Entry(name, place, parent, values)
        yield from _entries(tracker, place, values.get("below", ()), name, count)


def _name(tracker: str, place: str, number: int, title: str) -> str:
    if tracker == "notion":
        return f"{place}: {title}"
    return f"{place}-{number}" if tracker == "jira" else f"{place}#{number}"


def _work(tracker: str, entry: Entry, created: datetime, now: datetime) -> Work:
    values, status = entry.values, entry.values["status"]
    updated = _updated(entry, created, now)
    people = tuple(values.get("people", ()))
    return Work(
        name=entry.name,
        tracker=tracker,
        place=entry.place,
        kind=values.get("kind", "page"),
        title=values["title"],
        status=status,
        created=created,
        updated=updated,
        closed=updated if status in ("done", "cancelled") else None,
        body=values.get("body", "").strip(),
        labels=tuple(values.get("labels", ())),
        people=people,
        reporter=people[0] if people and values.get("kind") == "pull_request" else "Ana Lima",
        parent=entry.parent,
        goal=values.get("goal", ""),
        points=values.get("points"),
        priority=values.get("priority", ""),
        due=(now + timedelta(days=values["due"])).date() if "due" in values else None,
        sprint=_sprint(tracker, values.get("kind", ""), status, now - updated),
        draft=values.get("draft", False),
        merged=values.get("merged", False),
        branch=values.get("branch", ""),
        closes=tuple(values.get("closes", ())),
        mentions=tuple(values.get("mentions", ())),
    )


def _updated(entry: Entry, created: datetime, now: datetime) -> datetime:
    """The last change: recent for what is in progress, early for what nobody took up."""
    if "ago" in entry.values:
        moment = now - timedelta(days=entry.values["ago"])
    else:
        low, high = _CHANGED[entry.values["status"]]
        moment = created + (now - created) * (low + (high - low) * _chance(entry.name))
    return max(created, min(now, _at_work(moment, entry.name)))


_CHANGED: Mapping[StatusCategory, tuple[float, float]] = {
    "todo": (0.0, 0.3),
    "in_progress": (0.8, 0.97),
    "done": (0.2, 0.8),
    "cancelled": (0.3, 0.6),
}
"""Between which shares of its life so far a work changed last."""


def _sprint(tracker: str, kind: str, status: StatusCategory, age: timedelta) -> str:
    """Fortnights, numbered up to now; what is not taken up is in none."""
    if tracker != "jira" or kind in ("epic", "subtask") or status == "todo":
        return ""
    return f"Sprint {SPRINT_NOW - age.days // 14}"


def _at_work(moment: datetime, name: str) -> datetime:
    """The same day, some time between eight and eighteen o'clock."""
    minutes = int(_chance(name + "@") * 600)
    return datetime.combine(moment.date(), time(8), moment.tzinfo) + timedelta(minutes=minutes)


def _chance(name: str) -> float:
    """A number from 0 to 1 that is the same for the same name."""
    return zlib.crc32(name.encode()) / 2**32
