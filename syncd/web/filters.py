"""What somebody asks for of a list, as a value; the query string of an address says the same.

Each list names what may be asked of it as the fields of a class of its own, and reads them by the functions below.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest

from config.problems import nearest

LONGEST = 300
"""Characters of one value."""


class BadFilter(BadRequest):
    """Something asked for does not exist; the message says what does. Answered with 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is empty asks for everything. Of several values of one name any may hold, of several names all must."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is asked for, in a fixed order, without what goes without saying."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for name, default in defaults(type(self)).items():
            value = getattr(self, name)
            if value != default:
                for each in value if isinstance(value, tuple) else (value,):
                    yield name, "1" if each is True else str(each)

    @property
    def query(self) -> str:
        """The query string that asks for this; empty for the list as it comes."""
        return urlencode(self.pairs)

    def beside(self, fields: Collection[str]) -> list[tuple[str, str]]:
        """The pairs that a form does not hold with one field for each of these names: the first value of a name is in its
        field, every other has to be sent with the form."""
        held, left = set(), list[tuple[str, str]]()
        for name, value in self.pairs:
            if name in fields and name not in held:
                held.add(name)
            else:
                left.append((name, value))
        return left

    def without(self, name: str, value: str) -> Self:
        """The same without one pair."""
        held = getattr(self, name)
        rest = tuple(each for each in held if each != value) if isinstance(held, tuple) else defaults(type(self))[name]
        return replace(self, **{name: rest})


def defaults(kind: type[Asked]) -> Mapping[str, Any]:
    """Name of each filter -> what it is where nothing is asked."""
    return {field.name: field.default for field in fields(kind)}


def values_of(kind: type[Asked], query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a query string says of each filter. Names that are no filter are left to others."""
    return {name: [told for value in query.get(name, ()) if (told := _told(value))] for name in defaults(kind)}


def _told(value: str) -> str:
    return value.replace("\0", "").strip()[:LONGEST]


def last(values: Sequence[str]) -> str:
    """Of what holds one value; empty where there is none."""
    return values[-1] if values else ""


def each(values: Sequence[str]) -> tuple[str, ...]:
    """Of what may hold several, each once."""
    return tuple(dict.fromkeys(values))


def known(name: str, values: Sequence[str], words: Collection[str]) -> tuple[str, ...]:
    """:raises BadFilter: one of them is none of these words"""
    for value in values:
        if value not in words:
            raise BadFilter(f"{name}={value}: {nearest(value, words)}")
    return each(values)


def one_of(name: str, values: Sequence[str], words: Collection[str]) -> str:
    """The last value; empty where there is none.

    :raises BadFilter: it is none of these words
    """
    return last(known(name, values[-1:], words))


def switch(name: str, values: Sequence[str]) -> bool:
    """:raises BadFilter: something else than 1"""
    if values and values[-1] != "1":
        raise BadFilter(f"{name}={values[-1]}: expected {name}=1, or leave it out")
    return bool(values)


def day(name: str, values: Sequence[str]) -> date | None:
    """:raises BadFilter: it is no day"""
    if not values:
        return None
    try:
        return date.fromisoformat(values[-1])
    except ValueError:
        raise BadFilter(f"{name}={values[-1]}: expected a day, such as {name}=2026-11-20") from None


def days(name: str, values: Sequence[str], most: int) -> int:
    """A number of days; 0 where there is none.

    :raises BadFilter: it is none, or more than ``most``
    """
    if not values:
        return 0
    if not values[-1].isdecimal() or int(values[-1]) > most:
        raise BadFilter(f"{name}={values[-1]}: expected days, such as {name}=7")
    return int(values[-1])
