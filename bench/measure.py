"""Runs a command as a whole process and tells what it cost."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import orjson

SYNCD = str(Path(sys.executable).with_name("syncd"))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and megabytes of one process; ``requests`` is what the sandbox counted meanwhile."""

    cpu: float
    wall: float
    peak_mb: float
    requests: int = 0


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """:raises SystemExit: the command failed; what it printed is shown"""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output.decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox in a process of its own."""

    url: str
    folder: Path

    def requests(self) -> int:
        """Requests counted since the last call."""
        with urlopen(f"{self.url}/_sandbox/requests") as answer:
            total = orjson.loads(answer.read())["total"]
        with urlopen(Request(f"{self.url}/_sandbox/requests/reset", method="POST")):
            return int(total)


@contextlib.contextmanager
def sandbox(folder: Path, items: int, *, latency_ms: int = 0, seed: int = 7) -> Generator[Sandbox]:
    """Loopback trackers with so many items each, and their configuration in ``folder``."""
    command = [SYNCD, "sandbox", "--port", "0", "--items", str(items), "--seed", str(seed), "--latency-ms", str(latency_ms)]
    process = subprocess.Popen([*command, "--config-out", str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = next(line for line in process.stdout if "http://" in line)
        url = line[line.index("http://") :].split()[0]
        yield Sandbox("/".join(url.split("/")[:3]), folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close() if process.stdout else None
