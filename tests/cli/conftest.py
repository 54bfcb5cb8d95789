"""Trackers on this machine and a folder that reads them; commands run in processes of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.sandbox.server import Sandbox
from syncd.sandbox.world import build, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Syncd]]:
    """The demo's company, synced. Only for tests that change nothing in it."""
    folder = tmp_path_factory.mktemp("acme")
    with build() as trackers:
        write_config(trackers, folder)
        brought_up(folder)
        syncd = Syncd(folder)
        syncd.done("sync")
        yield trackers, syncd
        assert not trackers.errors, trackers.errors[0]


@pytest.fixture
def company(acme: tuple[Sandbox, Syncd]) -> Syncd:
    return acme[1]


@pytest.fixture
def trackers() -> Iterator[Sandbox]:
    """A few items in each tracker."""
    with build(items=12) as trackers:
        yield trackers
        assert not trackers.errors, trackers.errors[0]


@pytest.fixture
def syncd(trackers: Sandbox, tmp_path: Path) -> Syncd:
    """A folder that reads them, nothing synced yet."""
    write_config(trackers, tmp_path, items=12)
    brought_up(tmp_path)
    return Syncd(tmp_path)


@pytest.fixture
def newcomer(syncd: Syncd) -> Syncd:
    """The same before its first start: there is no store."""
    for file in syncd.folder.glob("*.db*"):
        file.unlink()
    return syncd


@pytest.fixture
def edit(syncd: Syncd) -> Callable[..., None]:
    """Replaces text in a configuration file."""

    def replace(file: str, *pairs: tuple[str, str]) -> None:
        path = syncd.folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    return replace
