"""How the process that serves the pages is doing. It needs no database to tell."""

import time
from collections.abc import Callable

from django.http import HttpRequest

LOOP = 15.0
"""Seconds without a beat after which the main loop counts as stuck."""
WORKER = 120.0
"""Seconds in which a running worker must have looked for work: twice the longest single call."""
KEY = "syncd.life"


class Life:
    """Written by the daemon, read by the health page, across threads: every write is one assignment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._beat = clock()
        self._ticked: float | None = None
        self.draining = False
        """Asked to stop: answers what still comes and finishes what runs."""

    def beat(self) -> None:
        """The main loop runs."""
        self._beat = self._clock()

    def ticked(self) -> None:
        """The worker has looked for work."""
        self._ticked = self._clock()

    def resting(self) -> None:
        """There is no worker just now: none was asked for, or the database is away. A restart of this
        process would not mend that."""
        self._ticked = None

    def troubles(self) -> list[str]:
        """What only a restart would mend; empty while the process is alive."""
        found = []
        if (silent := self._clock() - self._beat) > LOOP:
            found.append(f"the main loop has been silent for {silent:.0f} s")
        if self._ticked is not None and (silent := self._clock() - self._ticked) > WORKER:
            found.append(f"the worker has been silent for {silent:.0f} s")
        return found


def life_of(request: HttpRequest) -> Life:
    """The life of the daemon that serves this request; under another server, one that is always well."""
    life = request.META.get(KEY)
    return life if isinstance(life, Life) else Life()
