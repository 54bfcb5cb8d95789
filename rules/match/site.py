"""One key of a condition as it was written, and the ways to read its value strictly."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from typing import Any

from rules.match.clause import Clause
from rules.match.errors import BadCondition, Path, unknown, written
from rules.match.folding import plain
from rules.match.lexicon import LONGEST, Lexicon

MOST = 1000
"""Values in one list, keys in one mapping."""


DEEPEST = 12
"""Groups and conditions on other items inside one another."""
CLAUSES = 5_000
"""Clauses of a whole rule set, counted as they are compiled: YAML aliases multiply."""


WORDS = 100_000
"""Words of a whole rule set, counted in the same way."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A condition on a parent or ancestor: what descendants look for in an item."""

    clause: Clause
    key: str
    """The same for conditions that ask the same."""
    negated: bool
    """Whether it stands under ``none``: then a match quotes why it does not hold."""


@dataclass(slots=True)
class Scope:
    """What the conditions of one rule set share."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    about_kin: list[Sought] = field(default_factory=list)
    about_state: bool = False
    """Whether a condition looks at how long an item is in its state, which is known of a case's own item only."""
    clauses: int = 0
    words: int = 0
    joined: int = 1
    """Conditions that are joined into one, of which each is within the limits: together they are so many times as
    long, and a level deeper."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is written under one key, where that is, and what its matcher may use."""

    value: Any
    path: Path
    scope: Scope
    condition: Callable[["Site"], Clause]
    """Compiles the value of a site as a condition."""
    depth: int = 0
    negated: bool = False
    """Whether it stands somewhere under ``none``."""

    def nested(self) -> Clause:
        """The value compiled as a condition, one level down."""
        if self.depth >= DEEPEST + (self.scope.joined > 1):
            raise self.refuse(f"conditions stand more than {DEEPEST} deep inside one another: split the rule")
        return self.condition(replace(self, depth=self.depth + 1))

    @property
    def name(self) -> str:
        return str(self.path[-1])

    def refuse(self, message: str) -> BadCondition:
        return BadCondition(self.path, message)

    def counted(self) -> "Site":
        """This site, as one clause more of the rule set."""
        self.scope.clauses += 1
        if self.scope.clauses > CLAUSES * self.scope.joined:
            raise self.refuse(f"the rules have more than {CLAUSES} clauses together")
        return self

    def at(self, step: str | int, value: Any) -> "Site":
        """The site of a value inside this one."""
        return replace(self, value=value, path=(*self.path, step))

    def mapping(self, *known: str) -> dict[str, "Site"]:
        """The value as a mapping with some of these keys, at least one; any keys when none are named."""
        if not isinstance(self.value, Mapping) or not self.value:
            keys = ", ".join(known) or "its names"
            raise self.refuse(f"expected keys and values, with the keys {keys}; got {written(self.value)}")
        if len(self.value) > MOST:
            raise self.refuse(f"there are {len(self.value)} keys, allowed are {MOST}")
        for key in self.value:
            if not isinstance(key, str):
                raise self.refuse(f"the key {written(key)} is not a word: put it in quotes")
            if len(key) > LONGEST:
                raise self.refuse(f"a key has {len(key)} characters, allowed are {LONGEST}")
            if known and key not in known:
                raise self.at(key, None).refuse(unknown("key", key, known))
        return {key: self.at(key, value) for key, value in self.value.items()}

    def list(self) -> Iterable["Site"]:
        """The value as a list, or a single value as a list of one."""
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        if not values:
            raise self.refuse("the list is empty: name at least one value, or leave the key out")
        if len(values) > MOST:
            raise self.refuse(f"the list has {len(values)} values, allowed are {MOST}")
        if not isinstance(self.value, list | tuple):
            return [self]
        return [self.at(index, value) for index, value in enumerate(values)]

    def words(self, known: Collection[str] = (), *, truth: bool = False) -> tuple[str, ...]:
        """The value as a list of words: strings or numbers, not empty, not longer than ``LONGEST``;
        only ``known`` ones if there are any, and also true and false with ``truth``."""
        return tuple(site.word(known, truth=truth) for site in self.list())

    def word(self, known: Collection[str] = (), *, truth: bool = False) -> str:
        self.scope.words += 1
        if self.scope.words > WORDS * self.scope.joined:
            raise self.refuse(f"the rules have more than {WORDS} words together")
        if isinstance(self.value, bool) and not truth:
            raise self.refuse(f"expected a word, got {str(self.value).lower()}: put it in quotes if the word is meant")
        if not isinstance(self.value, str | int | float):
            raise self.refuse(f"expected a word or a list of words, got {written(self.value)}")
        try:
            word = "".join(plain(self.value)).strip()
        except ValueError:
            raise self.refuse("the number has too many digits: put it in quotes if the word is meant") from None
        if not word:
            raise self.refuse("the word is empty")
        if len(word) > LONGEST:
            raise self.refuse(f"the word has {len(word)} characters, allowed are {LONGEST}")
        if known and word not in known:
            raise self.refuse(unknown("value", word, known))
        return word

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.refuse(f"expected true or false, got {written(self.value)}")
        return self.value

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.refuse(f"expected a number, got {written(self.value)}")
        try:
            number = float(self.value)
        except OverflowError:
            number = inf
        if not isfinite(number):
            raise self.refuse(f"expected a number, got {written(self.value)}")
        return number


Build = Callable[[Site], Clause]
"""Reads a value strictly and compiles it.

:raises BadCondition: the value is not what the matcher takes
"""
