"""``syncd run`` and ``syncd demo`` as an operator has them: a process with a log."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import orjson

from tests.cli.command import Syncd


def wait_for(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Until it is so; gives what it is."""
    ends = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Daemon:
    process: "subprocess.Popen[str]"
    out: Path
    err: Path

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return self.out.read_text(encoding="utf-8")

    @property
    def log(self) -> list[dict[str, Any]]:
        """The records it has written; a line that is being written is left for later."""
        lines = self.err.read_text(encoding="utf-8").splitlines(keepends=True)
        return [orjson.loads(line) for line in lines if line.endswith("\n")]

    def events(self, *names: str) -> list[str]:
        """What happened, as the log names it; only these where some are named."""
        events = [record["event"] for record in self.log]
        return [event for event in events if not names or event in names]

    def happened(self, event: str, seconds: float = 30) -> dict[str, Any]:
        """Wait for a record, and give it."""
        record: dict[str, Any] = wait_for(lambda: next((r for r in self.log if r["event"] == event), None), seconds)
        return record

    @property
    def url(self) -> str:
        return str(self.happened("serving")["url"])

    def stop(self, seconds: float = 30) -> int:
        """:returns: its exit code"""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def started(syncd: Syncd, *arguments: str, folder: Path, **how: Any) -> Iterator[Daemon]:
    """A process that writes into files of ``folder``; killed at the end if it still runs."""
    number = len(list(folder.glob("*.err")))
    out, err = folder / f"{number}.out", folder / f"{number}.err"
    with out.open("w") as told, err.open("w") as logged:
        process = syncd.start(*arguments, stdout=told, stderr=logged, **how)
    try:
        yield Daemon(process, out, err)
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def get(url: str) -> tuple[int, str]:
    """The answer's status and body."""
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def reader() -> Callable[..., str]:
    """A browser that keeps cookies. :returns: what reads a page, or what comes after a form"""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def read(url: str, form: dict[str, str] | None = None) -> str:
        with browser.open(url, urlencode(form).encode() if form else None, timeout=10) as answer:
            return str(answer.read().decode())

    return read


def visitor(link: str, **fields: str) -> Callable[..., str]:
    """Somebody who has come in by a one-time link. :returns: what reads a page as they see it"""
    read = reader()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', read(link))
    assert token
    read(link, {"csrfmiddlewaretoken": token[1], **fields})
    return read


def link_in(said: str, begins: str) -> str:
    """The one-time link in the line that begins so."""
    found = re.search(rf"^{re.escape(begins)}.*: (http\S+/sign-in/link/\S+)$", said, re.MULTILINE)
    assert found, said
    return found[1]


def act(trackers: str, service: str, name: str, **arguments: Any) -> None:
    """Somebody changes something in a tracker, behind its API's back."""
    body = orjson.dumps({"service": service, "name": name, **arguments})
    with urlopen(Request(f"{trackers}/_sandbox/act", data=body, method="POST"), timeout=10) as answer:
        assert answer.status == 200


def state(trackers: str) -> dict[str, Any]:
    """What the trackers hold."""
    return dict(orjson.loads(get(f"{trackers}/_sandbox/state")[1]))


def address(text: str, word: str) -> str:
    """The URL that is printed after a word."""
    found = re.search(rf"{word}: (\S+)", text)
    assert found
    return found[1]
