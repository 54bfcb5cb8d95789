"""How long the pages take, by the size of the store, beside the framework's empty page.

One client, one connection that stays, the product's own server. Some visits to a page and some to the empty page take turns:
whatever else the machine does hits both alike, and the ratio says what the page itself costs; that of the server's CPU even
where others want the machine. The empty page is that of
an address that does not exist, for somebody signed in: all the middleware, the session, the frame, and no content.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import orjson

from bench.filled import FILLED, OFTEN, SELDOM
from bench.measure import SYNCD, cpu_of, run, sqlite
from bench.postgresql import postgresql
from bench.report import Line
from bench.scale import Scale

EMPTY = "/no/such/page/"
WARM, VISITS = 5, 100
TURN = 10
"""Visits to a page, then as many to the empty one."""
MILLION = 1_000_000
TIMES, GROWTH = 3.0, 1.3
"""At most: the 99th of a page, of the same of the empty page; the CPU by that of the empty page, of the same in the smallest
store. Nothing that grows with a store a hundred times as large stays below that."""
KEY = "only for measuring"


@dataclass(slots=True)
class Times:
    """Milliseconds of some visits, and of the server's CPU for all of them."""

    took: list[float] = field(default_factory=list)
    spent: float = 0.0

    @property
    def cpu(self) -> float:
        """Of one visit, on average."""
        return self.spent / len(self.took)

    @property
    def p50(self) -> float:
        return statistics.median(self.took)

    @property
    def p99(self) -> float:
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * 0.99))]


@dataclass(frozen=True, slots=True)
class Desk:
    """A server over a store, and whoever visits it."""

    url: str
    cookie: str
    pages: Mapping[str, str]
    """What is visited, by name."""
    pid: int


Database = Callable[[Path, int], str]
"""Folder and size of a store -> the URL of its database."""


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    yield from _sizes(scale.stores, scale, folder, from_file)


def million(scale: Scale, folder: Path) -> Iterator[Line]:
    """The same with a million items as well; filling that store takes some five minutes of CPU and 4 GB. With ``--keep``
    it is filled once."""
    yield from _sizes((*scale.stores, MILLION), scale, folder, from_file)


def on_postgresql(scale: Scale, folder: Path) -> Iterator[Line]:
    """The same on PostgreSQL, where a server can be had from its wheel. Its stores are not kept."""
    with postgresql(folder) as server:
        if server is None:
            return

        def database(_: Path, size: int) -> str:
            server.psql(f"CREATE DATABASE pages_{size}")
            return str(server.get_uri(database=f"pages_{size}"))

        yield from _sizes(scale.stores, scale, folder / "on-postgresql", database)


def from_file(home: Path, _size: int) -> str:
    """The store that is filled already, else a new one."""
    store = home / "syncd.db"
    return f"sqlite:///{store}" if (home / FILLED).exists() else sqlite(store)


def _sizes(sizes: tuple[int, ...], scale: Scale, folder: Path, database: Database) -> Iterator[Line]:
    visits = VISITS if scale.rounds > 1 else WARM
    smallest: dict[str, float] = {}
    for size in sizes:
        home = folder / f"pages-{size}"
        home.mkdir(parents=True, exist_ok=True)
        with desk(home, size, database(home, size)) as there:
            for name, path in there.pages.items():
                page, empty = visited(there, path, visits)
                figures = {"p50": page.p50, "p99": page.p99, "empty p50": empty.p50, "empty p99": empty.p99}
                yield Line(f"{name}, {size:,} items: ms", figures, page.p99 / empty.p99, TIMES)
                ratio = _ratio(page, empty)
                yield Line("    CPU of the server", {"page": page.cpu, "empty": empty.cpu}, ratio)
                first = smallest.setdefault(name, ratio)
                if size != sizes[0]:
                    figures = {"÷ empty": ratio, f"{sizes[0]:,} items ÷ empty": first}
                    yield Line("    growth", figures, ratio / first, GROWTH)


