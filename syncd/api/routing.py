"""How an operation is declared: its address, what it answers, and what it needs."""

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from syncd.accounts.access import Act
from syncd.api import door

View = TypeVar("View", bound=Callable[..., Any])


class Routes(Router):
    """Operations about one thing. An operation that is declared any other way lets nobody in."""

    def __init__(self, *tags: str) -> None:
        super().__init__(auth=door.needing(None), tags=list(tags))

    def look(self, path: str, answer: Any, act: Act = Act.READ, *, in_schema: bool = True) -> Callable[[View], View]:
        """Shows something and changes nothing."""
        return self.get(path, auth=door.needing(act), response=answer, include_in_schema=in_schema)

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
