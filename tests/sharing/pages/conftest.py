"""Our own people at the pages about Globex, which sees two items."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from config import files
from syncd.accounts.models import User
from syncd.partners.desk.models import Said
from syncd.worker.publish import publish
from tests.accounts.cast import ana, browser, omar, vera
from tests.sharing.conftest import AGREEMENT, World, globex, shared
from tests.trackers.conftest import made

__all__ = ["ana", "browser", "globex", "omar", "vera"]

QUINN = "quinn"
"""Whoever writes at the partner's."""
PROMISES = [
    {"id": "sso", "who": "acme", "what": "Single sign-on", "by": "2026-12-15", "success": "Everybody signs in", "items": ["acme-jira:WEB-1"]},
    {"id": "tenant", "who": "partner", "what": "A test tenant", "by": "2026-12-01", "success": "Three have signed in"},
]  # fmt: skip
PROMISED: dict[str, Any] = {**AGREEMENT, "commitments": PROMISES}


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """As there, in transactions that are rolled back: nobody here is the partner side, which has a connection of its own."""
    monkeypatch.setattr(settings, "CONFIG_DIR", str(tmp_path))
    return World(tmp_path)


@pytest.fixture
def pm(ana: User, browser: Callable[..., Client]) -> Client:
    """Ana's browser."""
    return browser(ana)


@pytest.fixture
def viewer(vera: User, browser: Callable[..., Client]) -> Client:
    return browser(vera)


@pytest.fixture
def waiting(world: World) -> World:
    """The first publication waits."""
    world.write(AGREEMENT)
    world.put(shared(1, due=date(2026, 12, 15)), shared(2), made(3))
    world.cycle()
    return world


@pytest.fixture
def promised(world: World) -> World:
    """Both sides have accepted what each promised."""
    world.write(PROMISED)
    world.put(shared(1, due=date(2026, 12, 15)), shared(2), made(3))
    world.cycle()
    world.approve()
    world.cycle()
    for promise in world.deal().promises.order_by("id"):
        says(world, "accept", promise.public)
    return world


def says(world: World, kind: str, about: str = "", text: str = "", **more: str) -> None:
    """The partner does something, and it is taken in."""
    world.later(minutes=1)
    Said.objects.create(partner="globex", who=QUINN, kind=kind, about=about, text=text, at=world.now, **more)
    publish(files.load(world.folder), now=world.now)
