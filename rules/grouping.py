"""Orphans of one shape: work without parent, children or goal, of which many are alike.

One flag for each would be a flood, and one rule would repair them all. A *shape* is what such a rule
could name: a label or a component, within one container. Which shapes are told is a greedy set cover:
the largest first, then the one with most of what is left, each item under one shape. Chvátal, "A greedy
heuristic for the set-covering problem" (1979), bounds how many more flags that gives than the fewest
possible.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from heapq import heapify, heappop, heappush
from typing import Any, Literal, Self, TypeVar

from connectors.item import Item
from rules.match.folding import fold
from rules.match.lexicon import LONGEST

LEAST = 5
"""Orphans that make a group: fewer are as quickly repaired one by one as by a rule."""

SHAPE = "shape"
"""What the fingerprints of groups begin with."""

Side = Literal["label", "component"]
Key = TypeVar("Key")
Trait = tuple[Side, str]
"""What an item shares with others; the word is folded."""


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """A trait within one container of one tracker."""

    tracker: str
    container: str
    side: Side
    word: str

    @property
    def fingerprint(self) -> str:
        """Of the group's flag; no finding of an item has one like it."""
        return f"{SHAPE}|{self.tracker}|{self.container}|{self.side}:{self.word}"

    def says(self, items: int) -> str:
        """What the flag says about so many orphans."""
        return f"{items} items with {self.side} {self.word} in {self.container} serve no goal"

    def rule(self, goal: str, because: str) -> dict[str, Any]:
        """The rule that would repair it, as ``rules.yaml`` writes it, on trial. It is about work without a
        parent: what has one serves what the parent serves."""
        return {
            "id": self._rule_id(),
            "link": goal,
            "mode": "monitor",
            "because": because,
            "when": {
                "tracker": self.tracker,
                "container": self.container,
                self.side: self.word,
                "none": [{"parent": "*"}],
            },
        }

    def _rule_id(self) -> str:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.container}-{self.word}").strip("-._")
        return stem[:63].rstrip("-._").lower() or "shape"

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Self:
        """From what :meth:`as_json` gave."""
        return cls(values["tracker"], values["container"], values["side"], values["word"])


@dataclass(frozen=True, slots=True)
class Alike:
    """Unlinked items that nothing stands above or below, all with the same traits, in numbers: however many there are,
    what they share is said once."""

    tracker: str
    container: str
    traits: tuple[Trait, ...]
    items: int

    def shapes(self) -> Sequence[Shape]:
        return [Shape(self.tracker, self.container, side, word) for side, word in self.traits]


def traits(item: Item) -> tuple[Trait, ...]:
    """By what a rule could tell the item; words that it would take for patterns are left out."""
    found: set[Trait] = {("label", fold(label.strip())) for label in item.labels}
    found |= {("component", fold(component.strip())) for component in item.components}
    return tuple(sorted((side, word) for side, word in found if word and len(word) <= LONGEST and "*" not in word))


def cover(orphans: Iterable[Alike], kept: Collection[Shape] = ()) -> dict[Shape, int]:
    """The shapes that are told, each with how many orphans are counted under it: those that :func:`under` puts there.

    :param orphans: no two with the same traits in the same container
    :param kept: shapes about which somebody has decided: they stay told, and come first, however few are left
    """
    left: list[int] = []
    of: defaultdict[Shape, list[int]] = defaultdict(list)
    for place, alike in enumerate(orphans):
        left.append(alike.items)
        for shape in alike.shapes():
            of[shape].append(place)
    told = {shape: _take(of[shape], left) for shape in sorted(kept) if shape in of}
    sizes = {shape: _left(places, left) for shape, places in of.items() if shape not in told}
    waiting = [(-size, shape) for shape, size in sizes.items() if size >= LEAST]
    heapify(waiting)
    while waiting:
        size, shape = heappop(waiting)
        now = _left(of[shape], left)
        if now == -size:
            told[shape] = _take(of[shape], left)
        elif now >= LEAST:
            heappush(waiting, (-now, shape))  # some were taken since: it waits for its new turn
    return {shape: items for shape, items in told.items() if items}


def under(told: Iterable[Shape], orphans: Mapping[Key, Alike]) -> dict[Key, Shape]:
    """The shape that orphans are counted under, where there is one: of those that they have, the one that was told first.

    :param told: by :func:`cover`, in its order
    """
    turn = {shape: number for number, shape in enumerate(told)}
    known = list(turn)
    firsts = ((key, [turn[shape] for shape in alike.shapes() if shape in turn]) for key, alike in orphans.items())
    return {key: known[min(turns)] for key, turns in firsts if turns}


def _left(places: Iterable[int], left: Sequence[int]) -> int:
    return sum(left[place] for place in places)


def _take(places: Iterable[int], left: list[int]) -> int:
    taken = _left(places, left)
    for place in places:
        left[place] = 0
    return taken
