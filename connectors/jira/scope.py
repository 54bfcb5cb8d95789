"""Which issues are meant, as JQL, and which of the configured projects cannot be read at the moment."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from connectors.base import AuthFailed, Problem, Window
from connectors.calls import fingerprint
from connectors.jira.client import Client
from connectors.jira.settings import Scope as Configured

OVERLAP = timedelta(minutes=10)
"""How far a run reads back behind the start of the one before: Jira's index lags by seconds to minutes."""
FROM_THE_START = datetime.fromtimestamp(0, UTC)
"""Mark of a part of the scope that was never read."""
_NAMED = 10
"""Projects in the name of the stream."""
REST = 600.0
"""Seconds until a project that could not be read is tried again."""


class Scope:
    """The configured scope in its parts: each project, or the one JQL condition. Thread-safe."""

    def __init__(self, configured: Configured, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock, self._lock = client, clock, threading.Lock()
        self._jql = configured.jql
        self.projects = tuple(dict.fromkeys(key.strip().upper() for key in configured.projects or ()))
        self.parts = self.projects or (fingerprint(configured.jql or ""),)
        self.name = _named(self.projects) or "jql"
        self._lost: dict[str, tuple[Problem, float]] = {}

    def readable(self) -> tuple[str, ...]:
        """The parts without those that failed a short while ago.

        :raises AuthFailed: none is left
        """
        lost = {problem.where for problem in self.problems()}
        parts = tuple(part for part in self.parts if part not in lost)
        if not parts:
            raise AuthFailed(f"none of the projects {self.name} can be read: check the scope and the account's rights")
        return parts

    def problems(self) -> tuple[Problem, ...]:
        """The projects that could not be read when they were last tried."""
        with self._lock:
            now = self._clock()
            self._lost = {key: lost for key, lost in self._lost.items() if lost[1] > now}
            return tuple(problem for problem, _ in self._lost.values())

    def ask_again(self, projects: Iterable[str]) -> bool:
        """Ask for each project by itself; one that can be read takes part (again).

        :returns: whether one could not be read; it is remembered
        """
        found = False
        for key in projects if self.projects else ():
            try:
                self._client.project(key)
            except AuthFailed as error:
                if error.status == 401:
                    raise
                found = True
                with self._lock:
                    self._lost[key] = Problem(key, _lost(key, error)), self._clock() + REST
            else:
                with self._lock:
                    self._lost.pop(key, None)
        return found

    def condition(self, parts: Mapping[str, datetime]) -> str:
        """JQL for what changed in each part since its mark, less the overlap."""
        alike: dict[datetime, list[str]] = {}
        for part, mark in parts.items():
            alike.setdefault(mark, []).append(part)
        clauses = [self._changed(names, mark) for mark, names in alike.items()]
        return clauses[0] if len(clauses) == 1 else "(" + " OR ".join(f"({clause})" for clause in clauses) + ")"

    def _changed(self, parts: list[str], mark: datetime) -> str:
        clause = f"({self._jql})" if self._jql else f"project in ({', '.join(map(quoted, parts))})"
        return clause if mark == FROM_THE_START else f"{clause} AND updated >= {millis(mark - OVERLAP)}"


def created(window: Window) -> str:
    """JQL for a span of creation, to be put behind a condition; ``""`` for all of time."""
    after = f" AND created >= {millis(window.at)}" if window.at else ""
    before = f" AND created < {millis(window.end)}" if window.end else ""
    return after + before


def millis(at: datetime) -> int:
    """A time as JQL reads it in every account's time zone: whole milliseconds since 1970."""
    return (at - FROM_THE_START) // timedelta(milliseconds=1)


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _named(projects: tuple[str, ...]) -> str:
    """All of them, where that is short enough to be a name."""
    more = len(projects) - _NAMED
    return ", ".join(projects[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _lost(key: str, error: AuthFailed) -> AuthFailed:
    return AuthFailed(
        f"the project cannot be read ({error.status}): give the account Browse projects there, or take it out of scope",
        where=key,
        status=error.status,
    )
