"""A company with flags, and programs that ask about them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from syncd.accounts import tokens
from syncd.accounts.models import Role, User
from tests.accounts.cast import ana, browser, omar, vera
from tests.review.desk import Desk, epic, orphans
from tests.review.pages.conftest import desk, stream

__all__ = ["ana", "browser", "desk", "omar", "stream", "vera"]

ROOT = "/api/v1"


class Program:
    """Something that asks in somebody's name, with a token or with the cookie of their browser."""

    def __init__(self, client: Client, token: str = "") -> None:
        self.client, self.token = client, token

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named["Authorization"] = f"Bearer {self.token}"
        data = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        kind = named.pop("Content-Type", "application/json")
        return self.client.generic(
            method, path if path.startswith("/") else f"{ROOT}/{path}", data, kind, headers=named
        )

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)


Asks = Callable[..., Program]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Nobody has asked anything this minute."""
    cache.clear()


@pytest.fixture
def by_token() -> Asks:
    """A program with a token of somebody's, by default with every scope."""

    def of(person: User, *scopes: str) -> Program:
        _, text = tokens.make("tests", person, "a program", scopes or ("read", "decide", "operate"), timedelta(days=1))
        return Program(Client(raise_request_exception=False), text)

    return of


@pytest.fixture
def by_session() -> Asks:
    """A script in the browser of somebody who is signed in."""

    def of(person: User | None, *, checks_forms: bool = False) -> Program:
        client = Client(enforce_csrf_checks=checks_forms, raise_request_exception=False)
        if person:
            client.force_login(person)
        return Program(client)

    return of


@pytest.fixture
def role(omar: User, ana: User, vera: User) -> dict[str, User]:
    return {Role.OPERATOR: omar, Role.PM: ana, Role.VIEWER: vera}


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with an epic without a goal, orphans of one shape, and work that serves one."""
    served = orphans(2, first=40, label="goal:activation")
    return desk.put(*epic(1, 2, 3), *epic(10, 11), *orphans(5, first=20), *served).judge()


@pytest.fixture
def asks(by_token: Asks, ana: User) -> Program:
    """Ana's program."""
    return by_token(ana)
