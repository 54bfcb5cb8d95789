"""A first sync into the store, with history and judged, beside the bare floor."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Cost, World, median, run, sandbox, sqlite
from bench.report import Line
from bench.scale import Scale

KINDS = ("jira", "github", "notion")
CPU = 3.0
"""Times the floor's CPU at most."""
OVERLAP = 1 / 3
"""Of the time that one connection in a row waits, at most."""


def without_latency(scale: Scale, folder: Path) -> Iterator[Line]:
    """CPU, wall, memory and requests, tracker by tracker. Net figures leave out what it costs to start:
    for the floor its imports, for syncd a pass with nothing changed."""
    start = median([run([sys.executable, "-c", "import sqlite3, orjson, urllib3"]) for _ in range(scale.rounds)])
    with sandbox(folder / "first", scale.items) as world:
        for kind in KINDS:
            floors, firsts, idles = [], [], []
            for _ in range(scale.rounds):
                floors.append(_floor(world, kind, folder))
                database = sqlite(folder / "syncd.db")
                world.requests()
                firsts.append(world.sync(database, f"acme-{kind}"))
                requests = world.requests()
                idles.append(world.sync(database, f"acme-{kind}"))
            floor, first, idle = median(floors), median(firsts), median(idles)
            yield _cpu(kind, floor.cpu, first.cpu)
            yield _cpu(f"{kind}, net of start", floor.cpu - start.cpu, first.cpu - idle.cpu)
            yield Line(f"{kind}: wall s", {"floor": floor.wall, "syncd": first.wall}, first.wall / floor.wall)
            yield Line(f"{kind}: peak MB", {"floor": floor.peak_mb, "syncd": first.peak_mb}, first.peak_mb, 200)
            yield Line(f"{kind}: requests", {"pages": -(-scale.items // 100), "syncd": requests})


def with_latency(scale: Scale, folder: Path) -> Iterator[Line]:
    """Wall time, the waiting overlapped, against one connection in a row."""
    with sandbox(folder / "latency", scale.items, latency_ms=scale.latency_ms) as world:
        floors: dict[str, Cost] = {}
        for kind in KINDS:
            floors[kind] = _floor(world, kind, folder)
            yield _wall(kind, floors[kind].wall, world.sync(sqlite(folder / "syncd.db"), f"acme-{kind}").wall)
        together = world.sync(sqlite(folder / "syncd.db"))
        yield _wall("all three at once", sum(floor.wall for floor in floors.values()), together.wall)


def _floor(world: World, kind: str, folder: Path) -> Cost:
    path = folder / "floor.db"
    sqlite(path)
    return world.floor(kind, path)


def _cpu(what: str, floor: float, syncd: float) -> Line:
    return Line(f"{what}: CPU s", {"floor": floor, "syncd": syncd}, syncd / floor, CPU)


def _wall(what: str, floor: float, syncd: float) -> Line:
    return Line(f"{what}: wall s", {"in a row": floor, "syncd": syncd}, syncd / floor, OVERLAP)
