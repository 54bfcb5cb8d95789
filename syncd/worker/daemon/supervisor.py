"""Keeps the engine running: when its database goes away the engine stops; here it is started again."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class Supervisor:
    """Says once that the engine is down, and once that it is up again.

    :param run: the engine; returns or raises when it is down, is cancelled to stop it for good
    :param up: called at each of its ticks; :param down: called when it went down
    """

    def __init__(
        self,
        run: Callable[[Callable[[], None]], Awaitable[None]],
        up: Callable[[], None],
        down: Callable[[], None],
        *,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._run, self._up, self._down = run, up, down
        self._first, self._longest, self._pause = first_pause, longest_pause, first_pause
        self._down_since: float | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._run(self._ticked)
                self._broke("the engine returned")
            except Exception as error:  # noqa: BLE001 - whatever it is, the engine is to run again
                self._broke(f"{type(error).__name__}: {error}")
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, self._longest)

    def _ticked(self) -> None:
        if self._down_since is not None:
            log.info("engine_up", after_s=round(time.monotonic() - self._down_since, 1))
            self._down_since = None
        self._pause = self._first
        self._up()

    def _broke(self, reason: str) -> None:
        if self._down_since is None:
            log.error("engine_down", reason=reason, next="it is started again and again until its database is back")
            self._down_since = time.monotonic()
        self._down()
