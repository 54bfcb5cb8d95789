"""Pages of a list, found by the row that they begin after.

A page costs the same wherever it stands: nothing is counted or skipped, and what is added or decided meanwhile neither
doubles a row nor hides one. The cursor in the address is signed: it means nothing for another list, order or service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

SIZE = 50
"""Rows of a page where nobody says otherwise."""

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
    none."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""


def page(queryset: QuerySet[M], order: Sequence[str], cursor: str = "", size: int = SIZE) -> Page[M]:
    """One page, in one query; the first where meanwhile nothing is left at the cursor's place.

    :param order: columns of the model itself that hold no NULL, ``-`` before those that fall; the last is unique
    :param cursor: of an earlier answer for the same model and order; empty for the first page
    :raises BadCursor: it is none of those
    """
    back, place = _read(queryset.model, order, cursor) if cursor else (False, [])
    wanted = [_turned(name) for name in order] if back else list(order)
    found = queryset.order_by(*wanted)
    if place:
        found = found.filter(_beyond(wanted, place))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    if not rows:
        return page(queryset, order, "", size) if place else Page(())
    return Page(
        rows,
        newer=_cursor(order, rows[0], back=True) if (more if back else cursor) else "",
        older=_cursor(order, rows[-1], back=False) if (more or back) else "",
    )


def capped(queryset: QuerySet[Any], most: int = 1_000) -> int:
    """How many rows there are, counted up to ``most + 1``: that one means "more"."""
    return queryset.order_by()[: most + 1].count()


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows after this place. The first column alone bounds them as well, so that an index leads there."""
    (name, *names), (value, *values) = order, place
    column, side = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    further = Q(**{f"{column}__{side}": value})
    if not names:
        return further
    return Q(**{f"{column}__{side}e": value}) & (further | _beyond(names, values))


def _cursor(order: Sequence[str], row: Model, *, back: bool) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in order]
    return _signer(type(row), order).sign_object([back, *values])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(model: type[Model], order: Sequence[str], cursor: str) -> tuple[bool, list[Any]]:
    try:
        back, *values = _signer(model, order).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise BadCursor from None
    fields = [model._meta.get_field(name.lstrip("-")) for name in order]  # noqa: SLF001  its public way in
    return back, [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]


def _signer(model: type[Model], order: Sequence[str]) -> Signer:
    return Signer(salt=f"{model._meta.label}|{','.join(order)}")  # noqa: SLF001
