"""From evidence to links: which pieces count, which are outranked, which contradict.

Evidence of the strongest rank decides, with three sentences on non-goals: they beat text rules; one
that the item itself matches by a rule stands beside any stronger link to a goal, as a contradiction;
a verdict settles it.
"""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from rules.book import Book
from rules.model import Evidence, Link, Strength

FIRMNESS = {"closes": 3, "links": 2, "mentions": 1}
"""Order among references. Evidence of any other kind is as firm as the firmest."""

Decided = tuple[tuple[Link, ...], tuple[Link, ...], tuple[Evidence, ...]]
"""Links to goals, links to non-goals, and what was outranked."""
NOTHING: Decided = ((), (), ())
Place = tuple[int | str, ...]
"""Where evidence comes among others: by its :func:`rank`, strongest first; what is of one rank by the order of the
rules; what is of no rule after them."""
Ranked = tuple[Place, Evidence]


def rank(evidence: Evidence) -> int:
    """More is stronger."""
    return evidence.strength * 4 + FIRMNESS.get(evidence.kind, 3)


def decide(book: Book, evidence: Iterable[Evidence]) -> Decided:
    """The links that the evidence gives, in whatever order it comes."""
    ranked = _ranked(book, evidence)
    if not ranked:
        return NOTHING
    pro: list[Ranked] = ranked
    contra: list[Ranked] = []
    if not book.against.isdisjoint([piece.goal for _, piece in ranked]):
        pro = [each for each in ranked if each[1].goal not in book.against]
        contra = [each for each in ranked if each[1].goal in book.against]
    if pro and contra:
        pro, contra = _weighed(pro, contra)
    links = _links(book, pro, first=True) if pro else ()
    against = _links(book, contra, first=False) if contra else ()
    counted = [link.goal for link in (*links, *against)]
    return links, against, tuple([piece for _, piece in ranked if piece.goal not in counted])


def _ranked(book: Book, evidence: Iterable[Evidence]) -> list[Ranked]:
    """Strongest first, each once; of one rule there never is more than one."""
    each = {
        piece.source if piece.kind == "rule" else (piece.goal, piece.kind, piece.source, piece.via, piece.detail): piece
        for piece in evidence
    }
    ranked = [(_place(piece, book.order), piece) for piece in each.values()]
    ranked.sort(key=itemgetter(0))
    return ranked


def _place(piece: Evidence, order: Mapping[str, int]) -> Place:
    if piece.kind == "rule":
        return -rank(piece), order[piece.source]
    return -rank(piece), len(order), piece.goal, piece.kind, piece.source, piece.detail


def _weighed(pro: list[Ranked], contra: list[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
    """Which side stands where some evidence is for a goal and some for a non-goal; both in a contradiction."""
    best = pro[0][1]
    ahead = rank(best) - rank(contra[0][1])
    if ahead < 0 or (ahead == 0 and best.strength <= Strength.TEXT_RULE):
        return [], contra
    if ahead > 0 and (best.strength is Strength.VERDICT or not any(piece.kind == "rule" for _, piece in contra)):
        return pro, []
    return pro, contra


def _links(book: Book, ranked: list[Ranked], *, first: bool) -> tuple[Link, ...]:
    """The goals at the strongest rank that has any, each with all that speaks for it.

    Deeper goals come first, then those of earlier rules; the first is the primary, if there is to be one.
    """
    (strongest, *_), best = ranked[0]
    by_goal: dict[str, list[Evidence]] = {}
    for place, piece in ranked:
        if place[0] == strongest:
            by_goal.setdefault(piece.goal, []).append(piece)
        elif piece.goal in by_goal:
            by_goal[piece.goal].append(piece)
    goals = sorted(by_goal, key=book.depth, reverse=True) if len(by_goal) > 1 else [*by_goal]
    return tuple([Link(goal, best.strength, tuple(by_goal[goal]), first and goal is goals[0]) for goal in goals])
