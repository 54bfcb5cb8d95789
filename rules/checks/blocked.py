"""``blocked``: work in progress that cannot go on, and has not for some working days."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from connectors.item import OPEN, Item
from rules.calendar import add_working_days, spelled
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.match.errors import listed
from rules.match.folding import fold, words
from rules.model import Referenced
from rules.standing import name

WORDS = frozenset(("blocked", "impediment", "impeded"))
"""In a status, a label (also as a part of one: ``status: blocked``) or the name of a field that is set."""
FLAGS = ("blocked", "flagged", "impediment")
"""Names of fields, folded, in which trackers keep the flag."""
BLOCKED_BY = ("blocked by", "depends on")
"""In the words of a typed link or the name of a relation, folded: what the item waits for."""
NO = frozenset(("", "no", "false", "none"))

Sign = tuple[str, datetime]
"""What says that the item is blocked, and since when it surely is."""


def look(matter: Matter) -> Looked:
    if not matter.moving:
        return NOTHING
    signs = sorted(_signs(matter), key=lambda sign: sign[1])
    if not signs:
        return NOTHING
    since = signs[0][1]
    late = add_working_days(since, matter.thresholds.blocked.days)
    if matter.now < late:
        return Looked(next_at=late)
    item = matter.case.item
    message = f"{name(item)} has been blocked since {spelled(since)}: {listed([sign for sign, _ in signs], 'and')}"
    fix = "Clear what blocks it; if it is no longer blocked, say so in the tracker; if it will stay so, take it out of progress."
    return found("blocked", item, message, fix)


def _signs(matter: Matter) -> Iterator[Sign]:
    item = matter.case.item
    then = matter.case.start.item if matter.case.start else None
    if _says_blocked(item.status):
        yield f"its status is {item.status}", matter.case.state_since or item.created_at
    for label in filter(_says_blocked, item.labels):
        yield f"it carries the label {label}", _since(matter, bool(then and label in then.labels))
    for field in _flags(item):
        yield f"its field {field} is set", _since(matter, bool(then and field in _flags(then)))
    for blocker in filter(_waits, matter.case.references):
        since = _since(matter, bool(then and blocker.ref in then.refs))
        yield f"it waits for {name(blocker.item)}", max(since, blocker.item.created_at)


@lru_cache(maxsize=1_000)
def _says_blocked(text: str) -> bool:
    said = words(text)
    return not WORDS.isdisjoint(said) and "not" not in said


def _flags(item: Item) -> list[str]:
    """The names of the item's fields that hold the flag and are set."""
    return [field for field, value in item.fields.items() if fold(field) in FLAGS and fold(str(value or "")) not in NO]


def _waits(referenced: Referenced) -> bool:
    """A link of the item's own that says “is blocked by”, to an item that is still open."""
    ref = referenced.ref
    by_link = ref.kind == "links" and any(words in fold(ref.where) for words in BLOCKED_BY)
    return by_link and not referenced.by and referenced.item.status_category in OPEN


def _since(matter: Matter, from_the_start: bool) -> datetime:
    """Since when something other than the status surely stands there.

    Since work began, if it did then. Else since the last change at the latest, for adding it was one:
    an item on which people keep working is not said to be stuck.
    """
    start = matter.case.start
    return start.at if start and from_the_start else matter.case.item.updated_at
