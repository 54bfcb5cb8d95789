"""Who is to be judged (again).

A table of its own: a mark on the item itself would write its wide row anew, on PostgreSQL together
with an entry in every index.
"""

from collections.abc import Collection, Sequence
from typing import Any

from syncd.trackers import bulk
from syncd.trackers.models import Due


def mark(items: Collection[int]) -> None:
    """These items changed."""
    mark_where("id {these}", items)


def mark_readers(items: Collection[int]) -> None:
    """These items changed for those whose judgement reads from them: children and referrers."""
    if not items:
        return
    mark_where("parent_id IS NOT NULL AND parent_id {these}", items)
    mark_where(
        """id IN (SELECT item_id FROM trackers_reference WHERE address IN (
            SELECT address FROM trackers_item WHERE id {these}
            UNION SELECT address FROM trackers_alias WHERE item_id {these}
        ))""",
        items,
    )


def mark_parents(items: Collection[int]) -> None:
    """These items are no longer among the children of their parents."""
    mark_where("id IN (SELECT parent_id FROM trackers_item WHERE id {these})", items)


def mark_trackers(trackers: Collection[int]) -> None:
    """These trackers are read no longer, or again: their items, and those of others that refer to them."""
    mark_where("tracker_id {these}", trackers)
    mark_where(
        """id IN (SELECT item_id FROM trackers_reference WHERE address IN (
            SELECT address FROM trackers_item WHERE tracker_id {these}
            UNION SELECT alias.address FROM trackers_alias alias JOIN trackers_item item ON item.id = alias.item_id
            WHERE item.tracker_id {these}
        ))""",
        trackers,
    )


def mark_all() -> None:
    """The rules changed."""
    _insert("TRUE", [])


def mark_where(condition: str, values: Collection[int | str]) -> None:
    """Items that fit an SQL condition, in which ``{these}`` means to be one of ``values``."""
    if values:
        one_of, these = bulk.one_of(values)
        _insert(condition.format(these=one_of), [these] * condition.count("{these}"))


def mark_selected(query: str, values: Sequence[Any]) -> int:
    """Items whose ids a query gives. :returns: how many were not marked before"""
    return bulk.execute(f"INSERT INTO trackers_due (item_id) {query} ON CONFLICT DO NOTHING", values)


def among(items: Collection[int]) -> set[int]:
    """Those of the items that are marked."""
    return {row["item_id"] for row in bulk.select(Due, ("item_id",), item_id=items)}


def take(most: int, frozen: Sequence[int] = (), hidden: Sequence[tuple[int, str]] = ()) -> list[int]:
    """The items that were marked first, not marked any more. Whoever marks one again from here on does
    it after us, and it is not lost.

    :param frozen: streams whose items stay marked, since what we know of them is out of date
    :param hidden: the same of parts of a stream: its id and the container
    """
    ids = _first(most, frozen, hidden)
    if ids:
        one_of, these = bulk.one_of(ids)
        bulk.execute(f"DELETE FROM trackers_due WHERE item_id {one_of}", [these])  # noqa: S608 - a condition of ours
    return ids


def _first(most: int, frozen: Sequence[int], hidden: Sequence[tuple[int, str]]) -> list[int]:
    if not frozen and not hidden:
        rows = bulk.fetch("SELECT item_id FROM trackers_due ORDER BY item_id LIMIT %s", [most])
    else:
        one_of, these = bulk.one_of(frozen)
        parts = " AND NOT (item.stream_id = %s AND item.container = %s)" * len(hidden)
        rows = bulk.fetch(
            f"""SELECT item_id FROM trackers_due JOIN trackers_item item ON item.id = item_id
                WHERE item.deleted_at IS NOT NULL OR (NOT (item.stream_id {one_of}){parts})
                ORDER BY item_id LIMIT %s""",  # noqa: S608 - conditions of ours
            [these, *(value for part in hidden for value in part), most],
        )
    return [id_ for (id_,) in rows]


def _insert(condition: str, values: Sequence[Any]) -> None:
    mark_selected(f"SELECT id FROM trackers_item WHERE {condition}", values)  # noqa: S608 - conditions of ours
