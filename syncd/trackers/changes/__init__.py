"""What changed since a moment: items, ties, flags, direction, decisions."""

from syncd.trackers.changes.groups import GROUPS, batch, since_then
from syncd.trackers.changes.marker import begin, look, seen
from syncd.trackers.changes.shapes import MOST, Batch, Changed, Group

__all__ = ["GROUPS", "MOST", "Batch", "Changed", "Group", "batch", "begin", "look", "seen", "since_then"]
