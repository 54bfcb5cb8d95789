from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from connectors.base import Stream
from connectors.calls import Lane, LocalBudget
from connectors.notion.connector import Notion
from connectors.notion.settings import Settings
from connectors.settings import Pace
from tests.connectors.notion.notion_world import SOURCE, World, serving

QUICK = Pace(per_second=10_000, burst=10_000)


class MakeSettings(Protocol):
    def __call__(self, **more: Any) -> Settings: ...


@pytest.fixture
def world() -> Iterator[World]:
    """An empty Notion with one data source, "Tasks"."""
    with serving(World()) as world:
        yield world


@pytest.fixture
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> MakeSettings:
    monkeypatch.setenv("NOTION_TOKEN", "ntn_ana")

    def make(**more: Any) -> Settings:
        scope = {"data_sources": [SOURCE]}
        return Settings.model_validate(
            {"name": "acme-notion", "kind": "notion", "url": world.url, "scope": scope, "every": "120s",
             "auth": {"token": {"env": "NOTION_TOKEN"}}, "properties": {"parent": "Epic", "body": "Notes"}} | more
        )  # fmt: skip

    return make


class MakeNotion(Protocol):
    def __call__(self, **more: Any) -> Notion: ...


@pytest.fixture
def connect(settings: MakeSettings) -> Iterator[MakeNotion]:
    """Makes connectors with a lane that waits for nothing but what the server names."""
    made: list[Notion] = []

    def make(**more: Any) -> Notion:
        made.append(Notion(settings(**more), Lane("acme-notion", LocalBudget(QUICK), backoff=0.001)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def notion(connect: MakeNotion) -> Notion:
    return connect()


@pytest.fixture
def tasks(notion: Notion, world: World) -> Stream:
    """The stream of the one data source; what was asked to find it is forgotten."""
    stream = notion.discover(()).streams[0]
    world.asked.clear()
    return stream
