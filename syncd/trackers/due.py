"""Who is to be judged (again).

A table of its own: a mark on the item itself would write its wide row anew, on PostgreSQL together
with an entry in every index.
"""

from collections.abc import Collection, Sequence
from typing import Any

from syncd.trackers import bulk


def mark(items: Collection[int]) -> None:
    """These items changed."""
    mark_where("id {these}", items)


def mark_readers(items: Collection[int]) -> None:
    """These items changed for those whose judgement reads from them: children and referrers."""
    if not items:
        return
    mark_where("parent_id {these}", items)
    mark_where(
        """id IN (SELECT item_id FROM trackers_reference WHERE address IN (
            SELECT address FROM trackers_item WHERE id {these}
            UNION SELECT address FROM trackers_alias WHERE item_id {these}
        ))""",
        items,
    )


def mark_all() -> None:
    """The rules changed."""
    _insert("TRUE", [])


def mark_where(condition: str, values: Collection[int | str]) -> None:
    """Items that fit an SQL condition, in which ``{these}`` means to be one of ``values``."""
    if values:
        one_of, these = bulk.one_of(values)
        _insert(condition.format(these=one_of), [these] * condition.count("{these}"))


def take(most: int) -> list[int]:
    """The items that were marked first, not marked any more. Whoever marks one again from here on does
    it after us, and it is not lost."""
    ids = [id_ for (id_,) in bulk.fetch("SELECT item_id FROM trackers_due ORDER BY item_id LIMIT %s", [most])]
    if ids:
        one_of, these = bulk.one_of(ids)
        bulk.execute(f"DELETE FROM trackers_due WHERE item_id {one_of}", [these])  # noqa: S608 - a condition of ours
    return ids


def _insert(condition: str, values: Sequence[Any]) -> None:
    bulk.execute(
        f"INSERT INTO trackers_due (item_id) SELECT id FROM trackers_item WHERE {condition} ON CONFLICT DO NOTHING",  # noqa: S608
        values,
    )
