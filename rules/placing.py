"""Where a piece of evidence comes among others.

Told once, where the evidence is made: a rule gives the same few pieces to many items, and an item the same to
all below it.
"""

import sys
from typing import NamedTuple

from rules.model import Evidence

FIRMNESS = {"closes": 3, "links": 2, "mentions": 1}
"""Order among references. Evidence of any other kind is as firm as the firmest."""
LAST = sys.maxsize

Place = tuple[int | str, ...]
"""By :func:`rank`, strongest first; what is of one rank by the order of the rules; what is of no rule after them.
No two pieces that differ have one place, so that sorting never compares pieces."""


class Placed(NamedTuple):
    """A piece of evidence with its place."""

    place: Place
    piece: Evidence


def rank(piece: Evidence) -> int:
    """More is stronger."""
    return piece.strength * 4 + FIRMNESS.get(piece.kind, 3)


def placed(piece: Evidence) -> Placed:
    """What is of no rule."""
    return Placed((-rank(piece), LAST, piece.goal, piece.kind, piece.source, piece.detail, piece.via), piece)


def of_rule(piece: Evidence, order: int) -> Placed:
    """What a rule says, of which there never is more than one piece; ``order`` is its place among the rules."""
    return Placed((-rank(piece), order), piece)
