"""Whose copies may be out of date: marked by whoever changes what a partner sees, taken by the publisher."""

from collections.abc import Collection, Sequence
from datetime import datetime

from syncd.sharing.models import Deal, Edited
from syncd.trackers import bulk

_DOWN = """WITH RECURSIVE down(id) AS (
    SELECT id FROM trackers_item WHERE id {these}
    UNION SELECT child.id FROM trackers_item child JOIN down ON child.parent_id = down.id
) SELECT id FROM down"""
"""The items and all below them."""


def mark(items: Collection[int]) -> None:
    """These items (by row id) were judged, since something that they read from has changed. Marks nothing where
    there is no partner.

    A filter may ask for something far above an item, of which its judgement may say nothing: where one does, all
    that is below is marked as well.
    """
    filters = _filters()
    if not items or not filters:
        return
    one_of, these = bulk.one_of(items)
    below = any(_looks_up(where) for where in filters)
    query = _DOWN if below else "SELECT id FROM trackers_item WHERE id {these}"
    _insert(_CHANGED, query.format(these=one_of), [these])


def mark_found(deal: Deal, items: Collection[int]) -> None:
    """The agreement was edited, and these items are shared by it."""
    if items:
        one_of, these = bulk.one_of(items)
        query = f"SELECT deal.id, item.id FROM sharing_deal deal, trackers_item item WHERE deal.id = %s AND item.id {one_of}"  # noqa: S608
        _insert(_EDITED, query, [deal.pk, these])


def mark_shown(deal: Deal, condition: str = "TRUE") -> None:
    """All that a partner sees or would see is to be looked at again, because the agreement is another.

    :param condition: SQL about the rows of ``Shown``
    """
    _insert(_EDITED, f"SELECT deal_id, item_id FROM sharing_shown WHERE deal_id = %s AND {condition}", [deal.pk])  # noqa: S608


def mark_turned(now: datetime) -> None:
    """Time alone may have shared or withheld these."""
    _insert(_CHANGED, "SELECT DISTINCT item_id FROM sharing_shown WHERE turns_at <= %s", [bulk.stamp(now)])


def mark_left(trackers: Collection[int]) -> None:
    """These trackers are no longer read: what is shown of them goes."""
    one_of, these = bulk.one_of(trackers)
    query = f"""SELECT DISTINCT shown.item_id FROM sharing_shown shown JOIN trackers_item item ON item.id = shown.item_id
        WHERE item.tracker_id {one_of}"""  # noqa: S608 - a condition of ours
    _insert(_CHANGED, query, [these])


def mark_back(trackers: Collection[int]) -> None:
    """These trackers are read again: each of their items may be shown, once its stream is fresh. Marks nothing where
    there is no partner."""
    if not _filters():
        return
    one_of, these = bulk.one_of(trackers)
    query = f"SELECT id FROM trackers_item WHERE deleted_at IS NULL AND tracker_id {one_of}"  # noqa: S608 - the same
    _insert(_CHANGED, query, [these])


def first(most: int, frozen: Sequence[int], hidden: Sequence[tuple[int, str]]) -> dict[int, bool]:
    """The next items, each with whether it is looked at because an agreement was edited: such come first.

    :param frozen: streams whose items wait, since what we know of them is out of date
    :param hidden: the same of parts of a stream: its id and the container
    """
    edited = bulk.fetch("SELECT DISTINCT item_id FROM sharing_edited ORDER BY item_id LIMIT %s", [most])
    if edited:
        return dict.fromkeys([id_ for (id_,) in edited], True)
    one_of, these = bulk.one_of(frozen)
    parts = " AND NOT (item.stream_id = %s AND item.container = %s)" * len(hidden)
    rows = bulk.fetch(
        f"""SELECT item_id FROM sharing_pending LEFT JOIN trackers_item item ON item.id = item_id
            WHERE item.id IS NULL OR item.deleted_at IS NOT NULL OR (NOT (item.stream_id {one_of}){parts})
            ORDER BY item_id LIMIT %s""",  # noqa: S608 - conditions of ours
        [these, *(value for part in hidden for value in part), most],
    )
    return dict.fromkeys([id_ for (id_,) in rows], False)


def done(items: Collection[int]) -> None:
    """Their copies are up to date. To be called in the transaction in which :func:`first` named them."""
    if items:
        one_of, these = bulk.one_of(items)
        for table in ("sharing_pending", "sharing_edited"):
            bulk.execute(f"DELETE FROM {table} WHERE item_id {one_of}", [these])  # noqa: S608 - a condition of ours


def edited(deal: Deal) -> bool:
    """Whether items still wait to be looked at because this agreement is another."""
    return Edited.objects.filter(deal=deal).exists()


def _filters() -> list[object]:
    """The filters of all agreements that are in force or wait."""
    live = Deal.objects.filter(ended_at=None).values_list("approved__where", "draft__where")
    return [where for both in live for where in both if where is not None]


def _looks_up(where: object) -> bool:
    """Whether a condition asks about items above."""
    if isinstance(where, dict):
        return bool({"ancestor", "parent"} & where.keys()) or any(map(_looks_up, where.values()))
    return isinstance(where, list) and any(map(_looks_up, where))


_CHANGED, _EDITED = "sharing_pending (item_id)", "sharing_edited (deal_id, item_id)"


def _insert(into: str, query: str, values: Sequence[object]) -> None:
    # the parser of SQLite takes ON after a SELECT without WHERE for a join
    rows = f"SELECT * FROM ({query}) AS found WHERE TRUE"  # noqa: S608 - queries of ours
    bulk.execute(f"INSERT INTO {into} {rows} ON CONFLICT DO NOTHING", values)
