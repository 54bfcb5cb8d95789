"""Changes in words: what was added, changed or is no longer shared, by the names that the partner knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from syncd.partners.models import Change
from syncd.partners.pages import periods

FIELDS = {
    "title": "Title", "status": "State", "due": "Due", "delivered": "Delivered", "notes": "Notes", "owner": "With",
}  # fmt: skip
"""Field -> what stands before its value."""
UNTITLED = "Without a title"
DATES = ("due", "delivered")


@dataclass(frozen=True, slots=True)
class Told:
    """One change. ``was`` and ``now`` are empty where the sentence says it all."""

    day: date
    item: str
    """Its public id; empty of what is no longer shared."""
    title: str
    says: str
    was: str = ""
    now: str = ""


def told(change: Change) -> Told:
    """A change with its item at hand."""
    day, item = change.on, change.item
    if item is None:
        return Told(day, "", "", "Something is no longer shared")
    title = item.title or UNTITLED
    if change.kind == Change.ADDED:
        return Told(day, item.id, title, "New")
    if change.field == "notes":
        return Told(day, item.id, title, "Notes were rewritten" if change.was and change.now else _came(change))
    return Told(
        day,
        item.id,
        title,
        FIELDS.get(change.field, "Changed"),
        value(change.field, change.was),
        value(change.field, change.now),
    )


def value(field: str, text: str) -> str:
    """A value as people read it; a dash for none."""
    return (periods.words(text) if field in DATES else text) or "–"


def by_day(lines: Iterable[Told]) -> list[tuple[date, list[Told]]]:
    """Lines in their order, under their days."""
    days: list[tuple[date, list[Told]]] = []
    for line in lines:
        if not days or days[-1][0] != line.day:
            days.append((line.day, []))
        days[-1][1].append(line)
    return days


def _came(change: Change) -> str:
    return "Notes were added" if change.now else "Notes were taken away"
