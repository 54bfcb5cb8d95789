"""A world of trackers in a process of its own, and passes that are killed in the middle."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson
import pytest
from django.db import connections

from config import files
from config.files import Config
from syncd.trackers.models import Item
from syncd.worker import faults, judge
from syncd.worker.observe import Requests
from syncd.worker.once import Orders, Pass, Watcher, one_pass
from syncd.worker.roster import Roster
from tests import databases

ROOT = Path(__file__).parents[2]
SERVICE = {"acme-jira": "jira", "acme-github": "github", "acme-notion": "notion"}


@dataclass
class World:
    """The sandbox's trackers and the configuration that reads them."""

    url: str
    config: Config

    def truth(self) -> dict[str, dict[str, Any]]:
        """What exists now, by item id."""
        with urlopen(f"{self.url}/_sandbox/state") as answer:
            state = orjson.loads(answer.read())
        return {f"{tracker}:{row['native_id']}": row for tracker, service in SERVICE.items() for row in state[service]}

    def act(self, service: str, name: str, **arguments: Any) -> Any:
        body = orjson.dumps({"service": service, "name": name, **arguments})
        with urlopen(Request(f"{self.url}/_sandbox/act", data=body, method="POST")) as answer:
            return orjson.loads(answer.read())

    def run(self, **orders: Any) -> Pass:
        """A whole pass in this process."""
        with Roster(self.config.service.trackers, observer=Requests()) as roster:
            return one_pass(self.config, roster, Orders([*SERVICE], **orders), Watcher())

    def run_killed(self, point: str, count: int, **orders: Any) -> bool:
        """A pass in a child that is killed when it passes a point for the ``count``-th time.

        :returns: whether it came that far
        """
        connections.close_all()
        child = os.fork()
        if child == 0:
            os.environ["SYNCD_FAULT"] = f"{point}:{count}"
            faults._passed.clear()
            try:
                self.run(**orders)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.waitstatus_to_exitcode(status) == 0
        return killed


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Three pages of items in each tracker."""
    folder = tmp_path_factory.mktemp("config")
    command = [sys.executable, "-m", "tests.kills.trackers", folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        url = process.stdout.readline().strip()
        yield World(url, files.load(folder))
        process.stdin.close()


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few items are several of them."""
    monkeypatch.setattr(judge, "BATCH", 25)


@pytest.fixture
def empty(transactional_db: None) -> Callable[[], None]:
    """Empties the store."""

    def afresh() -> None:
        connections.close_all()
        databases.empty()

    return afresh


def stored() -> dict[str, Item]:
    """Live items by id."""
    rows = Item.objects.filter(deleted_at=None).select_related("tracker", "parent")
    return {f"{row.tracker.name}:{row.native_id}": row for row in rows}
