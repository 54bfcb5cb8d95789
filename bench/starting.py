"""How long somebody waits at the prompt."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from bench.measure import SYNCD, run
from bench.report import Line
from bench.scale import Scale

HELP_S = 0.3
DEMO_S = 15.0


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    wall = statistics.median(run([SYNCD, "--help"]).wall for _ in range(2 * scale.rounds + 1))
    yield Line("syncd --help: wall s", {"syncd": wall}, wall, HELP_S)
    wall = run([SYNCD, "demo", "--once", "--reset"], folder=folder).wall
    yield Line("syncd demo --once: wall s", {"syncd": wall}, wall, DEMO_S)
