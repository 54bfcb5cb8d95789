"""Peak memory of a first sync of all trackers, which must not grow with their size."""

from collections.abc import Iterator
from pathlib import Path

from bench.measure import sandbox, sqlite
from bench.report import Line
from bench.scale import Scale

MOST_MB = 200


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    for items in scale.sizes:
        with sandbox(folder / f"memory-{items}", items) as world:
            peak = world.sync(sqlite(folder / "syncd.db")).peak_mb
        yield Line(f"first sync of 3 × {items:,} items: peak MB", {"syncd": peak}, peak, MOST_MB)
