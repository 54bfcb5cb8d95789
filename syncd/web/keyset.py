"""Pages of a list, found by the row that they begin after.

A page costs the same wherever it stands: nothing is counted or skipped, and what is added or decided meanwhile neither
doubles a row nor hides one. The cursor in the address is signed: it means nothing for another list, order or service.

Where more is asked than an index knows, a page looks at some rows of the list and says so: it never reads all of them to
fill itself.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.db.models import Field, Model, Q, QuerySet

from syncd.trackers.kept import Given, Kept, kept

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


def page(queryset: QuerySet[M], order: Sequence[str], cursor: str = "", size: int = SIZE) -> Page[M]:
    """One page, in one query; the first where nothing is left at the cursor's place.

    :param order: columns of the model itself that hold no NULL, ``-`` before those that fall; the last is unique
    :param cursor: of an earlier answer for the same model and order; empty for the first page
    :raises BadCursor: it is none of those
    """
    turn = _Turn.at(queryset.model, order, cursor)
    rows = list(turn.ahead(queryset, turn.place)[: size + 1])
    if not rows and turn.place:
        return page(queryset, order, "", size)
    return turn.page(rows, size, begin=next(iter(rows), None))


@dataclass(frozen=True, slots=True)
class Walk(Generic[M]):
    """Rows of ``model`` that many ask for: the statement is written once for each ``name``, which is all that they depend on
    besides their place (:func:`syncd.trackers.kept.kept`); None: they are others every time."""

    name: Hashable
    model: type[M]
    build: Callable[[], QuerySet[M]]


def kept_page(
    walk: Walk[M],
    order: Sequence[str],
    cursor: str,
    size: int,
    fits: Callable[[QuerySet[M]], QuerySet[M]] | None = None,
) -> Page[M]:
    """:func:`page` along a walk. With ``fits``, the first page stands in for one where nothing is left on the way back only.

    :param fits: leaves those rows that are shown, by what no index knows in this order; takes a query more, or two
    """
    turn = _Turn.at(walk.model, order, cursor)
    edge = turn.edge(walk) if fits else ()
    rows = turn.rows(walk, size + 1, fits, edge)
    if not rows and turn.place and (not fits or (turn.back and not edge)):
        return kept_page(walk, order, "", size, fits)
    begin = next(iter(rows), None)
    if not begin and turn.place:
        begin = turn.ahead(walk.build(), turn.place).first()
    return turn.page(rows, size, edge, begin)


def merged_page(walks: Sequence[Walk[M]], order: Sequence[str], cursor: str, size: int) -> Page[M]:
    """:func:`page` along several walks at once, none of which meets a row of another: a query for each."""
    turn = _Turn.at(walks[0].model, order, cursor)
    rows = [row for walk in walks for row in turn.rows(walk, size + 1)]
    for name in reversed(turn.wanted):
        rows.sort(key=attrgetter(name.lstrip("-")), reverse=name.startswith("-"))
    if not rows and turn.place:
        return merged_page(walks, order, "", size)
    return turn.page(rows[: size + 1], size, begin=next(iter(rows), None))


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
    def columns(self) -> "Sequence[Field[Any, Any]]":
        return [_column(self.model, name) for name in self.order]

    @property
    def wanted(self) -> Sequence[str]:
        """The order of what is ahead."""
        return [_turned(name) for name in self.order] if self.back else self.order

    def ahead(self, queryset: QuerySet[M], place: Place) -> QuerySet[M]:
        found = queryset.order_by(*self.wanted)
        return found.filter(_beyond(self.wanted, place)) if place else found

    def edge(self, walk: Walk[M]) -> Place:
        """The last row to look at for a page; empty where no more are ahead."""

        def asked() -> QuerySet[M]:
            found = self.ahead(walk.build(), self.place and self._given("place")).select_related(None)
            return found.only(*(column.name for column in self.columns))[LOOK - 1 : LOOK + 1]

        last = self._statement(walk.name, ("edge", LOOK), asked).rows(**self._told(place=self.place))
        return _place(last[0], self.order) if len(last) > 1 else ()

    def rows(
        self, walk: Walk[M], most: int, fits: Callable[[QuerySet[M]], QuerySet[M]] | None = None, edge: Place = ()
    ) -> list[M]:
        """What is ahead, up to the edge."""

        def asked() -> QuerySet[M]:
            found = self.ahead(walk.build(), self.place and self._given("place"))
            if edge:
                found = found.filter(_up_to(self.wanted, self._given("edge")))
            return (fits(found) if fits else found)[:most]

        statement = self._statement(walk.name, ("rows", most, bool(edge)), asked)
        return statement.rows(**self._told(place=self.place, edge=edge))

    def _statement(self, name: Hashable, what: tuple[Hashable, ...], build: Callable[[], QuerySet[M]]) -> Kept[M]:
        if name is None:
            return Kept(build())
        return kept((name, *what, self.model, tuple(self.wanted), bool(self.place)), build)

    def _given(self, what: str) -> Place:
        """A place that is told whenever the statement is asked."""
        return [Given(f"{what}_{column.name}", column) for column in self.columns]

    def _told(self, **places: Place) -> dict[str, Any]:
        return {
            f"{what}_{column.name}": value
            for what, place in places.items()
            for column, value in zip(self.columns, place, strict=bool(place))
        }

    def page(self, rows: list[M], size: int, edge: Place = (), begin: M | None = None) -> Page[M]:
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
