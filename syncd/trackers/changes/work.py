"""What became of items: new ones, those that moved or are gone, and what they serve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from connectors.item import OPEN
from rules.calendar import spelled
from rules.model import Strategy
from syncd.strategy import versions
from syncd.strategy.models import Decision, PastDecision
from syncd.trackers import bulk, doc
from syncd.trackers.changes.shapes import MOST, Batch, Changed
from syncd.trackers.models import Item, Tracker, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """Of an item, what is told about it. ``kind``: of its tracker."""

    id: int
    title: str
    key: str
    kind: str
    status: str
    status_category: str
    container: str


def new_items(since: datetime, below: int, most: int) -> Batch:
    found = Item.objects.filter(tracker__active=True).select_related("tracker").only(*_ITEM)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.first_known_at > since]
    return Batch([_new(row) for row in late], rows[-1].id if len(late) == most else 0)


_ITEM = ("title", "key", "status", "fate", "created_at", "first_known_at", "deleted_at", "tracker__kind")
"""Of an item, what is told about it."""


def _new(row: Item) -> Changed:
    word = ("Gone again", "warn", "circle-off") if row.deleted_at else ("New", "info", "plus")
    return _about(row, row.first_known_at, *word, says=f"{row.status}, created {spelled(row.created_at)}")


def _about(row: Item | _Named, at: datetime, word: str, tone: str, glyph: str, says: str = "") -> Changed:
    kind = row.kind if isinstance(row, _Named) else row.tracker.kind
    return Changed(at, word, tone, glyph, row.title or row.key, says, row.key, kind, item=row.id)


def moves(since: datetime, below: int, _most: int) -> Batch:
    """Items that came into another status or place, from one version to the next; few versions are that, so that many
    are looked at."""
    found = Version.objects.filter(id__lt=below) if below else Version.objects.all()
    rows = list(found.order_by("-id").values_list("id", "item_id", "known_to", "doc")[:MOST])
    late = [row for row in rows if row[2] > since]
    items = _items({row[1] for row in late})
    became: dict[int, Mapping[str, str]] = {id_: {n: getattr(item, n) for n in _MOVES} for id_, item in items.items()}
    if below:
        became |= _later(items, below)
    moved: list[Changed] = []
    for _, item, at, frozen in late:
        if item not in items:
            continue
        was, now = doc.loose(frozen)["columns"], became[item]
        became[item] = was
        moved += _moved(items[item], at, was, now)
    return Batch(moved, rows[-1][0] if len(late) == MOST else 0)


_MOVES = ("status", "status_category", "container")


def _later(items: Mapping[int, _Named], below: int) -> dict[int, Mapping[str, str]]:
    """What items were in their first version from here on, for those that have one."""
    one_of, these = bulk.one_of(items)
    rows = bulk.fetch(
        f"""SELECT version.item_id, version.doc FROM trackers_version version JOIN (
                SELECT MIN(id) AS id FROM trackers_version WHERE item_id {one_of} AND id >= %s GROUP BY item_id
            ) first ON first.id = version.id""",  # noqa: S608 - a condition of ours
        [these, below],
    )
    return {item: doc.loose(frozen)["columns"] for item, frozen in rows}


def _moved(item: _Named, at: datetime, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Changed]:
    way = f"{was['status']} → {now['status']}"
    if was["container"] != now["container"]:
        yield _about(item, at, "Moved", "info", "move-right", f"{was['container']} → {now['container']}")
    if was["status"] == now["status"]:
        return
    if now["status_category"] in OPEN and was["status_category"] not in OPEN:
        yield _about(item, at, "Reopened", "warn", "rotate-ccw", way)
    elif now["status_category"] == "done" and was["status_category"] != "done":
        yield _about(item, at, "Done", "good", "circle-check", way)
    elif now["status_category"] == "cancelled" and was["status_category"] != "cancelled":
        yield _about(item, at, "Cancelled", "calm", "circle-slash", way)
    else:
        yield _about(item, at, "Moved on", "calm", "arrow-right", way)


def _items(ids: set[int]) -> dict[int, _Named]:
    """Those of trackers that are watched."""
    kinds = {row["id"]: row["kind"] for row in bulk.select(Tracker, ("id", "kind"), active=True)}
    rows = bulk.select(Item, ("id", "title", "key", "tracker_id", *_MOVES), id=ids, tracker_id=kinds)
    return {row["id"]: _Named(kind=kinds[row.pop("tracker_id")], **row) for row in rows}


def gone(since: datetime, below: int, most: int) -> Batch:
    found = Item.objects.filter(tracker__active=True, deleted_at__gt=since).select_related("tracker").only(*_ITEM)
    if below:  # an id stands for its time: those that went at the same moment are in order of their ids
        at = Item.objects.filter(id=below).values_list("deleted_at", flat=True).first() or since
        found = found.filter(Q(deleted_at__lt=at) | Q(deleted_at=at, id__lt=below), deleted_at__lte=at)
    rows = list(found.order_by("-deleted_at", "-id")[: most + 1])
    told = [
        _about(row, row.deleted_at or since, "Gone", "warn", "circle-off", _FATES.get(row.fate, row.fate))
        for row in rows
    ]
    return Batch(told[:most], rows[most - 1].id if len(rows) > most else 0)


_FATES = {
    "moved": "Out of what syncd reads",
    "trashed": "In its tracker's bin",
    "gone": "Deleted in its tracker",
    "forbidden": "Deleted, or hidden from syncd",
}


def ties(since: datetime, below: int, _most: int) -> Batch:
    """Items that serve another goal than before; those that are judged for the first time are new anyway. Many are looked
    at: a decision that was replaced may serve what it served."""
    found = PastDecision.objects.filter(id__lt=below) if below else PastDecision.objects.all()
    rows = list(found.order_by("-id").values_list("id", "item_id", "ended_at", "primary_goal", "exempt")[:MOST])
    late = [row for row in rows if row[2] > since]
    items, strategy = _items({row[1] for row in late}), versions.strategy_in_force()
    decided = Decision.objects.filter(item__in=items).values_list("item_id", "primary_goal", "exempt")
    became = {item: (goal, exempt) for item, goal, exempt in decided}
    if below:
        became |= _decided_later(items, below)
    told: list[Changed] = []
    for _, item, at, goal, exempt in late:
        if item not in items:
            continue
        now = became.get(item, ("", ""))
        became[item] = (goal, exempt)
        if now != (goal, exempt):
            told.append(_tied(items[item], at, (goal, exempt), now, strategy))
    return Batch(told, rows[-1][0] if len(late) == MOST else 0)


def _decided_later(items: Mapping[int, _Named], below: int) -> dict[int, tuple[str, str]]:
    one_of, these = bulk.one_of(items)
    rows = bulk.fetch(
        f"""SELECT past.item_id, past.primary_goal, past.exempt FROM strategy_pastdecision past JOIN (
                SELECT MIN(id) AS id FROM strategy_pastdecision WHERE item_id {one_of} AND id >= %s GROUP BY item_id
            ) first ON first.id = past.id""",  # noqa: S608 - a condition of ours
        [these, below],
    )
    return {item: (goal, exempt) for item, goal, exempt in rows}


def _tied(item: _Named, at: datetime, was: tuple[str, str], now: tuple[str, str], strategy: Strategy) -> Changed:
    (goal, _), (before, _) = now, was
    says = f"{_serves(was, strategy)} → {_serves(now, strategy)}"
    if goal and before:
        return _about(item, at, "Another goal", "info", "shuffle", says)
    if goal:
        return _about(item, at, "Linked", "good", "link", says)
    if before:
        return _about(item, at, "Link lost", "warn", "unlink", says)
    return _about(item, at, "Exempt" if now[1] else "No longer exempt", "calm", "circle-slash", says)


def _serves(decided: tuple[str, str], strategy: Strategy) -> str:
    goal, exempt = decided
    if goal:
        return strategy.by_id[goal].title if goal in strategy.by_id else goal
    return f"exempt ({exempt})" if exempt else "no goal"