def _ratio(page: Times, empty: Times) -> float:
    """How often the page has the CPU of the empty one; the median time, where the clock is too coarse for few visits."""
    return page.cpu / empty.cpu if page.cpu and empty.cpu else page.p50 / empty.p50


@contextmanager
def desk(home: Path, size: int, database: str) -> Generator[Desk]:
    """A store of this size behind ``syncd web``."""
    cookie, there = filled(home, size, database)
    with served(home, told(database)) as (url, pid):
        yield Desk(url, cookie, there, pid)


def filled(home: Path, size: int, database: str) -> tuple[str, dict[str, str]]:
    """A store of this size; the cookie of somebody signed in, and name -> address of what they visit."""
    fill = [sys.executable, "-m", "bench.filled", str(home), str(size), database]
    ways = orjson.loads(run(fill, told(database)).output.splitlines()[-1])
    return ways["cookie"], pages(ways["flag"], ways["deep"])


def told(database: str) -> dict[str, str]:
    """The environment of whatever works over that store."""
    return {**os.environ, "SYNCD_SECRET_KEY": KEY, "SYNCD_DATABASE": database}


@contextmanager
def served(home: Path, told: Mapping[str, str]) -> Generator[tuple[str, int]]:
    """``syncd web`` until the end of the block; gives where it listens, and its process."""
    output = home / "output"
    command = [SYNCD, "--config", str(home), "web", "--port", "0"]
    with (
        output.open("wb") as file,
        subprocess.Popen(command, env=dict(told), stdout=file, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield _url(output, process), process.pid
        finally:
            process.terminate()


def _url(output: Path, process: "subprocess.Popen[bytes]") -> str:
    while not (found := re.search(r'"url": ?"(http[^"]+)"', output.read_text(encoding="utf-8"))):
        if process.poll() is not None:
            raise SystemExit(f"the pages did not start:\n{output.read_text(encoding='utf-8')}")
        time.sleep(0.05)
    return found[1]


def pages(flag: int, deep: str) -> dict[str, str]:
    """Name -> address of what is visited. Every list is full in the smallest store as well, so that rows are compared
    with as many rows."""
    return {
        "review": "/review/",
        "review, far down": f"/review/?{urlencode({'after': deep})}",
        "review, filtered": "/review/?severity=high&sort=oldest",
        "a flag": f"/review/{flag}/",
        "items": "/items/",
        "items of a goal in progress": "/items/?goal=activation&status=in_progress",
        "items by label and kind": "/items/?label=debt&kind=bug",
        "search, a word of most items": f"/search/?q={OFTEN}",
        "search, a word of one item": f"/search/?q={SELDOM}",
        "goals": "/goals/",
        "a goal": "/goals/activation/",
        "alignment": "/alignment/",
        "changes": "/changes/?since=30d",
        "status": "/status/",
        "API: flags": "/api/v1/flags?limit=50",
        "API: items": "/api/v1/items?limit=50",
    }


def visited(there: Desk, path: str, visits: int = VISITS) -> tuple[Times, Times]:
    """Times of the page, and of the empty page in between."""
    connection = http.client.HTTPConnection(urlsplit(there.url).netloc, timeout=120)
    page, empty = Times(), Times()
    turns = ((path, 200, page), (EMPTY, 404, empty))
    for where, expected, _ in turns:
        _turn(connection, there, where, expected, WARM)
    while len(page.took) < visits:
        for where, expected, times in turns:
            before = cpu_of(there.pid)
            times.took += _turn(connection, there, where, expected, min(TURN, visits))
            times.spent += (cpu_of(there.pid) - before) * 1000
    connection.close()
    return page, empty


def _turn(connection: http.client.HTTPConnection, there: Desk, path: str, expected: int, count: int) -> list[float]:
    return [visit(connection, there, path, expected) for _ in range(count)]


def visit(connection: http.client.HTTPConnection, there: Desk, path: str, expected: int) -> float:
    """:raises SystemExit: it was answered with something else"""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": there.cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != expected:
        raise SystemExit(f"{path} was answered with {answer.status}, not {expected}")
    return took
