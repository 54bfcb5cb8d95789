"""Every test of this folder runs once for each world."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.reader import Reader
from tests.contract.worlds import WORLDS, World

ITEMS = 250
"""About a third of them are out of Jira's scope; the rest fill more than one page."""

Make = Callable[..., World]


@pytest.fixture(params=WORLDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Builds and starts worlds of one kind; takes what :class:`World` takes."""
    with ExitStack() as worlds:
        yield lambda items=0, **how: worlds.enter_context(WORLDS[request.param](tmp_path, items, **how))


@pytest.fixture
def world(make: Make) -> World:
    return make(ITEMS)


@pytest.fixture
def reader(world: World) -> Reader:
    """Somebody with a connection who has read nothing yet."""
    return Reader(world.connector())


@pytest.fixture
def synced(world: World, reader: Reader) -> Reader:
    """Somebody who has read everything; what was planted is older than any overlap."""
    reader.everything()
    world.sandbox.journal.reset()
    return reader
