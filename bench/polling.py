"""A pass with nothing changed, and one with ten edits in each tracker."""

from collections.abc import Iterator
from pathlib import Path

from bench.first_sync import KINDS
from bench.measure import median, sandbox, sqlite
from bench.report import Line
from bench.scale import Scale

STREAMS = {"jira": 1, "github": 2, "notion": 2}
"""In a generated world."""


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    with sandbox(folder / "polling", scale.items) as world:
        database = sqlite(folder / "syncd.db")
        world.sync(database)
        world.requests()
        costs = [world.sync(database) for _ in range(scale.rounds)]
        requests, streams = world.requests() / scale.rounds, sum(STREAMS.values())
        idle = median(costs)
        yield Line("nothing changed: requests", {"streams": streams, "requests": requests}, requests / streams, 1)
        yield Line("nothing changed: s", {"CPU": idle.cpu, "wall": idle.wall})
        for kind in KINDS:
            world.edit(kind, 10)
            world.sync(database, f"acme-{kind}")
            requests, streams = world.requests(), STREAMS[kind]
            figures = {"streams": streams, "requests": requests}
            yield Line(f"ten edits in {kind}: requests", figures, requests / streams, 2)
