"""What cases tell of an item's past: where work on it began, and whether it was there before syncd."""

from collections.abc import Collection
from datetime import UTC, datetime

from connectors.item import OPEN
from connectors.item import Item as Incoming
from rules.model import Start
from syncd.trackers import bulk, doc
from syncd.trackers.shelf import Shelf

_WAS = bulk.json_text("version.doc", "columns", "status_category")
"""The status category of a version."""


def starts(shelf: Shelf, ids: Collection[int]) -> dict[int, Start]:
    """The beginning of work, for those of ``ids`` that are in progress now and were not when we met them.

    The last version that was not in progress ends where work began; the one after it, or else the
    item as it is now, is what was started.
    """
    working = [id_ for id_ in ids if shelf.items[id_].status_category == "in_progress" and shelf.status_since[id_]]
    if not working:
        return {}
    one_of, these = bulk.one_of(working)
    rows = bulk.fetch(
        f"""WITH idle AS (
                SELECT version.item_id, MAX(version.id) AS id FROM trackers_version version
                WHERE version.item_id {one_of} AND {_WAS} <> 'in_progress' GROUP BY version.item_id
            )
            SELECT idle.item_id, was.valid_to,
                (SELECT later.doc FROM trackers_version later
                 WHERE later.item_id = idle.item_id AND later.id > idle.id ORDER BY later.id LIMIT 1),
                (SELECT COUNT(*) FROM trackers_item child
                 WHERE child.parent_id IS NOT NULL AND child.parent_id = idle.item_id
                 AND child.deleted_at IS NULL AND child.created_at > was.valid_to)
            FROM idle JOIN trackers_version was ON was.id = idle.id""",  # noqa: S608
        [these],
    )
    return {id_: _start(shelf.items[id_], at, begun, grown) for id_, at, begun, grown in rows}


def _start(item: Incoming, at: datetime, begun: str | None, grown: int) -> Start:
    return Start(at.replace(tzinfo=UTC), doc.thaw(item.tracker, begun) if begun else item, grown)


def fresh(shelf: Shelf, ids: Collection[int]) -> set[int]:
    """Those of ``ids`` that are not old: they came after their stream's first sync, or changed for the
    worse since.

    It is worse to be open again after being closed, and to have lost one's parent, a label, or a value of
    the goal field. What was known by the end of the first sync is told from the version of that moment.
    """
    one_of, these = bulk.one_of(ids)
    rows = bulk.fetch(
        f"""SELECT item.id, item.first_known_at > stream.filled_at, then_.doc,
                EXISTS (SELECT 1 FROM trackers_version version
                        WHERE version.item_id = item.id AND version.known_to > stream.filled_at
                        AND {_WAS} IN ('done', 'cancelled'))
            FROM trackers_item item JOIN trackers_stream stream ON stream.id = item.stream_id
            LEFT JOIN trackers_version then_ ON then_.item_id = item.id
                AND then_.known_from <= stream.filled_at AND then_.known_to > stream.filled_at
            WHERE item.id {one_of} AND item.known_at > stream.filled_at""",  # noqa: S608
        [these],
    )
    return {id_ for id_, new, then, closed in rows if new or _worse(shelf.items[id_], then, closed=bool(closed))}


def _worse(now: Incoming, then: str | None, *, closed: bool) -> bool:
    """:param then: the version at the end of the first sync; :param closed: whether it was closed then or since"""
    if closed and now.status_category in OPEN:
        return True
    if then is None:
        return False
    before = doc.thaw(now.tracker, then)
    lost_parent = bool(before.parent) and not now.parent
    return lost_parent or not {*before.labels, *before.goals} <= {*now.labels, *now.goals}
