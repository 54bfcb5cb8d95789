"""From evidence to links: which pieces count, which are outranked, which contradict.

Evidence of the strongest rank decides, with three sentences on non-goals: they beat text rules; one
that the item itself matches by a rule stands beside any stronger link to a goal, as a contradiction;
a verdict settles it.
"""

from collections.abc import Iterable

from rules.book import Book
from rules.model import Evidence, Link, Strength

FIRMNESS = {"closes": 3, "links": 2, "mentions": 1}
"""Order among references. Evidence of any other kind is as firm as the firmest."""

Decided = tuple[tuple[Link, ...], tuple[Link, ...], tuple[Evidence, ...]]
"""Links to goals, links to non-goals, and what was outranked."""
NOTHING: Decided = ((), (), ())


def rank(evidence: Evidence) -> int:
    """More is stronger."""
    return evidence.strength * 4 + FIRMNESS.get(evidence.kind, 3)


def decide(book: Book, evidence: Iterable[Evidence]) -> Decided:
    """The links that the evidence gives, in whatever order it comes."""
    sorted_ = _sorted(book, evidence)
    if not sorted_:
        return NOTHING
    pro, contra = sorted_, []
    if not book.against.isdisjoint([piece.goal for piece in sorted_]):
        pro = [piece for piece in sorted_ if piece.goal not in book.against]
        contra = [piece for piece in sorted_ if piece.goal in book.against]
    if pro and contra:
        pro, contra = _weighed(pro, contra)
    links = _links(book, pro, ranked=True)
    against = _links(book, contra, ranked=False) if contra else ()
    counted = {link.goal for link in (*links, *against)}
    return links, against, tuple([piece for piece in sorted_ if piece.goal not in counted])


def _sorted(book: Book, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Strongest first, each once; of one rule there never is more than one."""
    each = {
        piece.source if piece.kind == "rule" else (piece.goal, piece.kind, piece.source, piece.via, piece.detail): piece
        for piece in evidence
    }
    if len(each) < 2:
        return list(each.values())
    order, first = book.order, len(book.order)

    def key(piece: Evidence) -> tuple[int | str, ...]:
        if piece.kind == "rule":
            return -rank(piece), order[piece.source]
        return -rank(piece), first, piece.goal, piece.kind, piece.source, piece.detail

    return sorted(each.values(), key=key)


def _weighed(pro: list[Evidence], contra: list[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Which side stands where some evidence is for a goal and some for a non-goal; both in a contradiction."""
    ahead = rank(pro[0]) - rank(contra[0])
    if ahead < 0 or (ahead == 0 and pro[0].strength <= Strength.TEXT_RULE):
        return [], contra
    if ahead > 0 and (pro[0].strength is Strength.VERDICT or not any(piece.kind == "rule" for piece in contra)):
        return pro, []
    return pro, contra


def _links(book: Book, sorted_: list[Evidence], *, ranked: bool) -> tuple[Link, ...]:
    """The goals at the strongest rank that has any, each with all that speaks for it.

    Deeper goals come first, then those of earlier rules; if ``ranked``, the first is the primary.
    """
    if not sorted_:
        return ()
    strength, goals = sorted_[0].strength, _foremost(book, sorted_)
    by_goal: dict[str, list[Evidence]] = {}
    for piece in sorted_:
        by_goal.setdefault(piece.goal, []).append(piece)
    return tuple([Link(goal, strength, tuple(by_goal[goal]), ranked and goal == goals[0]) for goal in goals])


def _foremost(book: Book, sorted_: list[Evidence]) -> list[str]:
    """The goals at the strongest rank, the deepest first."""
    strongest = rank(sorted_[0])
    goals: dict[str, None] = {}
    for piece in sorted_:
        if rank(piece) != strongest:
            break
        goals[piece.goal] = None
    return sorted(goals, key=book.depth, reverse=True) if len(goals) > 1 else [*goals]
