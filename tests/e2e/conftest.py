"""Everything at once: trackers, commands, daemons."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox.server import Sandbox
from syncd.sandbox.world import build, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up


@pytest.fixture
def trackers() -> Iterator[Sandbox]:
    """A few items in each tracker."""
    with build(items=30) as trackers:
        yield trackers
        assert not trackers.errors, trackers.errors[0]


@pytest.fixture
def syncd(trackers: Sandbox, tmp_path: Path) -> Syncd:
    """A folder that reads them, as often as an operator may ask; nothing is synced yet."""
    folder = tmp_path / "config"
    write_config(trackers, folder, items=30)
    brought_up(folder)
    settings = folder / "syncd.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("every: 10s", "every: 1s"), encoding="utf-8")
    return Syncd(folder)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[tuple[Sandbox, Syncd]]:
    """The demo's company, synced."""
    with build() as trackers:
        write_config(trackers, tmp_path / "story")
        brought_up(tmp_path / "story")
        syncd = Syncd(tmp_path / "story")
        syncd.done("sync")
        yield trackers, syncd
        assert not trackers.errors, trackers.errors[0]
