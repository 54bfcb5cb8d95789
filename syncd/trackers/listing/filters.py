"""What somebody asks for of the items, as a value; the query string of an address says the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest

from config.problems import nearest
from connectors.item import KINDS, STATUS_CATEGORIES

LONGEST = 300
"""Characters of one value."""


class BadFilter(BadRequest):
    """Something asked for does not exist; the message says what does. Answered with 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; what is empty asks for everything. Of several values of one name any may hold, of several
    names all must.

    ``q``: words, as the search finds them. ``text``: part of the title or the key. ``status``: categories. ``goal``: ids;
    items with a link to one of them. ``unlinked``: serves no goal and is not exempt. ``exempt``: is exempt. ``owner``:
    names of assignees. ``since``: changed on that day (UTC) or later. ``deleted``: those that are not in their tracker any
    more, instead of those that are; None: both.
    """

    q: str = ""
    text: str = ""
    tracker: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    unlinked: bool = False
    exempt: bool = False
    owner: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    since: date | None = None
    deleted: bool | None = False

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> "Filters":
        """What a query string asks for. Names that are no filter are left to others.

        :raises BadFilter: a kind, a status, a day or a switch that is none, or two ties at once
        """
        asked = {name: [value.strip()[:LONGEST] for value in query.get(name, ()) if value.strip()] for name in NAMES}
        found = cls(
            q=" ".join(asked["q"][-1:]),
            text=" ".join(asked["text"][-1:]),
            since=_day(asked["since"]),
            unlinked=_switch("unlinked", asked["unlinked"]),
            exempt=_switch("exempt", asked["exempt"]),
            deleted=_switch("deleted", asked["deleted"]),
            **{name: _each(asked[name]) for name in ("tracker", "container", "goal", "owner", "label")},
            **{name: _known(name, asked[name], known) for name, known in _KNOWN.items()},
        )
        if sum([bool(found.goal), found.unlinked, found.exempt]) > 1:
            raise BadFilter("goal, unlinked and exempt exclude one another: ask for one of them")
        return found

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is asked for, in a fixed order."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            for each in value if isinstance(value, tuple) else (value,):
                yield field.name, "1" if each is True else str(each)

    @property
    def query(self) -> str:
        """The query string that asks for this; empty for everything."""
        return urlencode(self.pairs)

    def without(self, name: str, value: str) -> "Filters":
        """The same without one pair."""
        held = getattr(self, name)
        rest: Any = tuple(each for each in held if each != value) if isinstance(held, tuple) else _DEFAULTS[name]
        return replace(self, **{name: rest})

    @property
    def after_day(self) -> datetime | None:
        """The first moment of ``since``."""
        return datetime.combine(self.since, time.min, UTC) if self.since else None


_KNOWN: Mapping[str, Sequence[str]] = {"kind": KINDS, "status": STATUS_CATEGORIES}
_DEFAULTS = {field.name: field.default for field in fields(Filters)}
NAMES = tuple(_DEFAULTS)


def _each(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.replace("\0", "") for value in values))


def _known(name: str, values: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if value not in known:
            raise BadFilter(f"{name}={value}: {nearest(value, known)}")
    return tuple(dict.fromkeys(values))


def _switch(name: str, values: Sequence[str]) -> bool:
    if values and values[-1] != "1":
        raise BadFilter(f"{name}={values[-1]}: expected {name}=1, or leave it out")
    return bool(values)


def _day(values: Sequence[str]) -> date | None:
    if not values:
        return None
    try:
        return date.fromisoformat(values[-1])
    except ValueError:
        raise BadFilter(f"since={values[-1]}: expected a day, such as since=2026-11-20") from None
