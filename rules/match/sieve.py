"""Which of many clauses can hold for an item at all, told from its values before any is tried.

Most rules want one of a few labels, words or kinds, and most items have none of them. Each such want is a
*need*: without a value that meets it the clause is False, whatever the time and whatever else the item has. The
needs of all clauses are indexed by value, so that an item is looked up once for each of its values, however
many rules there are. What is left is tried; it need not hold.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from rules.match.clause import Clause, Way
from rules.match.view import View

T = TypeVar("T")
Read = Callable[[View], Iterable[Any]]

KEPT = 4_096
"""Values of one name of which it is kept whom they suit: labels are few, people's names may be many."""


class Sieve(Generic[T]):
    """Over clauses, each with something that stands for it.

    Sets of clauses are the bits of a number. The first needs of all clauses are its lowest bits, the second
    needs the next, and so on; who has no need there has it met from the start.
    """

    def __init__(self, clauses: Sequence[Clause], members: Sequence[T]) -> None:
        self._all = (1 << len(clauses)) - 1
        self._shifts = [len(clauses) * turn for turn in range(max((len(one.needs) for one in clauses), default=0))]
        open_ = 0
        ways: defaultdict[Read, list[tuple[int, Way]]] = defaultdict(list)
        for place, clause in enumerate(clauses):
            for shift, need in zip(self._shifts, clause.needs, strict=False):
                open_ |= 1 << (place + shift)
                for way in need:
                    ways[way.read].append((1 << (place + shift), way))
        self._met = ~open_
        self._suited = [(read, _Suited(some)) for read, some in ways.items()]
        self._among = lru_cache(KEPT)(partial(_among, members))

    def passing(self, view: View) -> tuple[T, ...]:
        """Those that can hold, in order."""
        met, left = self._met, self._all
        for read, suited in self._suited:
            for value in read(view):
                met |= suited[value]
        for shift in self._shifts:
            left &= met >> shift
        return self._among(left)


def _among(members: Sequence[T], bits: int) -> tuple[T, ...]:
    """The members of a set."""
    return tuple(member for place, member in enumerate(members) if bits >> place & 1)


class _Suited(dict[Any, int]):
    """Value -> the needs, as bits, that it meets; computed when first asked for."""

    def __init__(self, ways: Iterable[tuple[int, Way]]) -> None:
        super().__init__()
        self._ways = tuple(ways)

    def __missing__(self, value: Any) -> int:
        if len(self) >= KEPT:
            self.clear()
        met = 0
        for bit, way in self._ways:
            if way.suits(value):
                met |= bit
        self[value] = met
        return met
