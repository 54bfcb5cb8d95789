"""The groups of changes. Each is a table to which rows are only added: it is read from its end, by row id, until the
moment is reached or enough was read. So nothing is counted or sorted, however long the past is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from connectors.item import OPEN
from rules.model import Strategy
from syncd.review.models import Event, Verdict
from syncd.strategy import versions
from syncd.strategy.models import Decision, PastDecision, StrategyVersion
from syncd.trackers import bulk, doc
from syncd.trackers.models import Item, Tracker, Version

MOST = 100
"""Rows that are looked at for one page of a group."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change in words. ``item``: row id of the item it is about, ``flag`` that of the flag; 0 where there is none."""

    at: datetime
    word: str
    tone: str
    glyph: str
    title: str
    says: str = ""
    key: str = ""
    kind: str = ""
    """Of the tracker."""
    item: int = 0
    flag: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changes, the newest first. ``below``: row id to go on under; 0 where nothing is left."""

    rows: Sequence[Changed]
    below: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """``read``: changes since a moment among the rows below an id, of which so many are looked at, and the id to go on
    under."""

    name: str
    title: str
    nothing: str
    read: Callable[[datetime, int, int], Batch]


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


def since_then(since: datetime, most: int) -> list[tuple[Group, Batch]]:
    """The beginning of every group: so many rows each, and whether there are more."""
    return [(group, _cut(group.read(since, 0, most + 1), most)) for group in GROUPS.values()]


def batch(group: str, since: datetime, below: int) -> Batch:
    """One page of one group. :raises KeyError: there is no such group"""
    return GROUPS[group].read(since, below, MOST)


def _cut(found: Batch, most: int) -> Batch:
    return Batch(found.rows[:most], found.below or (1 if len(found.rows) > most else 0))


def _new_items(since: datetime, below: int, most: int) -> Batch:
    found = Item.objects.filter(tracker__active=True).select_related("tracker").only(*_ITEM)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.first_known_at > since]
    return Batch([_new(row) for row in late], rows[-1].id if len(late) == most else 0)


_ITEM = ("title", "key", "status", "fate", "created_at", "first_known_at", "deleted_at", "tracker__kind")
"""Of an item, what is told about it."""


def _new(row: Item) -> Changed:
    word = ("Gone again", "warn", "circle-off") if row.deleted_at else ("New", "info", "plus")
    return _about(row, row.first_known_at, *word, says=f"{row.status}, created {row.created_at:%Y-%m-%d}")


def _about(row: Item | _Named, at: datetime, word: str, tone: str, glyph: str, says: str = "") -> Changed:
    kind = row.kind if isinstance(row, _Named) else row.tracker.kind
    return Changed(at, word, tone, glyph, row.title or row.key, says, row.key, kind, item=row.id)


def _moves(since: datetime, below: int, _most: int) -> Batch:
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


def _gone(since: datetime, below: int, most: int) -> Batch:
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


def _ties(since: datetime, below: int, _most: int) -> Batch:
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


def _flags(since: datetime, below: int, most: int) -> Batch:
    told = (
        "at",
        "state",
        "because",
        "flag__message",
        "flag__opened_at",
        "flag__item__key",
        "flag__item__tracker__kind",
    )
    found = Event.objects.select_related("flag__item__tracker").only(*told)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.at > since]
    return Batch([_flagged(row) for row in late], rows[-1].id if len(late) == most else 0)


def _flagged(event: Event) -> Changed:
    flag = event.flag
    again = event.state == "open" and event.at > flag.opened_at
    word = _STATES["again" if again else event.state]
    item = flag.item
    key, kind = (item.key, item.tracker.kind) if item else ("", "")
    return Changed(event.at, *word, flag.message, event.because, key, kind, flag=flag.id)


_STATES = {
    "open": ("Opened", "warn", "flag"),
    "again": ("Came back", "bad", "rotate-ccw"),
    "resolved": ("Resolved", "good", "circle-check"),
    "snoozed": ("Snoozed", "calm", "alarm-clock"),
    "exempt": ("Exempt", "calm", "circle-slash"),
}


def _directions(since: datetime, below: int, most: int) -> Batch:
    found = StrategyVersion.objects.only("applied_at", "author", "message")
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.applied_at > since]
    told = [
        Changed(
            row.applied_at, "In force", "info", "compass", f"Version {row.id} of strategy and rules", _direction(row)
        )
        for row in late
    ]
    return Batch(told, rows[-1].id if len(late) == most else 0)


def _direction(version: StrategyVersion) -> str:
    by = f"by {version.author}" if version.author else ""
    return ": ".join(part for part in (by, version.message) if part)


def _verdicts(since: datetime, below: int, most: int) -> Batch:
    told = ("flag__message", "item__key", "item__title", "item__tracker__kind")
    own = [field.name for field in Verdict._meta.concrete_fields if field.name != "before"]  # noqa: SLF001
    found = Verdict.objects.filter(of=None).select_related("flag", "item__tracker").only(*own, *told)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.made_at > since]
    return Batch([_decided(row) for row in late], rows[-1].id if len(late) == most else 0)


def _decided(verdict: Verdict) -> Changed:
    word = ("Taken back", "warn", "undo-2") if verdict.undone_at else ("Decided", "info", "gavel")
    item = verdict.item
    title = verdict.flag.message if verdict.flag else f"{item.key} {item.title}" if item else "A flag that is no more"
    key, kind = (item.key, item.tracker.kind) if item else ("", "")
    return Changed(verdict.made_at, *word, title, verdict.says, key, kind, flag=verdict.flag_id or 0)


GROUPS: Mapping[str, Group] = {
    group.name: group
    for group in (
        Group("direction", "Strategy and rules", "Strategy and rules are as they were.", _directions),
        Group("flags", "Flags", "No flag opened, came back or was resolved.", _flags),
        Group("decisions", "Decisions", "Nobody decided anything.", _verdicts),
        Group("ties", "Goals of items", "Every item serves what it served.", _ties),
        Group("moves", "Work that moved", "No item came into another status.", _moves),
        Group("new", "New items", "No item is new.", _new_items),
        Group("gone", "Gone items", "No item left its tracker.", _gone),
    )
}
