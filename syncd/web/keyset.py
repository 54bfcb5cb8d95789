"""Pages of a list, found by the row that they begin after.

A page costs the same wherever it stands: nothing is counted or skipped, and what is added or decided meanwhile neither
doubles a row nor hides one. The cursor in the address is signed: it means nothing for another list, order or service.

Where more is asked than an index knows, a page looks at some rows of the list and says so: it never reads all of them to
fill itself.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.db.models import Field, Model, Q, QuerySet

from syncd.trackers.kept import Given, kept

SIZE = 50
"""Rows of a page where nobody says otherwise."""
LOOK = 5_000
"""Rows that are looked at for one page at most; it ends as soon as it is full."""

Place = Sequence[Any]
"""A row of the list, by its values in the columns of the order."""

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


class BadCursor(BadRequest):
    """The place in the list is not one that this service gave out; answered with 400."""

    def __init__(self) -> None:
        super().__init__(
            "The address names a place in this list that is not known (any more): open the list without “after”."
        )


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in order. ``newer`` and ``older`` are cursors of the pages before and after; empty where there is
    none. ``looked``: how many rows were looked at, where the page is not full although there are more."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""
    looked: int = 0


def page(
    queryset: QuerySet[M],
    order: Sequence[str],
    cursor: str = "",
    size: int = SIZE,
    fits: Callable[[QuerySet[M]], QuerySet[M]] | None = None,
) -> Page[M]:
    """One page, in one query; the first where nothing is left at the cursor's place: with ``fits``, on the way back only.

    :param order: columns of the model itself that hold no NULL, ``-`` before those that fall; the last is unique
    :param cursor: of an earlier answer for the same model and order; empty for the first page
    :param fits: leaves those rows that are shown, by what no index knows in this order; takes a query more, or two
    :raises BadCursor: it is none of those
    """
    turn = _Turn.at(queryset.model, order, cursor)
    found = turn.ahead(queryset, turn.place)
    edge = _edge(found, order) if fits else None
    if edge:
        found = found.filter(_up_to(turn.wanted, edge))
    rows = list((fits(found) if fits else found)[: size + 1])
    if not rows and turn.place and (not fits or (turn.back and not edge)):
        return page(queryset, order, "", size, fits)
    begin = rows[0] if rows else found.first() if turn.place else None
    return turn.page(rows, size, edge, begin)


def kept_page(
    name: Hashable, model: type[M], build: Callable[[], QuerySet[M]], order: Sequence[str], cursor: str, size: int
) -> Page[M]:
    """:func:`page` of what many ask for: its statement is written once.

    :param name: all that the list depends on besides its place, see :func:`syncd.trackers.kept.kept`
    """
    turn = _Turn.at(model, order, cursor)
    columns = [_column(model, name) for name in order] if turn.place else []

    def ahead() -> QuerySet[M]:
        return turn.ahead(build(), [Given(column.name, column) for column in columns])[: size + 1]

    statement = kept((name, model, tuple(turn.wanted), bool(turn.place), size), ahead)
    rows = statement.rows(**{column.name: value for column, value in zip(columns, turn.place, strict=True)})
    if not rows and turn.place:
        return kept_page(name, model, build, order, "", size)
    return turn.page(rows, size, begin=next(iter(rows), None))


@dataclass(frozen=True, slots=True)
class _Turn(Generic[M]):
    """Where in a list somebody stands, and whether they go back from there. ``place``: empty at its start."""

    model: type[M]
    order: Sequence[str]
    back: bool = False
    place: Place = ()

    @classmethod
    def at(cls, model: type[M], order: Sequence[str], cursor: str) -> "_Turn[M]":
        return cls(model, order, *_read(model, order, cursor)) if cursor else cls(model, order)

    @property
    def wanted(self) -> Sequence[str]:
        """The order of what is ahead."""
        return [_turned(name) for name in self.order] if self.back else self.order

    def ahead(self, queryset: QuerySet[M], place: Place) -> QuerySet[M]:
        found = queryset.order_by(*self.wanted)
        return found.filter(_beyond(self.wanted, place)) if place else found

    def page(self, rows: list[M], size: int, edge: Place | None = None, begin: M | None = None) -> Page[M]:
        """:param rows: what is ahead; one more than fits, where there is more
        :param edge: the last row that was looked at, where that was not the last of all
        :param begin: the first row, else the first that was looked at: from there the way leads back
        """
        more, rows = len(rows) > size, rows[:size]
        beyond = _place(rows[-1], self.order) if more else edge
        ahead = _cursor(self.model, self.order, beyond, back=self.back) if beyond else ""
        before = _place(begin, self.order) if self.place and begin else None
        behind = _cursor(self.model, self.order, before, back=not self.back) if before else ""
        if self.back:
            rows.reverse()
        newer, older = (ahead, behind) if self.back else (behind, ahead)
        return Page(rows, newer, older, LOOK if edge and not more else 0)


def capped(queryset: QuerySet[Any], most: int = 1_000) -> int:
    """How many rows there are, counted up to ``most + 1``: that one means "more"."""
    return queryset.order_by()[: most + 1].count()


def _edge(found: QuerySet[Any], order: Sequence[str]) -> Place | None:
    """The last row to look at; None where there are no more."""
    places = found.select_related(None).values_list(*(name.lstrip("-") for name in order))
    last = places[LOOK - 1 : LOOK + 1]
    return last[0] if len(last) > 1 else None


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], place: Place, *, itself: bool = False) -> Q:
    """Rows after this place. The first column alone bounds them as well, so that an index leads there."""
    (name, *names), (value, *values) = order, place
    column, side = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    if not names:
        return Q(**{f"{column}__{side}{'e' if itself else ''}": value})
    further = Q(**{f"{column}__{side}": value})
    return Q(**{f"{column}__{side}e": value}) & (further | _beyond(names, values, itself=itself))


def _up_to(order: Sequence[str], place: Place) -> Q:
    """Rows before this place, and that one."""
    return _beyond([_turned(name) for name in order], place, itself=True)


def _place(row: Model, order: Sequence[str]) -> Place:
    return [getattr(row, name.lstrip("-")) for name in order]


def _cursor(model: type[Model], order: Sequence[str], place: Place, *, back: bool) -> str:
    return _signer(model, order).sign_object([back, *map(_plain, place)])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(model: type[Model], order: Sequence[str], cursor: str) -> tuple[bool, Place]:
    try:
        back, *values = _signer(model, order).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise BadCursor from None
    return back, [_column(model, name).to_python(value) for name, value in zip(order, values, strict=True)]


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    return model._meta.get_field(name.lstrip("-"))  # type: ignore[return-value]  # noqa: SLF001  its public way in


def _signer(model: type[Model], order: Sequence[str]) -> Signer:
    return Signer(salt=f"{model._meta.label}|{','.join(order)}")  # noqa: SLF001
