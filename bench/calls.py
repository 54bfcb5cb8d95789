"""What the pages cost however busy the machine is: calls of functions for one visit, beside those of the empty page.

``python -m bench.calls FOLDER COOKIE PAGES`` runs in a process of its own over the store in ``SYNCD_DATABASE``; ``PAGES`` are
names and addresses as JSON. It prints the calls of each, by name; ``""`` is the empty page.
"""

import cProfile
import pstats
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import orjson

from bench.measure import run
from bench.pages import EMPTY, TIMES, filled, from_file, told
from bench.report import Line
from bench.scale import Scale

WARM = 3
"""Visits before the one that is counted: what is made once is there by then."""


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    size = scale.stores[0]
    home = folder / f"pages-{size}"
    database = from_file(home, size)
    cookie, pages = filled(home, size, database)
    command = [sys.executable, "-m", "bench.calls", str(home), cookie, orjson.dumps(pages).decode()]
    counted = orjson.loads(run(command, told(database)).output.splitlines()[-1])
    empty = counted.pop("")
    for name, calls in counted.items():
        yield Line(f"{name}: calls", {"page": calls, "empty": empty}, calls / empty, TIMES)


def main(folder: str, cookie: str, pages: str) -> None:
    from syncd.cli.session import Session

    session = Session(Path(folder), verbosity=-1)
    session.store(session.config())

    from django.test import Client

    client = Client(headers={"host": "localhost"})
    name, _, value = cookie.partition("=")
    client.cookies[name] = value
    visits = {"": EMPTY, **orjson.loads(pages)}
    print(orjson.dumps({name: _calls(partial(client.get, path)) for name, path in visits.items()}).decode())


def _calls(visit: Callable[[], object]) -> int:
    for _ in range(WARM):
        visit()
    profile = cProfile.Profile()
    profile.runcall(visit)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
