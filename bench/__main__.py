"""``python -m bench [--items N] [--quick] [--only PART] [--json]``: every figure with its ratio and goal."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import calls, first_sync, hidden, judging, memory, pages, polling, postgresql, starting
from bench.report import Line
from bench.scale import Scale

PARTS: dict[str, Callable[[Scale, Path], Iterator[Line]]] = {
    "first": first_sync.without_latency,
    "latency": first_sync.with_latency,
    "memory": memory.measure,
    "polling": polling.measure,
    "judging": judging.measure,
    "million": judging.million,
    "pages": pages.measure,
    "pages-calls": calls.measure,
    "pages-million": pages.million,
    "pages-postgresql": pages.on_postgresql,
    "hidden": hidden.measure,
    "starting": starting.measure,
    "postgresql": postgresql.measure,
}


ON_REQUEST = {"million", "pages-million", "pages-postgresql"}
"""Parts that take too long for every run."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measures syncd on this machine, beside a bare floor.")
    parser.add_argument("--items", type=int, default=10_000, help="items in each tracker")
    parser.add_argument("--quick", action="store_true", help="one round of everything; tells little about speed")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times")
    parser.add_argument("--json", action="store_true", help="one object for each line")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where filled stores stay, to be taken again")
    asked = parser.parse_args()
    scale = Scale.quick(asked.items) if asked.quick else Scale(asked.items)
    with tempfile.TemporaryDirectory(prefix="syncd-bench-") as passing:
        folder = asked.keep or passing
        for name in asked.only or [name for name in PARTS if name not in ON_REQUEST]:
            if not asked.json:
                print(f"\n{name}")
            for line in PARTS[name](scale, Path(folder)):
                print(line.json() if asked.json else f"  {line}", flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
