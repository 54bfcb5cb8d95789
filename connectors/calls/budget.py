"""Who may send when: pacing that is shared, and a breaker for trackers that do not answer."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from connectors.settings import Pace


class Budget(Protocol):
    """Who may send when, shared by everybody who uses the credential."""

    def take(self) -> float:
        """Ask for one request: 0.0 if it may go out now (and is counted), else the seconds to wait
        before asking again."""
        ...

    def block(self, seconds: float) -> None:
        """Nobody sends for so long."""
        ...


class LocalBudget:
    """A token bucket within this process."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace, self._clock, self._lock = pace, clock, threading.Lock()
        self._tokens, self._at, self._blocked_until = float(pace.burst), clock(), 0.0

    def take(self) -> float:
        with self._lock:
            now = self._clock()
            if now < self._blocked_until:
                return self._blocked_until - now
            self._tokens = min(self._pace.burst, self._tokens + (now - self._at) * self._pace.per_second)
            self._at = now
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / self._pace.per_second

    def block(self, seconds: float) -> None:
        with self._lock:
            self._blocked_until = max(self._blocked_until, self._clock() + seconds)


class Breaker:
    """Stops asking a tracker that does not answer: after ``limit`` failures in a row nothing is sent
    for ``rest`` seconds, then one call tries."""

    def __init__(self, limit: int = 5, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._rest, self._clock, self._lock = limit, rest, clock, threading.Lock()
        self._failures, self._open_until = 0, 0.0

    @property
    def closed(self) -> bool:
        return self._failures < self._limit

    def wait(self) -> float:
        """Seconds until the next call may try; 0.0 while closed. Letting one through keeps the rest out."""
        with self._lock:
            now = self._clock()
            if self._failures < self._limit:
                return 0.0
            if now < self._open_until:
                return self._open_until - now
            self._open_until = now + self._rest
            return 0.0

    def record(self, ok: bool) -> None:
        with self._lock:
            self._failures = 0 if ok else self._failures + 1
            if self._failures >= self._limit:
                self._open_until = self._clock() + self._rest
