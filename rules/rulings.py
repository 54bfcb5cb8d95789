"""What people decided about an item, as evidence and as exemptions."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rules.book import Book
from rules.model import Evidence, Ruling, Strength
from rules.placing import Placed, placed
from rules.standing import Exemption

Ruled = tuple[list[Placed], tuple[Evidence, ...], Exemption]
"""The evidence that counts, what was put aside, and the exemption."""


def live(rulings: Sequence[Ruling], now: datetime) -> Sequence[Ruling]:
    """Those that still count, oldest first."""
    return [ruling for ruling in rulings if ruling.until is None or now < ruling.until]


def ruled(book: Book, rulings: Sequence[Ruling], evidence: Sequence[Placed], exemption: Exemption) -> Ruled:
    """What the item's own evidence and exemption become by these rulings.

    Put aside are verdicts for goals that the strategy no longer has, and where somebody exempted the item,
    what its rules say. What people said in the tracker (labels, the goal field, parents, references) stays.
    """
    exemption = next((_exemption(ruling) for ruling in reversed(rulings) if ruling.kind == "exempt"), exemption)
    verdicts = [*dict.fromkeys(_verdicts(rulings))]
    aside = [_ended(piece) for piece in verdicts if piece.goal not in book.goals]
    aside += [each.piece for each in evidence if exemption.ruled and each.piece.kind == "rule"]
    counts = [each for each in evidence if not (exemption.ruled and each.piece.kind == "rule")]
    return [*counts, *(placed(piece) for piece in verdicts if piece.goal in book.goals)], tuple(aside), exemption


def _verdicts(rulings: Sequence[Ruling]) -> Iterator[Evidence]:
    for ruling in rulings:
        if ruling.kind == "link":
            detail = _worded(f"was linked to it by {ruling.author}", ruling.reason)
            yield Evidence(ruling.target, Strength.VERDICT, "verdict", ruling.author, detail)


def _ended(piece: Evidence) -> Evidence:
    detail = f"{piece.detail} (the strategy no longer has “{piece.goal}”)"
    return Evidence(piece.goal, piece.strength, piece.kind, piece.source, detail)


def _exemption(ruling: Ruling) -> Exemption:
    return Exemption(ruling.target, _worded(f"was exempted by {ruling.author}", ruling.reason), ruled=True)


def _worded(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what
