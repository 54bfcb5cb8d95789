"""Who is told of requests, and who counts them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol


class Observer(Protocol):
    """Told about every request, before and after."""

    def sending(self, lane: str, op: str) -> None: ...

    def answered(self, lane: str, op: str, status: int, seconds: float) -> None:
        """``status`` is 0 where no answer came."""
        ...


@dataclass
class Meter:
    """Counts the requests of one pass, over all its threads."""

    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self) -> None:
        with self._lock:
            self.requests += 1


current: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Counts the requests sent in this context and in threads that run in a copy of it."""
    meter = Meter()
    token = current.set(meter)
    try:
        yield meter
    finally:
        current.reset(token)
