"""Shares that say what is not known: between which bounds the truth lies, and no number where too little is seen.

Certain is only what was read while its tracker answered and hangs on firm evidence. What is out of date, hidden, not
judged yet or linked by mere words may be part or not: the interval holds both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.model import Strength
from syncd.strategy.tally.models import Tally
from syncd.strategy.tally.reading import Amount, Unit, total

ENOUGH = 0.6
"""Of the work that must be seen as it is now; below that no share is told."""
WEAK = Strength.TEXT_RULE
"""Links up to this strength may be chance: words that match, a parent that swallows everything."""

Row = tuple[tuple[str, str, int], Amount]
"""Side, name and strength of some work, and how much it is."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the work: as it looks, and between which bounds it is. ``seen``: the share of all work that was read
    while its tracker answered."""

    likely: float
    low: float
    high: float
    seen: float

    @property
    def told(self) -> bool:
        return self.seen >= ENOUGH

    @property
    def exact(self) -> bool:
        return round(self.low, 2) == round(self.high, 2)


@dataclass(frozen=True, slots=True)
class Blind:
    """What is not known of a day's work, in items."""

    items: int
    stale: int
    hidden: int
    waiting: int
    weak: int

    @property
    def is_nothing(self) -> bool:
        return not (self.stale or self.hidden or self.waiting or self.weak)


def blind(rows: Sequence[Row]) -> Blind:
    return Blind(
        items=sum(amount.items for (side, _, _), amount in rows if side in Tally.WHOLE),
        stale=sum(amount.stale for (side, _, _), amount in rows if side in Tally.WHOLE),
        hidden=sum(amount.items for (side, _, _), amount in rows if side == Tally.HIDDEN),
        waiting=sum(amount.items for (side, _, _), amount in rows if side == Tally.WAITING),
        weak=sum(amount.items for (side, _, strength), amount in rows if side == Tally.GOAL and strength <= WEAK),
    )


def share(rows: Sequence[Row], side: str, names: Iterable[str] | None = None, unit: Unit = "items") -> Share | None:
    """The share of all work that is on a side, or has one of some names there; None where there is no work.

    Hidden work weighs like the mean of what is seen. In points and in time, what is out of date among alike work has
    its share of them by number.

    :param rows: of :data:`Tally.WHOLE` and of hidden work
    """
    whole = [(key, amount) for key, amount in rows if key[0] in Tally.WHOLE]
    everything = total(amount for _, amount in whole)
    if not everything.of(unit):
        return None
    names = None if names is None else frozenset(names)
    inside = [(key, amount) for key, amount in whole if key[0] == side and (names is None or key[1] in names)]
    unseen = sum(amount.items for (where, _, _), amount in rows if where == Tally.HIDDEN)
    hidden = unseen * everything.of(unit) / everything.items
    all_of_it = everything.of(unit) + hidden
    open_ = sum(_stale(amount, unit) for _, amount in whole) + hidden
    open_ += sum(_fresh(amount, unit) for key, amount in whole if key[0] == Tally.WAITING)
    firm = sum(_fresh(amount, unit) for key, amount in inside if not _is_weak(key))
    weak = sum(_fresh(amount, unit) for key, amount in inside if _is_weak(key))
    if side == Tally.UNLINKED:  # what hangs on words only may serve nothing
        weak += sum(_fresh(amount, unit) for key, amount in whole if _is_weak(key))
    judged = everything.of(unit) - sum(amount.of(unit) for key, amount in whole if key[0] == Tally.WAITING)
    return Share(
        likely=sum(amount.of(unit) for _, amount in inside) / judged if judged else 0.0,
        low=firm / all_of_it,
        high=min(1.0, (firm + weak + open_) / all_of_it),
        seen=max(0.0, 1 - open_ / all_of_it),
    )


def _is_weak(key: tuple[str, str, int]) -> bool:
    return key[0] == Tally.GOAL and key[2] <= WEAK


def _stale(amount: Amount, unit: Unit) -> float:
    return amount.of(unit) * amount.stale / amount.items if amount.items else 0.0


def _fresh(amount: Amount, unit: Unit) -> float:
    return amount.of(unit) - _stale(amount, unit)
