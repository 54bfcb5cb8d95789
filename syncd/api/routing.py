"""How an operation is declared: its address, what it answers, and what it needs."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import ValidationError

from config.problems import nearest
from syncd.accounts.access import Act
from syncd.api import door
from syncd.api.shapes.schema import Schema

View = TypeVar("View", bound=Callable[..., Any])


class Routes(Router):
    """Operations about one thing. An operation that is declared any other way lets nobody in."""

    def __init__(self, *tags: str) -> None:
        super().__init__(auth=door.needing(None), tags=list(tags))

    def look(self, path: str, answer: Any, act: Act = Act.READ, *, in_schema: bool = True) -> Callable[[View], View]:
        """Shows something and changes nothing."""
        declare = self.get(path, auth=door.needing(act), response=answer, include_in_schema=in_schema)
        return lambda view: declare(_strict(view, path))

    def make(
        self, path: str, answer: Any, act: Act, *, status: int = 201, in_person: bool = False
    ) -> Callable[[View], View]:
        """POST: makes something, or does it."""
        return self.post(path, auth=door.needing(act, in_person=in_person), response={status: answer})

    def put_anew(self, path: str, answer: Any, act: Act) -> Callable[[View], View]:
        """PUT: what is sent takes the place of what was there."""
        return self.put(path, auth=door.needing(act), response=answer)

    def change(self, path: str, answer: Any, act: Act) -> Callable[[View], View]:
        """PATCH: what is named is changed."""
        return self.patch(path, auth=door.needing(act), response=answer)

    def take_back(self, path: str, answer: Any, act: Act) -> Callable[[View], View]:
        """DELETE; without an answer 204."""
        return self.delete(path, auth=door.needing(act), response={204: None} if answer is None else answer)


def _strict(view: View, path: str) -> View:
    """With an address that names what the operation does not know it is refused: a filter that is misspelt would let
    everything through."""
    known = frozenset(name for name in _in_address(view) if f"{name}}}" not in path)

    @wraps(view)
    def looked(request: HttpRequest, **values: Any) -> Any:
        if strange := sorted(set(request.GET) - known):
            raise ValidationError([{"loc": ("query", name), "msg": _unknown(name, known)} for name in strange])
        return view(request, **values)

    return looked  # type: ignore[return-value]  # it has the view's signature


def _in_address(view: Callable[..., Any]) -> Iterator[str]:
    """What it takes from the address: values by their names, and the fields of shapes."""
    for parameter in inspect.signature(view).parameters.values():
        shape = next(iter(get_args(parameter.annotation)), None)
        if isinstance(shape, type) and issubclass(shape, Schema):
            yield from shape.model_fields
        elif parameter.annotation not in (HttpRequest, HttpResponse):
            yield parameter.name


def _unknown(name: str, known: frozenset[str]) -> str:
    hint = nearest(name, known)
    return f"nothing here has this name; {hint}" if hint else "nothing here has this name"
