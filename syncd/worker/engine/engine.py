"""The engine: queue, clock and workers of one process."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from procrastinate import App, BaseConnector, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from syncd.worker.engine.sqlite import SQLiteConnector
from syncd.worker.engine.tasks import HEARTBEAT, STALLED, Tasks
from syncd.worker.engine.threads import Threads
from syncd.worker.engine.work import Work

TICK = 1.0
"""Seconds between two looks at what is due: the shortest interval an operator may set."""
GRACE = 20.0
"""Seconds that running jobs have to end when the engine stops."""
AGAIN = 5.0
"""Seconds after which who has not ended is asked again."""
ERRANDS = 1
"""Long jobs (sweeps, the nightly tidying) at once: they have a worker of their own, so that a poll
never waits for one."""


class EngineFailed(Exception):
    """The engine stopped by itself, usually because its database went away."""


def connector_for(database_url: str, data_dir: Path) -> BaseConnector:
    """The queue that belongs to a store: a file beside it, or tables in the same PostgreSQL."""
    if database_url.startswith("sqlite"):
        return SQLiteConnector(data_dir / "jobs.db")
    return PsycopgConnector(conninfo=database_url, min_size=1, max_size=4, timeout=5.0)


class Engine:
    """Runs ``work`` by way of the queue that ``connector`` reaches."""

    def __init__(self, connector: BaseConnector, work: Work, concurrency: int = 4) -> None:
        self._concurrency = concurrency
        self._threads = Threads(concurrency + ERRANDS + 1)  # one more for the clock
        # a nightly run that was missed is made up for at the next start
        self._app = App(connector=connector, periodic_defaults={"max_delay": 24 * 3600.0})
        self._tasks = Tasks(self._app, work, self._threads)

    async def run(self, ticked: Callable[[], None]) -> None:
        """Work until cancelled; then running jobs have :data:`GRACE` seconds to end.

        :param ticked: called each time what is due was turned into hints
        :raises EngineFailed: something stopped; nothing runs any more
        """
        try:
            await self._app.connector.open_async()
            await self._ensure_schema()
            await self._work(ticked)
        finally:
            await self._app.connector.close_async()

    def close(self, seconds: float) -> bool:
        """Give the threads back; False if a job would not end within so many seconds."""
        return self._threads.close(seconds)

    async def _ensure_schema(self) -> None:
        if not await self._app.check_connection_async():
            try:
                await self._app.schema_manager.apply_schema_async()
            except ConnectorException:  # unless another worker was quicker
                if not await self._app.check_connection_async():
                    raise

    async def _work(self, ticked: Callable[[], None]) -> None:
        parts = {
            "clock": self._clock(ticked),
            "polls": self._worker("polls", self._concurrency),
            "errands": self._worker("errands", ERRANDS),
        }
        running = [asyncio.create_task(part, name=name) for name, part in parts.items()]
        try:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(running)
        raise EngineFailed("; ".join(_why(task) for task in done))

    async def _end(self, running: Sequence["asyncio.Task[None]"]) -> None:
        """Cancel them until they have ended: in Python 3.11 a cancellation is lost where it meets a connection that has
        just been had (``asyncio.wait_for``). Who waits for a job has heard it, and is not disturbed."""
        left, again = set(running), True
        while left:
            for task in left if again else ():
                task.cancel()
            _, left = await asyncio.wait(left, timeout=AGAIN)
            again = not self._threads.busy
        await asyncio.gather(*running, return_exceptions=True)

    async def _clock(self, ticked: Callable[[], None]) -> None:
        while True:
            await self._tasks.tick()
            ticked()
            await asyncio.sleep(TICK)

    def _worker(self, queue: str, concurrency: int) -> Coroutine[Any, Any, None]:
        return self._app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=concurrency,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
            shutdown_graceful_timeout=GRACE,
            abort_job_polling_interval=60.0,  # nobody asks a hint to abort
        )


def _why(task: "asyncio.Task[None]") -> str:
    error = task.exception()
    cause = error and (error.__cause__ or error)
    return f"{task.get_name()}: {cause or 'stopped by itself'}"
