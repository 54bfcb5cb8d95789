"""The groups of changes. Each is a table to which rows are only added: it is read from its end, by row id, until the
moment is reached or enough was read. So nothing is counted or sorted, however long the past is."""

from collections.abc import Mapping
from datetime import datetime

from syncd.trackers.changes import decided, work
from syncd.trackers.changes.shapes import MOST, Batch, Group


def since_then(since: datetime, most: int) -> list[tuple[Group, Batch]]:
    """The beginning of every group: so many rows each, and whether there are more."""
    return [(group, _cut(group.read(since, 0, most + 1), most)) for group in GROUPS.values()]


def batch(group: str, since: datetime, below: int) -> Batch:
    """One page of one group. :raises KeyError: there is no such group"""
    return GROUPS[group].read(since, below, MOST)


def _cut(found: Batch, most: int) -> Batch:
    return Batch(found.rows[:most], found.below or (1 if len(found.rows) > most else 0))


GROUPS: Mapping[str, Group] = {
    group.name: group
    for group in (
        Group("direction", "Strategy and rules", "Strategy and rules are as they were.", decided.directions),
        Group("flags", "Flags", "No flag opened, came back or was resolved.", decided.flags),
        Group("decisions", "Decisions", "Nobody decided anything.", decided.verdicts),
        Group("ties", "Goals of items", "Every item serves what it served.", work.ties),
        Group("moves", "Work that moved", "No item came into another status.", work.moves),
        Group("new", "New items", "No item is new.", work.new_items),
        Group("gone", "Gone items", "No item left its tracker.", work.gone),
    )
}
