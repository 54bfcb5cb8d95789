"""The pages as people have them: the demo's company behind ``syncd web``, and somebody signed in."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.pages import KEY

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds in which a process must say where it listens."""


@dataclass(frozen=True)
class Site:
    """A server over a store of its own. ``cookies``: what signs a person in, by role; empty where nobody can.
    ``statuses``: what addresses answered, by role: most pages lead to the same ones."""

    url: str
    folder: Path
    environment: dict[str, str]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], int] = field(default_factory=dict)


def environment(**more: str) -> dict[str, str]:
    """What the processes share: one key, so that a session made by one is known to the other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNCD_")}
    return kept | {"SYNCD_SECRET_KEY": KEY, "PYTHONPATH": str(ROOT)} | more


@contextmanager
def demo(folder: Path) -> Iterator[Site]:
    """The demo after its first sync, served from ``folder``."""
    (folder / "store").mkdir(parents=True)
    syncd("demo", "--once", cwd=folder / "store")
    with served(folder / "store") as site:
        yield site


@contextmanager
def copied(site: Site, folder: Path, more: str = "") -> Iterator[Site]:
    """The same company in a store of its own, for tests that change it.

    :param more: what is added to its ``syncd.yaml``
    """
    shutil.copytree(site.folder, folder / "store")
    with (folder / "store/var/demo/syncd.yaml").open("a", encoding="utf-8") as settings:
        settings.write(more)
    with served(folder / "store", site.cookies) as own:
        yield own


@contextmanager
def served(store: Path, cookies: dict[str, dict[str, str]] | None = None) -> Iterator[Site]:
    """``syncd web`` over the demo's folder below ``store``.

    :param cookies: of those who are signed in already: sessions are copied with the store
    """
    arguments = [*SYNCD, "--config", "var/demo", "web", "--port", "0"]
    told = environment(SYNCD_DEMO="1", SYNCD_DATABASE=f"sqlite:///{store / 'var/demo/syncd.db'}")
    with running(arguments, store, told) as output:
        url = said(output, r'"url": "(http[^"]+)", "event": "serving"')
        yield Site(url, store, told, cookies or signed_in(told, store))


@contextmanager
def samples(folder: Path) -> Iterator[Site]:
    """The sample pages; they have no store."""
    folder.mkdir(parents=True)
    told = environment(SYNCD_DATABASE=f"sqlite:///{folder / 'none.db'}")
    with running([sys.executable, "-m", "tests.browser.samples"], folder, told) as output:
        yield Site(said(output, r"samples: (http\S+)"), folder, told)


SYNCD = [sys.executable, "-c", "from syncd.cli import main; main()"]


def syncd(*arguments: str, cwd: Path) -> None:
    ran = subprocess.run([*SYNCD, *arguments], cwd=cwd, env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def signed_in(told: dict[str, str], cwd: Path) -> dict[str, dict[str, str]]:
    """A cookie for every role, made in the store as a sign-in would make it."""
    arguments = [sys.executable, "-m", "tests.browser.people"]
    ran = subprocess.run(arguments, cwd=cwd, env=told, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    cookies: dict[str, dict[str, str]] = json.loads(ran.stdout.splitlines()[-1])
    return cookies


@contextmanager
def running(arguments: list[str], cwd: Path, told: dict[str, str]) -> Iterator[Path]:
    """A process until the end of the block; gives the file it writes into."""
    output = cwd / "output"
    with output.open("w") as file:
        process = subprocess.Popen(arguments, cwd=cwd, env=told, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield output
    finally:
        process.terminate()
        process.wait(30)


def said(output: Path, pattern: str) -> str:
    """Wait until the process says it; gives the first group that matched."""
    ends = time.monotonic() + PATIENCE
    while not (found := re.search(pattern, output.read_text(encoding="utf-8"))):
        assert time.monotonic() < ends, output.read_text(encoding="utf-8")
        time.sleep(0.05)
    return next(group for group in found.groups() if group)
