"""The tasks. A job is only a hint that there is work: lost, doubled or late hints do no harm.

So no task has a lock or a retry of the engine's: under kills those can wedge a queue for good
(``docs/decisions/0001-job-engine.md``). A queueing lock only keeps the queue thin.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.tasks import Task

from syncd.worker.engine.threads import Threads
from syncd.worker.engine.work import Work

log = structlog.get_logger(__name__)

SLICE = 2.0
"""Seconds of work in one job, so that no poll waits long behind a back-fill."""
POLL, DISCOVER, JUDGE, BACKFILL = 30, 20, 10, 0
"""Priorities; more goes first."""
HEARTBEAT = 5.0
STALLED = 30.0
"""Seconds without a heartbeat after which a worker counts as dead."""
KEEP_HOURS = 24 * 7
"""How long jobs that failed are kept for inspection; the others go as they end."""

AnyTask = Task[Any, Any, Any]


class Tasks:
    """The tasks of one app, registered with it."""

    def __init__(self, app: App, work: Work, threads: Threads) -> None:
        self._app, self._work, self._threads = app, work, threads
        self._pull = _task(app, self.pull, "polls")
        self._discover = _task(app, self.discover, "polls")
        self._judge = _task(app, self.judge, "polls", every_minute := "* * * * *")
        self._publish = _task(app, self.publish, "polls", every_minute)
        self._audit = _task(app, self.audit, "polls", every_minute)
        self._admit = _task(app, self.admit, "polls")
        _task(app, self.reap, "polls", every_minute)
        self._mirror = _task(app, self.mirror, "errands", every_minute)
        self._sweep = _task(app, self.sweep, "errands")
        self._suggest = _task(app, self.suggest, "errands", every_minute)
        self._index = _task(app, self.index, "errands", every_minute)
        self._messages = _task(app, self.messages, "errands", every_minute)
        _task(app, self.nightly, "errands", "30 3 * * *")

    async def tick(self) -> None:
        """Turn what is due now into hints."""
        now = datetime.now(UTC)
        for stream in await self._threads.run(self._work.due, now):
            await _hint(self._pull, POLL, stream=stream)
        for tracker in await self._threads.run(self._work.discover_due, now):
            await _hint(self._discover, DISCOVER, tracker=tracker)
        for stream in await self._threads.run(self._work.sweep_due, now):
            await _hint(self._sweep, BACKFILL, stream=stream)
        if await self._threads.run(self._work.asked):
            await _hint(self._admit, POLL)

    async def pull(self, stream: int) -> None:
        """A slice. What is left of a long pull queues again, behind the polls of the others."""
        if await self._threads.run(self._work.pull, stream, SLICE):
            await _hint(self._pull, BACKFILL, stream=stream)
        await _hint(self._judge, JUDGE)

    async def discover(self, tracker: str) -> None:
        await self._threads.run(self._work.discover, tracker)

    async def judge(self, timestamp: int = 0) -> None:  # noqa: ARG002 - periodic tasks are told their time
        if await self._threads.run(self._work.judge, SLICE):
            await _hint(self._judge, BACKFILL)
        await _hint(self._publish, JUDGE)

    async def publish(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice. What is withdrawn from a partner is not to wait behind a back-fill."""
        if await self._threads.run(self._work.publish, SLICE):
            await _hint(self._publish, JUDGE)
        else:
            await _hint(self._mirror, BACKFILL)

    async def mirror(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice among the errands: a partner's tool that is slow keeps no poll waiting."""
        if await self._threads.run(self._work.mirror, SLICE):
            await _hint(self._mirror, BACKFILL)

    async def audit(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice, where a night's audit is under way; what is left queues again, behind everything else."""
        if await self._threads.run(self._work.audit, SLICE):
            await _hint(self._audit, BACKFILL)

    async def sweep(self, stream: int) -> None:
        await self._threads.run(self._work.sweep, stream)

    async def suggest(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice among the errands: nobody waits for a suggestion."""
        if await self._threads.run(self._work.suggest, SLICE):
            await _hint(self._suggest, BACKFILL)

    async def index(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice among the errands: what came in is found by its words a little later."""
        if await self._threads.run(self._work.index, SLICE):
            await _hint(self._index, BACKFILL)

    async def admit(self) -> None:
        """Somebody sits in front of a page and waits for a letter."""
        await self._threads.run(self._work.admit)

    async def messages(self, timestamp: int = 0) -> None:  # noqa: ARG002
        """A slice among the errands: a receiver that is slow keeps no poll waiting."""
        if await self._threads.run(self._work.messages, SLICE):
            await _hint(self._messages, BACKFILL)

    async def nightly(self, timestamp: int) -> None:  # noqa: ARG002
        await self._app.job_manager.delete_old_jobs(
            KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        await self._threads.run(self._work.nightly)
        await _hint(self._audit, BACKFILL)

    async def reap(self, timestamp: int) -> None:  # noqa: ARG002
        """Forget the jobs of workers that died. What they were about is hinted again by the clock."""
        jobs = self._app.job_manager
        await jobs.prune_stalled_workers(STALLED)
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            with suppress(ConnectorException):  # another worker reaped it
                await jobs.finish_job_by_id_async(job.id or 0, Status.FAILED, delete_job=True)
                log.warning("job_forgotten", job=job.call_string, reason="its worker died")


def _task(app: App, function: Callable[..., Any], queue: str, cron: str = "") -> AnyTask:
    """Register a method under its own name; with ``cron`` also to run by the clock."""
    name = function.__name__
    task: AnyTask = app.task(name=name, queue=queue, queueing_lock=name)(function)
    return app.periodic(cron=cron)(task) if cron else task


async def _hint(task: AnyTask, priority: int, **args: Any) -> None:
    """Put a job in the queue, unless one like it waits there."""
    like = ":".join([task.name, *map(str, args.values())])
    with suppress(AlreadyEnqueued, UniqueViolation):
        await task.configure(priority=priority, queueing_lock=like).defer_async(**args)
