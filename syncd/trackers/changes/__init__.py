"""What changed since a moment: items, ties, flags, direction, decisions."""

from syncd.trackers.changes.groups import GROUPS, MOST, Batch, Changed, Group, batch, since_then
from syncd.trackers.changes.marker import begin, look, seen

__all__ = ["GROUPS", "MOST", "Batch", "Changed", "Group", "batch", "begin", "look", "seen", "since_then"]
