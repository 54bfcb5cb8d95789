"""Finds items and goals by their words: what is called exactly so first, then the best of those that were known last.

Never all that match are ranked: of a word that stands in every item, ranking would grow with the store. A window of
the newest matches is ranked; whoever goes on gets the next window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connectors.refs import address_of_url
from rules.model import Goal
from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.strategy import versions
from syncd.trackers import access, bulk
from syncd.trackers.find import addresses, spelled
from syncd.trackers.models import Alias, Item
from syncd.trackers.search import table
from syncd.trackers.search.wording import LONGEST_ASKED, Asked, asked, words
from syncd.web.keyset import BadCursor

WINDOW = 200
"""Matches that are ranked together."""
SIZE = 25
MOST_GOALS = 10
MOST_EXACT, MOST_AT_ALL = 10, 99
_NARROW = ("doc", "decision__explanation", "decision__fingerprint")
"""What no list shows, and what is wide."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item or a goal. ``exact``: it is called so, by its key, its address or a key that it had before."""

    kind: Literal["item", "goal"]
    item: Item | None = None
    goal: Goal | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, best first. ``older``: cursor of what comes after; empty where nothing does."""

    hits: Sequence[Hit]
    older: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """``below``: the window begins under this row id; ``past``: so many of its best were shown."""

    below: int | None = None
    past: int = 0

    @classmethod
    def of(cls, cursor: str) -> "_Place":
        """:raises BadCursor: it is none"""
        if not cursor:
            return cls()
        below, dot, past = cursor.partition(".")
        if not (dot and len(cursor) < 30 and past.isascii() and past.isdigit() and int(past) <= WINDOW):
            raise BadCursor
        if below and not (below.isascii() and below.isdigit() and len(below) < 19):
            raise BadCursor
        return cls(int(below) if below else None, int(past))

    def __str__(self) -> str:
        return f"{self.below if self.below is not None else ''}.{self.past}"


def find(person: User, text: str, kinds: Sequence[str] = ("item", "goal"), after: str = "", size: int = SIZE) -> Found:
    """What somebody looks for, in a number of queries that does not depend on what is there.

    :param text: anything; of very long texts the beginning counts
    :raises BadCursor: ``after`` is none of these
    """
    place = _Place.of(after)
    question, text = asked(text), text[:LONGEST_ASKED].replace("\0", " ").strip()
    if not question.phrases or not may(person, Act.READ):
        return Found(())
    first: list[Hit] = []
    exact: list[Item] = []
    if "item" in kinds:
        exact = called(person, text)
    if not after:
        first = [Hit("item", item=item, exact=True) for item in exact]
        first += [Hit("goal", goal=goal) for goal in (goals(question) if "goal" in kinds else ())]
    if "item" not in kinds:
        return Found(first)
    ranked, older = _window(person, question, place, size, {item.id for item in exact})
    return Found([*first, *(Hit("item", item=item) for item in ranked)], older)


def called(person: User, text: str) -> list[Item]:
    """Items with this key, address or URL, now or before; found by index alone."""
    called_so = addresses(text)
    if address := address_of_url(text):
        called_so.append(address)
    before = Alias.objects.filter(address__in=called_so).values_list("item_id", flat=True)[:MOST_EXACT]
    now = Item.objects.filter(address__in=called_so).values_list("id", flat=True)[:MOST_AT_ALL]
    named = {*spelled(text).values_list("id", flat=True)[:MOST_AT_ALL]}
    found = _rows(person, [*{*named, *now}, *before])
    return sorted(found.values(), key=lambda item: (item.deleted_at is not None, item.id not in named, item.id))[
        :MOST_EXACT
    ]


def goals(question: Asked) -> list[Goal]:
    """Goals in whose id, title, owner or reason every word stands; the last may be a beginning."""
    found = [goal for goal in versions.strategy_in_force().goals if _has(goal, question)]
    return found[:MOST_GOALS]


def _has(goal: Goal, question: Asked) -> bool:
    there = list(words(f"{goal.id} {goal.title} {goal.owner} {goal.why}"))
    *whole, last = [word for phrase in question.phrases for word in phrase]
    return all(word in there for word in whole) and any(word.startswith(last) for word in there)


def _window(person: User, question: Asked, place: _Place, size: int, shown: set[int]) -> tuple[list[Item], str]:
    """The next best of the window, and the cursor of what follows. Those in ``shown`` were shown before."""
    matching = table.matching(question, WINDOW + 1, place.below)
    window, further = matching[:WINDOW], len(matching) > WINDOW
    sees = access.sees(person)
    looks = bulk.select(Item, ("id", "tracker_id", "key", "title", "status_category", "deleted_at"), id=window)
    ranked = sorted(
        (look for look in looks if look["tracker_id"] in sees and look["id"] not in shown),
        key=lambda look: _rank(look, question),
    )
    ids = [look["id"] for look in ranked[place.past : place.past + size]]
    rows = _rows(person, ids)
    here = [rows[id_] for id_ in ids if id_ in rows]
    if len(ranked) > place.past + size:
        return here, str(_Place(place.below, place.past + size))
    return here, str(_Place(window[-1], 0)) if further else ""


def _rank(look: Mapping[str, Any], question: Asked) -> tuple[bool, int, bool, int]:
    """Those that are there before those that went; whose title says it; open before closed; known last first."""
    there = set(words(f"{look['key']} {look['title']}"))
    missing = sum(word not in there for phrase in question.phrases for word in phrase)
    closed = look["status_category"] in ("done", "cancelled")
    return look["deleted_at"] is not None, missing, closed, -look["id"]


def _rows(person: User, ids: Sequence[int]) -> dict[int, Item]:
    sees = access.sees(person)
    rows = Item.objects.filter(id__in=ids).select_related("tracker", "decision").defer(*_NARROW)
    return {row.id: row for row in rows if row.tracker_id in sees}
