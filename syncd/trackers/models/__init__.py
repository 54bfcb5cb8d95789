"""The inside: trackers, what is polled of them, and the items they hold."""

from syncd.trackers.models.item import Alias, Due, Item, Person, Reference, Version
from syncd.trackers.models.limits import Limit
from syncd.trackers.models.reading import Look, SearchMark
from syncd.trackers.models.round import Round
from syncd.trackers.models.stream import Stream, Tracker, Trouble

__all__ = [
    "Alias",
    "Due",
    "Item",
    "Limit",
    "Look",
    "Person",
    "Reference",
    "Round",
    "SearchMark",
    "Stream",
    "Tracker",
    "Trouble",
    "Version",
]
