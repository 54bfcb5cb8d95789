"""Rows of a list of items, page by page, in times that do not grow with the store.

    walk the index that leaves fewest, a bounded stretch → keep what else was asked for → read the rows of the page.

Where little of the stretch fits, the page says so and goes on from there: it never reads everything to fill itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from heapq import nlargest
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer

from syncd.accounts.models import User
from syncd.strategy.models import Decision, Link
from syncd.trackers import access, bulk, doc
from syncd.trackers.listing.filters import Filters
from syncd.trackers.listing.leads import Lead, Place, lead_of
from syncd.trackers.models import Item, Tracker
from syncd.web.keyset import BadCursor

SIZE = 50
GLANCE, LOOK, STRETCH = 150, 600, 2_000
"""Items that are looked at for one page: few, as most fit mostly; where that does not fill it, more, then many."""
AMPLE = 2
"""So many times as many more as it takes, if they fit as often as those before: so the third look is rare."""
BATCH = 1_000
"""Items of one step where everything is asked for."""
_LOOKS = ("tracker_id", "container", "kind", "status_category", "updated_at", "deleted_at")


@dataclass(frozen=True, slots=True)
class Row:
    """One item, of which no more was read than lists show. ``goal``: its primary one. ``judged``: whether it was decided about yet."""

    item: Item
    owners: tuple[str, ...]
    goal: str
    exempt: str
    judged: bool


R = TypeVar("R", Row, int)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """``newer``, ``older``: cursors, empty where there is nothing. ``looked``: how many items were looked at, where the
    page is not full although there are more. ``order``: in words."""

    rows: Sequence[R]
    newer: str
    older: str
    order: str
    looked: int = 0


def rows(person: User, filters: Filters, after: str = "", size: int = SIZE) -> Page[Row]:
    """A page of the list, in a number of queries that does not depend on what is there.

    :raises BadCursor: ``after`` is none of this list
    """
    found = ids(person, filters, after, size)
    return Page(_rows(found.rows), found.newer, found.older, found.order, found.looked)


def ids(person: User, filters: Filters, after: str = "", size: int = SIZE) -> Page[int]:
    """The same by row ids alone, for who reads the items otherwise.

    :raises BadCursor: ``after`` is none of this list
    """
    lead, sees = lead_of(filters), _seen(access.sees(person), filters)
    back, place = _read(lead, after) if after else (False, None)
    walk = _Walk(lead, place, back, partial(_fitting, filters=filters, sees=sees))
    walk.until(size + 1)
    stretch, further, fitting = walk.looked, walk.further, walk.fitting
    kept, more = fitting[:size], len(fitting) > size
    if back and not (kept or further):
        return ids(person, filters, "", size)
    beyond = kept[-1] if more else stretch[-1] if further else None
    before = next(iter(kept or stretch), None) if after and lead.name not in _ONE_WAY else None
    ahead = _cursor(lead, beyond, back=back) if beyond else ""
    behind = _cursor(lead, before, back=not back) if before else ""
    if back:
        kept.reverse()
    newer, older = (ahead, behind) if back else (behind, ahead)
    looked = len(stretch) if further and not more else 0
    return Page([id_ for _, id_ in kept], newer, older, lead.says, looked)


@dataclass(slots=True)
class _Walk:
    """Along a lead, from ``place`` on: the places that were ``looked`` at, and what of them is asked for. ``further``: whether
    the lead goes on behind them."""

    lead: Lead
    place: Place | None
    back: bool
    fits: Callable[[Sequence[Place]], list[Place]]
    looked: list[Place] = field(default_factory=list)
    fitting: list[Place] = field(default_factory=list)
    further: bool = True

    def until(self, wanted: int) -> None:
        """Until so many fit, or it was far enough for one page."""
        for most in (GLANCE, LOOK, STRETCH):
            if self.further and len(self.fitting) < wanted:
                self._on(min(most, self._ample(wanted)) if most == LOOK else most)

    def _ample(self, wanted: int) -> int:
        """At how many to have looked by then, if as many of the others fit as did so far."""
        seen, fitting = len(self.looked), len(self.fitting)
        return seen + AMPLE * seen * (wanted - fitting) // fitting if fitting else LOOK

    def _on(self, upto: int) -> None:
        more = upto - len(self.looked)
        places = self.lead.fetch(self.looked[-1] if self.looked else self.place, self.back, more + 1)
        self.further = len(places) > more
        self.looked += places[:more]
        self.fitting += self.fits(places[:more])


_ONE_WAY = ("words", "owner", "label")
"""Orders that the index walks in one direction; a browser knows the way back."""


def every(filters: Filters) -> Iterator[Item]:
    """All that fits, by row id, so that memory stays flat: with tracker, parent and decision. Looks at every item of the
    store unless a tie is asked for. For the command line, which sees everything."""
    lead, last = lead_of(filters), 0
    tied = lead if lead.name in ("goal", "exempt", "unlinked") else _EVERYTHING
    sees = _seen(frozenset(Tracker.objects.filter(active=True).values_list("id", flat=True)), filters)
    whole = Item.objects.select_related("tracker", "decision", "parent").defer("decision__fingerprint").order_by("id")
    while places := tied.fetch((None, last), True, BATCH):
        last = places[-1][1]
        yield from whole.filter(id__in=[id_ for _, id_ in _fitting(places, filters, sees)])


def _all(place: Place | None, _rising: bool, most: int) -> list[Place]:
    ids = Item.objects.filter(id__gt=place[1] if place else 0).order_by("id").values_list("id", flat=True)
    return [(None, id_) for id_ in ids[:most]]


_EVERYTHING = Lead("id", "known first", _all)


def changed_last(filters: Filters, most: int) -> list[Item]:
    """The items that changed last of all that fit. Ends as soon as there are enough, where nothing but change leads."""
    if lead_of(filters).name != "changed":
        return nlargest(most, every(filters), key=lambda item: (item.updated_at, item.id))
    lead, place, kept = lead_of(filters), None, list[int]()
    sees = _seen(frozenset(Tracker.objects.filter(active=True).values_list("id", flat=True)), filters)
    while len(kept) < most and (places := lead.fetch(place, False, STRETCH)):
        place = places[-1]
        kept += [id_ for _, id_ in _fitting(places, filters, sees)]
    return [row.item for row in _rows(kept[:most])]


def _seen(trackers: frozenset[int], filters: Filters) -> frozenset[int]:
    """Ids of the trackers whose items are asked for and may be seen."""
    if not filters.tracker:
        return trackers
    return trackers & frozenset(Tracker.objects.filter(name__in=filters.tracker).values_list("id", flat=True))


def _fitting(places: Sequence[Place], filters: Filters, sees: frozenset[int]) -> list[Place]:
    """Those places whose items are asked for, in order."""
    deep = bool(filters.owner or filters.label)
    columns = ("id", *_LOOKS, *(["doc"] if deep else []), *(["title", "key"] if filters.text else []))
    ids = [id_ for _, id_ in places]
    looks = {row["id"]: row for row in bulk.select(Item, columns, id=ids)}
    tied, since = _tied(ids, filters), filters.after_day
    return [
        place
        for place in places
        if (look := looks.get(place[1])) and place[1] in tied and _fits(look, filters, sees, since)
    ]


def _tied(ids: Sequence[int], filters: Filters) -> frozenset[int]:
    """Those of the ids whose ties are asked for."""
    if filters.goal:
        return frozenset(row["item_id"] for row in bulk.select(Link, ["item_id"], item_id=ids, goal=filters.goal))
    if not (filters.unlinked or filters.exempt):
        return frozenset(ids)
    decided = bulk.select(Decision, ("item_id", "primary_goal", "exempt"), item_id=ids)
    if filters.exempt:
        return frozenset(row["item_id"] for row in decided if row["exempt"])
    return frozenset(row["item_id"] for row in decided if not row["primary_goal"] and not row["exempt"])


def _fits(look: Mapping[str, Any], filters: Filters, sees: frozenset[int], since: datetime | None) -> bool:
    return (
        look["tracker_id"] in sees
        and filters.deleted in (None, bool(look["deleted_at"]))
        and (not filters.container or look["container"] in filters.container)
        and (not filters.kind or look["kind"] in filters.kind)
        and (not filters.status or look["status_category"] in filters.status)
        and (since is None or look["updated_at"] >= since)
        and (not filters.text or _says(look, filters.text.casefold()))
        and (not (filters.owner or filters.label) or _deep(doc.loose(look["doc"]), filters))
    )


def _says(look: Mapping[str, Any], text: str) -> bool:
    return text in look["title"].casefold() or text in look["key"].casefold()


def _deep(more: Mapping[str, Any], filters: Filters) -> bool:
    owners = {person[1] for person in more.get("assignees", ())}
    labels = set(more.get("labels", ()))
    return bool(not filters.owner or owners & set(filters.owner)) and bool(
        not filters.label or labels & set(filters.label)
    )


def _rows(ids: Sequence[int]) -> list[Row]:
    found = Item.objects.select_related("tracker", "decision").only(*_SHOWS)
    rows = {row.id: row for row in found.filter(id__in=ids)}
    return [row_of(rows[id_]) for id_ in ids if id_ in rows]


_SHOWS = ("key", "title", "kind", "status", "status_category", "updated_at", "deleted_at", "doc", "tracker__kind",
          "decision__primary_goal", "decision__exempt")  # fmt: skip
"""What lists show of an item."""


def row_of(item: Item) -> Row:
    """:param item: with its tracker and its decision"""
    decision = getattr(item, "decision", None)
    owners = tuple(person[1] for person in doc.loose(item.doc).get("assignees", ()))
    return Row(
        item,
        owners,
        decision.primary_goal if decision else "",
        decision.exempt if decision else "",
        decision is not None,
    )


def _cursor(lead: Lead, place: Place, *, back: bool) -> str:
    at, id_ = place
    return _signer(lead).sign_object([back, at.isoformat() if at else None, id_])


def _read(lead: Lead, cursor: str) -> tuple[bool, Place]:
    try:
        back, at, id_ = _signer(lead).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise BadCursor from None
    return back, (datetime.fromisoformat(at) if at else None, id_)


def _signer(lead: Lead) -> Signer:
    return Signer(salt=f"items|{lead.name}")
