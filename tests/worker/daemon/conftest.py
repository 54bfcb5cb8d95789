import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


class Daemon:
    """A daemon in a process of its own, and what it wrote."""

    def __init__(self, url: str, folder: Path, environ: dict[str, str], options: list[str]) -> None:
        self.folder = folder
        self._errors = (folder / "errors").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "a_daemon.py"), url, str(folder), *options],
            cwd=ROOT,
            env=environ,
            stderr=self._errors,
        )

    def deeds(self) -> list[str]:
        path = self.folder / "deeds"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def log(self) -> str:
        return (self.folder / "errors").read_text()

    def until(self, condition: Callable[[], object], seconds: float = 15.0) -> None:
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"never happened; deeds {self.deeds()}; log\n{self.log}"
            time.sleep(0.02)

    def did(self, deed: str, times: int = 1) -> None:
        """Wait until it did so."""
        self.until(lambda: self.deeds().count(deed) >= times)

    @property
    def url(self) -> str:
        self.until(lambda: any(deed.startswith("serving") for deed in self.deeds()))
        return next(deed.split()[1] for deed in self.deeds() if deed.startswith("serving"))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._errors.close()


@pytest.fixture
def start(tmp_path, monkeypatch) -> Iterator[Callable[..., Daemon]]:
    import os
    import signal

    daemons: list[Daemon] = []
    hangup = signal.signal(
        signal.SIGHUP, signal.SIG_DFL
    )  # tests may run under nohup, which processes of ours would heed

    def begin(*options: str, url: str = f"sqlite:///{tmp_path}/syncd.db", **environ: str) -> Daemon:
        env = (
            os.environ | {"PYTHONPATH": str(ROOT), "SYNCD_DATA": str(tmp_path), "SYNCD_SECRET_KEY": "x" * 50} | environ
        )
        daemons.append(Daemon(url, tmp_path, env, list(options)))
        return daemons[-1]

    yield begin
    for daemon in daemons:
        daemon.end()
    signal.signal(signal.SIGHUP, hangup)
