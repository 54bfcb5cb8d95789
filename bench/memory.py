"""Peak memory of a first sync, which must not grow with the number of items."""

from collections.abc import Iterator
from pathlib import Path

from bench.first_sync import KINDS
from bench.measure import sandbox, sqlite
from bench.report import Line
from bench.scale import Scale

MOST_MB = 200


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    """Tracker by tracker, and all three at once."""
    passes = {kind: (f"acme-{kind}",) for kind in KINDS} | {"all three at once": ()}
    for items in scale.sizes:
        with sandbox(folder / f"memory-{items}", items) as world:
            for what, trackers in passes.items():
                peak = world.sync(sqlite(folder / "syncd.db"), *trackers).peak_mb
                yield Line(f"{what}, {items:,} items each: MB", {"peak": peak}, peak, MOST_MB)
