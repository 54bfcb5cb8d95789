"""Lists, page by page: each with the address of the next."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Text
from syncd.web import keyset

T = TypeVar("T")
MOST = 200


class InList(Asked):
    """Where in a list."""

    after: Annotated[Text, Field(max_length=2_000)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = keyset.SIZE


At = Annotated[InList, Query()]


class Listing(Schema, Generic[T]):
    """Some rows. ``cursor`` is the ``after`` of the next page, ``next`` its address; both null on the last."""

    rows: list[T]
    cursor: str | None
    next: str | None


def listing(
    request: HttpRequest, response: HttpResponse, page: keyset.Page[Any], told: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """What a page of a list is answered with; the address of the next is in the header ``Link`` as well."""
    return whole(request, response, map(told, page.rows), page.older)


def whole(
    request: HttpRequest, response: HttpResponse, rows: Iterable[dict[str, Any]], older: str = "", by: str = "after"
) -> dict[str, Any]:
    """:param older: the cursor of the next page; empty on the last
    :param by: the name that the address gives it
    """
    return {"rows": list(rows), **onward(request, response, older, by)}


def onward(request: HttpRequest, response: HttpResponse, older: str, by: str = "after") -> dict[str, Any]:
    """``cursor`` and ``next`` of an answer that tells a part; the address is in the header ``Link`` as well."""
    address = _address(request, by, older) if older else None
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return {"cursor": older or None, "next": address}


def _address(request: HttpRequest, by: str, after: str) -> str:
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if name != by]
    return f"{request.path}?{urlencode([*pairs, (by, after)])}"
