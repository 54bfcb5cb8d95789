"""How many children items have, in numbers: what tells a catch-all from an epic."""

from collections.abc import Collection, Iterable, Mapping

import orjson

from rules.model import Crowd
from syncd.trackers import bulk

FLOOR = 10
"""Fewer children than this prove nothing about what they have in common: their components are not read."""
SAMPLE = 60
"""Children of one item whose components are read: those that came last."""


def of(parents: Collection[int]) -> dict[int, Crowd]:
    """Row id -> its children, for those of ``parents`` that have any that are not deleted."""
    counted = _counted(parents)
    mixed = _mixed([id_ for id_, (children, _) in counted.items() if children >= FLOOR])
    return {id_: Crowd(children, open_, mixed.get(id_, 0)) for id_, (children, open_) in counted.items()}


def _counted(parents: Collection[int]) -> dict[int, tuple[int, int]]:
    """Children, and how many of them are open. Answered by the index ``item_children`` alone."""
    one_of, these = bulk.one_of(parents)
    rows = bulk.fetch(
        f"""SELECT parent_id, COUNT(*), SUM(CASE WHEN status_category IN ('todo', 'in_progress') THEN 1 ELSE 0 END)
            FROM trackers_item WHERE parent_id IS NOT NULL AND parent_id {one_of} AND deleted_at IS NULL GROUP BY parent_id""",  # noqa: S608
        [these],
    )
    return {parent: (children, open_) for parent, children, open_ in rows}


def _mixed(parents: Collection[int]) -> Mapping[int, int]:
    """How many different components the last children of each have; labels where none has a component."""
    if not parents:
        return {}
    one_of, these = bulk.one_of(parents)
    components, labels = bulk.json_text("doc", "components"), bulk.json_text("doc", "labels")
    rows = bulk.fetch(
        f"""SELECT parent_id, {components}, {labels} FROM (
                SELECT parent_id, doc, ROW_NUMBER() OVER (PARTITION BY parent_id ORDER BY id DESC) AS place
                FROM trackers_item WHERE parent_id IS NOT NULL AND parent_id {one_of} AND deleted_at IS NULL
            ) AS children WHERE place <= %s""",  # noqa: S608
        [these, SAMPLE],
    )
    read: dict[int, tuple[set[str], set[str]]] = {}
    for parent, *values in rows:
        for words, value in zip(read.setdefault(parent, (set(), set())), values, strict=True):
            words.update(_words(value))
    return {parent: len(parts or tags) for parent, (parts, tags) in read.items()}


def _words(value: str | None) -> Iterable[str]:
    return orjson.loads(value) if value else ()
