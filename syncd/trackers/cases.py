"""Stored items as the rules want to see them: each with all that its judgement may depend on.

A batch is loaded in a handful of queries, however many items it has: the items and, level by level,
those above them (``shelf``), what they refer to with the levels above that, their children in numbers
(``crowds``), their past (``history``), and what people decided.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeVar

from connectors.item import Item as Incoming
from connectors.item import Ref
from rules.model import Case, Crowd, Referenced, Ruling, Start
from syncd.trackers import bulk, crowds, doc, history
from syncd.trackers.models import Alias, Item, Tracker
from syncd.trackers.shelf import Shelf

T = TypeVar("T")

COLUMNS = ("tracker__name", "doc", *doc.COLUMNS)
"""What :func:`one` needs of a row."""

Rulings = Callable[[Collection[int]], Mapping[int, tuple[Ruling, ...]]]
"""Row ids -> what people decided about those items, where they did; oldest first."""


def undecided(ids: Collection[int]) -> Mapping[int, tuple[Ruling, ...]]:  # noqa: ARG001 - it is one of Rulings
    """Nobody decided anything."""
    return {}


@dataclass(slots=True)
class _Facts:
    """Everything a batch of cases is made from, by row id."""

    shelf: Shelf = field(default_factory=Shelf)
    targets: Mapping[str, list[int]] = field(default_factory=dict)
    """Address -> the items that references to it mean."""
    rulings: Mapping[int, tuple[Ruling, ...]] = field(default_factory=dict)
    crowds: Mapping[int, Crowd] = field(default_factory=dict)
    starts: Mapping[int, Start] = field(default_factory=dict)
    fresh: Collection[int] = ()


def load(ids: Sequence[int], rulings: Rulings = undecided) -> dict[int, Case]:
    """Row id -> case, for those of ``ids`` that are on the :class:`Shelf`."""
    facts = _gather(ids)
    shelf = facts.shelf
    present = [id_ for id_ in ids if id_ in shelf.items]
    if not present:
        return {}
    facts.rulings = rulings(shelf.items.keys())
    facts.crowds = crowds.of(shelf.items.keys())
    facts.starts = history.starts(shelf, present)
    facts.fresh = history.fresh(shelf, present)
    return {id_: _case(facts, id_) for id_ in present}


def lines(ids: Sequence[int], rulings: Rulings = undecided, *, counted: bool = False) -> dict[int, Case]:
    """Row id -> case with what conditions look at and little else: the item, those above it, and what people
    decided about it.

    :param counted: with the item's children in numbers
    """
    facts = _Facts()
    shelf = facts.shelf
    shelf.fetch(ids)
    present = [id_ for id_ in ids if id_ in shelf.items]
    facts.rulings = rulings(present)
    facts.crowds = crowds.of(present) if counted else {}
    return {
        id_: Case(
            shelf.items[id_],
            shelf.of(above),
            cycle=cycle,
            state_since=shelf.status_since[id_],
            rulings=_known(shelf, facts.rulings, [id_]),
            crowds=_known(shelf, facts.crowds, [id_]),
        )
        for id_ in present
        for above, cycle in [shelf.line(id_)]
    }


def after(position: int, most: int) -> list[int]:
    """The next row ids of items that are not deleted, in order."""
    query = "SELECT id FROM trackers_item WHERE id > %s AND deleted_at IS NULL ORDER BY id LIMIT %s"
    return [id_ for (id_,) in bulk.fetch(query, [position, most])]


def read_by(ids: Sequence[int]) -> dict[int, set[int]]:
    """Row id -> the items (by row id) that its judgement reads, itself among them."""
    facts = _gather(ids)
    lines = {id_: [id_, *facts.shelf.line(id_)[0]] for id_ in ids if id_ in facts.shelf.items}
    return {id_: _members(facts, line, _pointed(facts, line)) for id_, line in lines.items()}


def line(id_: int) -> list[int]:
    """The row ids of an item and of those above it that are not deleted, in no order."""
    above = """WITH RECURSIVE line(id, parent_id) AS (
            SELECT id, parent_id FROM trackers_item WHERE id = %s AND deleted_at IS NULL
            UNION SELECT item.id, item.parent_id FROM trackers_item item JOIN line ON item.id = line.parent_id
            WHERE item.deleted_at IS NULL
        ) SELECT id FROM line"""
    return [found for (found,) in bulk.fetch(above, [id_])] or [id_]


def one(row: Mapping[str, Any]) -> Incoming:
    """The item of a row of :data:`COLUMNS` values."""
    return doc.unpack(row["tracker__name"], row, row["doc"])


def by_id(ids: Iterable[str]) -> dict[str, tuple[int, Incoming]]:
    """Item id (``tracker:native id``) -> row id and item."""
    wanted: dict[str, set[str]] = {}
    for id_ in ids:
        tracker, _, native_id = id_.partition(":")
        wanted.setdefault(tracker, set()).add(native_id)
    trackers = Tracker.objects.filter(name__in=wanted).values_list("name", "id")
    return {
        item.id: (row["id"], item)
        for name, tracker_id in trackers
        for row in bulk.select(Item, ("id", "doc", *doc.COLUMNS), tracker_id=tracker_id, native_id=wanted[name])
        for item in [doc.unpack(name, row, row["doc"])]
    }


def _gather(ids: Sequence[int]) -> _Facts:
    """The items, those above them, and what they all refer to."""
    facts = _Facts()
    facts.shelf.fetch(ids)
    facts.targets = _targets({ref.address for item in facts.shelf.items.values() for ref in item.refs})
    facts.shelf.fetch({target for found in facts.targets.values() for target in found})
    return facts


def _targets(addresses: set[str]) -> dict[str, list[int]]:
    """Address -> the items that have it; those that once had it count where nobody has it now."""
    if not addresses:
        return {}
    targets: dict[str, list[int]] = {}
    for row in sorted(bulk.select(Item, ("id", "address"), address=addresses, deleted_at=None), key=itemgetter("id")):
        targets.setdefault(row["address"], []).append(row["id"])
    past = bulk.select(Alias, ("item_id", "address"), address=addresses - targets.keys())
    for row in sorted(past, key=itemgetter("item_id")):
        targets.setdefault(row["address"], []).append(row["item_id"])
    return targets


def _case(facts: _Facts, id_: int) -> Case:
    shelf = facts.shelf
    above, cycle = shelf.line(id_)
    line = [id_, *above]
    pointed = _pointed(facts, line)
    members = _members(facts, line, pointed)
    return Case(
        item=shelf.items[id_],
        ancestors=shelf.of(above),
        references=tuple([_referenced(shelf, id_, *pointer) for pointer in pointed]),
        cycle=cycle,
        state_since=shelf.status_since[id_],
        rulings=_known(shelf, facts.rulings, members),
        crowds=_known(shelf, facts.crowds, members),
        start=facts.starts.get(id_),
        old=id_ not in facts.fresh,
    )


def _pointed(facts: _Facts, line: Sequence[int]) -> list[tuple[int, Ref, int]]:
    """Who of a line points how at which stored item."""
    items = facts.shelf.items
    return [
        (by, ref, target)
        for by in line
        for ref in items[by].refs
        for target in facts.targets.get(ref.address, ())
        if target not in (line[0], by) and target in items
    ]


def _referenced(shelf: Shelf, id_: int, by: int, ref: Ref, target: int) -> Referenced:
    pointer = "" if by == id_ else shelf.items[by].id
    return Referenced(ref, shelf.items[target], shelf.of(shelf.line(target)[0]), pointer)


def _members(facts: _Facts, line: Sequence[int], pointed: Iterable[tuple[int, Ref, int]]) -> set[int]:
    """Every item of a case."""
    return {*line, *(member for _, _, target in pointed for member in (target, *facts.shelf.line(target)[0]))}


def _known(shelf: Shelf, known: Mapping[int, T], members: Iterable[int]) -> Mapping[str, T]:
    """What is known of the items of a case, by item id."""
    if not known:
        return _NOTHING
    return {shelf.items[id_].id: known[id_] for id_ in members if id_ in known}


_NOTHING: Mapping[str, Any] = {}
