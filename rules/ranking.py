"""From evidence to links: which pieces count, which are outranked, which contradict.

Evidence of the strongest rank decides, with three sentences on non-goals: they beat text rules; one
that the item itself matches by a rule stands beside any stronger link to a goal, as a contradiction;
a verdict settles it.
"""

from collections.abc import Iterable

from rules.book import Book
from rules.model import Evidence, Link, Strength
from rules.placing import Placed, rank

Decided = tuple[tuple[Link, ...], tuple[Link, ...], tuple[Evidence, ...]]
"""Links to goals, links to non-goals, and what was outranked."""
NOTHING: Decided = ((), (), ())
Ranked = list[Placed]
"""Strongest first."""
Served = dict[str, list[Evidence]]
"""By goal, strongest first."""


def decide(book: Book, evidence: Iterable[Placed]) -> Decided:
    """The links that the evidence gives, each piece of it once, in whatever order they come."""
    ranked = sorted(evidence)
    if not ranked:
        return NOTHING
    pro: Ranked = ranked
    contra: Ranked = []
    if book.against:
        pro = [each for each in ranked if each.piece.goal not in book.against]
        contra = [each for each in ranked if each.piece.goal in book.against]
    if pro and contra:
        pro, contra = _weighed(pro, contra)
    served, opposed = _served(pro), _served(contra)
    links, against = _links(book, served, first=True), _links(book, opposed, first=False)
    outranked = [piece for _, piece in ranked if piece.goal not in served and piece.goal not in opposed]
    return links, against, tuple(outranked)


def _weighed(pro: Ranked, contra: Ranked) -> tuple[Ranked, Ranked]:
    """Which side stands where some evidence is for a goal and some for a non-goal; both in a contradiction."""
    best = pro[0].piece
    ahead = rank(best) - rank(contra[0].piece)
    if ahead < 0 or (ahead == 0 and best.strength <= Strength.TEXT_RULE):
        return [], contra
    if ahead > 0 and (best.strength is Strength.VERDICT or not any(piece.kind == "rule" for _, piece in contra)):
        return pro, []
    return pro, contra


def _served(ranked: Ranked) -> Served:
    """The goals at the strongest rank that has any, each with all that speaks for it."""
    served: Served = {}
    strongest = ranked[0].place[0] if ranked else 0
    for place, piece in ranked:
        if piece.goal in served:
            served[piece.goal].append(piece)
        elif place[0] == strongest:
            served[piece.goal] = [piece]
    return served


def _links(book: Book, served: Served, *, first: bool) -> tuple[Link, ...]:
    """Deeper goals come first, then those of earlier rules; the first is the primary, if there is to be one."""
    goals = sorted(served, key=book.depths.__getitem__, reverse=True) if len(served) > 1 else served
    links = []
    for goal in goals:
        pieces = served[goal]
        links.append(Link(goal, pieces[0].strength, tuple(pieces), first))
        first = False
    return tuple(links)
