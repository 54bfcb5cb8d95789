"""Runs a command as a whole process and tells what it cost."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson

from bench.connections import connections

TICKS = os.sysconf("SC_CLK_TCK")
SYNCD = str(Path(sys.executable).with_name("syncd"))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and megabytes of one process."""

    cpu: float
    wall: float
    peak_mb: float
    output: bytes


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Cost:
    """:raises SystemExit: the command failed; what it printed is shown"""
    began = time.perf_counter()
    environment = {**os.environ, **(environment or {})}
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output.decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024, output)


def median(costs: Sequence[Cost]) -> Cost:
    """The run with the median CPU."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


@dataclass(frozen=True, slots=True)
class World:
    """A sandbox in a process of its own, and a folder with its configuration."""

    url: str
    folder: Path

    def sync(self, database: str, *trackers: str) -> Cost:
        """``syncd sync`` into a database by URL."""
        return run([SYNCD, "--config", str(self.folder), "sync", *trackers], {"SYNCD_DATABASE": database})

    def floor(self, kind: str, database: Path) -> Cost:
        """The bare floor into a new file."""
        connection = orjson.dumps(connections(self.folder)[kind]).decode()
        return run([sys.executable, "-m", "bench.floor", kind, connection, str(database)])

    def requests(self) -> int:
        """Requests counted since the last call."""
        total = sum(self._get("requests")["total"].values())
        self._post("requests/reset", {})
        return int(total)

    def edit(self, service: str, count: int) -> None:
        """Somebody changes so many titles."""
        for row in self._get(f"state?service={service}")[service][:count]:
            edit = {"service": service, "name": "edit", "id": row["native_id"], "title": f"{row['title']}, again"}
            self._post("act", edit)

    def _get(self, path: str) -> Any:
        with urlopen(f"{self.url}/_sandbox/{path}") as answer:
            return orjson.loads(answer.read())

    def _post(self, path: str, body: Mapping[str, Any]) -> None:
        with urlopen(Request(f"{self.url}/_sandbox/{path}", method="POST", data=orjson.dumps(body))):
            pass


@contextlib.contextmanager
def sandbox(folder: Path, items: int, *, latency_ms: int = 0) -> Generator[World]:
    """Loopback trackers with so many items each, and their configuration in ``folder``."""
    command = [SYNCD, "sandbox", "--port", "0", "--items", str(items), "--latency-ms", str(latency_ms)]
    with subprocess.Popen([*command, "--config-out", str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = {name: rest.strip() for name, _, rest in (line.partition(":") for line in _until_ready(process))}
        try:
            yield World(said["sandbox"], folder)
        finally:
            process.send_signal(signal.SIGTERM)


def _until_ready(process: "subprocess.Popen[str]") -> Generator[str]:
    """What the sandbox says up to its last line."""
    assert process.stdout
    for line in process.stdout:
        yield line
        if line.startswith("truth:"):
            return
    raise SystemExit("the sandbox did not start")


def sqlite(path: Path) -> str:
    """The URL of a database that is not there yet."""
    for rest in path.parent.glob(f"{path.name}*"):
        rest.unlink()
    return f"sqlite:///{path}"


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process took: itself, the children that have ended, and those that live (proc(5), stat)."""
    own = sum(_times(pid)[:4])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return (own + sum(sum(_times(int(child))[:2]) for child in children)) / TICKS


def _times(pid: int) -> list[int]:
    """utime, stime, cutime and cstime in clock ticks."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return [0]
    return [int(value) for value in stat.rpartition(")")[2].split()[11:15]]
