"""procrastinate's named queries, answered from SQLite.

Each public method of :class:`Queries` has the name and the arguments of one query in procrastinate's
``sql/queries.sql`` and gives the rows that PostgreSQL would give. A release that adds or changes a
query is noticed by the tests, which compare both databases call by call.
"""
# ruff: noqa: S608 - the pieces of these statements are ours; what comes from outside is bound

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Notification
from procrastinate.types import JobToDefer

from syncd.worker.engine.reports import COLUMNS, Reports, Row, where

QUEUEING_LOCK = "procrastinate_jobs_queueing_lock_idx_v1"
LOCK = "procrastinate_jobs_lock_idx_v1"


class Notice(NamedTuple):
    """What a listener on the queue is told once the transaction is committed."""

    queue: str
    notification: Notification


class Queries(Reports):
    """The queries of one transaction on ``db``, at the Unix time ``now``."""

    def __init__(self, db: sqlite3.Connection, now: float) -> None:
        super().__init__(db)
        self.now = now
        self.notices: list[Notice] = []

    # Into the queue

    def defer_jobs(self, jobs: Sequence[JobToDefer]) -> list[Row]:
        return [{"id": self._defer(job)} for job in jobs]

    def _defer(self, job: JobToDefer) -> int:
        with _violations(job.queueing_lock):
            [row] = self._rows(
                "INSERT INTO jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                job.queue_name,
                job.task_name,
                job.priority,
                job.lock,
                job.queueing_lock,
                json.dumps(job.args),
                _unix(job.scheduled_at),
                self.now,
            )
        self.notices.append(Notice(job.queue_name, {"type": "job_inserted", "job_id": row["id"]}))
        return int(row["id"])

    def defer_periodic_job(
        self,
        queue: str,
        lock: str | None,
        queueing_lock: str | None,
        task_name: str,
        priority: int,
        periodic_id: str,
        defer_timestamp: int,
        args: dict[str, Any],
    ) -> list[Row]:
        """One job a timestamp, whoever asks: the first gets the job, the others ``id`` None."""
        occasion = (task_name, periodic_id, defer_timestamp)
        if not self._rows("INSERT INTO periodic_defers VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1", *occasion):
            return [{"id": None}]
        self._rows(
            "DELETE FROM periodic_defers WHERE task_name = ? AND periodic_id = ? AND defer_timestamp < ?", *occasion
        )
        return [{"id": self._defer(JobToDefer(queue, task_name, priority, lock, queueing_lock, args, None))}]

    # Out of the queue

    def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> list[Row]:
        """The job to do next is now this worker's; a row of None where there is none.

        A job waits for others of its lock: for a running one, and for those before it."""
        wanted = None if queues is None else json.dumps(list(queues))
        with _violations():
            jobs = self._jobs(
                "UPDATE jobs SET status = 'doing', worker_id = ?, changed_at = ? WHERE id = ("
                "  SELECT id FROM jobs AS job WHERE status = 'todo'"
                "  AND (?3 IS NULL OR queue_name IN (SELECT value FROM json_each(?3)))"
                "  AND (scheduled_at IS NULL OR scheduled_at <= ?2)"
                "  AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.lock = job.lock AND (other.status = 'doing'"
                "    OR other.status = 'todo' AND (other.priority > job.priority"
                "      OR other.priority = job.priority AND other.id < job.id)))"
                "  ORDER BY priority DESC, id LIMIT 1)"
                f" RETURNING {COLUMNS}",
                worker_id,
                self.now,
                wanted,
            )
        return jobs or [dict.fromkeys(COLUMNS.split(", "))]

    def finish_job(self, job_id: int, status: str, delete_job: bool) -> list[Row]:
        if status not in ("succeeded", "failed", "aborted"):
            raise ConnectorException(f"a job ends as succeeded, failed or aborted, not as {status}")
        if delete_job:
            done = self._rows("DELETE FROM jobs WHERE id = ? AND status IN ('todo', 'doing') RETURNING id", job_id)
        else:
            done = self._rows(
                "UPDATE jobs SET status = ?, changed_at = ?, abort_requested = 0, attempts = attempts + (status = 'doing')"
                " WHERE id = ? AND status IN ('todo', 'doing') RETURNING id",
                status,
                self.now,
                job_id,
            )
        return _found(done, job_id)

    def retry_job(
        self,
        job_id: int,
        retry_at: datetime,
        new_priority: int | None,
        new_queue_name: str | None,
        new_lock: str | None,
    ) -> list[Row]:
        """Back to the queue; a running job that was asked to abort fails instead."""
        done = self._rows(
            "UPDATE jobs SET status = 'failed', changed_at = ? WHERE id = ? AND status = 'doing' AND abort_requested"
            " RETURNING id",
            self.now,
            job_id,
        )
        if done:
            return done
        with _violations():
            done = self._rows(
                "UPDATE jobs SET status = 'todo', changed_at = ?, attempts = attempts + 1, scheduled_at = ?,"
                " priority = ifnull(?, priority), queue_name = ifnull(?, queue_name), lock = ifnull(?, lock)"
                " WHERE id = ? AND status IN ('doing', 'failed') RETURNING id",
                self.now,
                _unix(retry_at),
                new_priority,
                new_queue_name,
                new_lock,
                job_id,
            )
        return _found(done, job_id)

    def cancel_job(self, job_id: int, abort: bool, delete_job: bool) -> list[Row]:
        """A waiting job is cancelled (or deleted); a running one is asked to abort, if so wished."""
        waiting = "WHERE id = ? AND status = 'todo' RETURNING id"
        if delete_job:
            done = self._rows(f"DELETE FROM jobs {waiting}", job_id)
        elif abort:
            # a waiting job that is cancelled with abort keeps the mark, as on PostgreSQL
            cancel = "UPDATE jobs SET status = 'cancelled', abort_requested = 1, changed_at = ?"
            done = self._rows(f"{cancel} {waiting}", self.now, job_id)
        else:
            done = self._rows(f"UPDATE jobs SET status = 'cancelled', changed_at = ? {waiting}", self.now, job_id)
        if not done and abort:
            done = self._ask_to_abort(job_id)
        return done or [{"id": None}]

    def _ask_to_abort(self, job_id: int) -> list[Row]:
        running = self._rows("SELECT queue_name, abort_requested FROM jobs WHERE id = ? AND status = 'doing'", job_id)
        if not running:
            return []
        if not running[0]["abort_requested"]:
            notification: Notification = {"type": "abort_job_requested", "job_id": job_id}
            self.notices.append(Notice(running[0]["queue_name"], notification))
        return self._rows("UPDATE jobs SET abort_requested = 1 WHERE id = ? RETURNING id", job_id)

    def delete_old_jobs(self, nb_hours: float, queue: str | None, statuses: Sequence[str]) -> list[Row]:
        return self._rows(
            "DELETE FROM jobs WHERE status IN (SELECT value FROM json_each(?)) AND (?2 IS NULL OR queue_name = ?2)"
            " AND changed_at < ?",
            json.dumps(list(statuses)),
            queue,
            self.now - nb_hours * 3600,
        )

    # Workers

    def register_worker(self) -> list[Row]:
        return self._rows("INSERT INTO workers (last_heartbeat) VALUES (?) RETURNING id AS worker_id", self.now)

    def unregister_worker(self, worker_id: int) -> list[Row]:
        return self._rows("DELETE FROM workers WHERE id = ?", worker_id)

    def update_heartbeat(self, worker_id: int) -> list[Row]:
        return self._rows("UPDATE workers SET last_heartbeat = ? WHERE id = ?", self.now, worker_id)

    def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[Row]:
        return self._rows(
            "DELETE FROM workers WHERE last_heartbeat < ? RETURNING id AS worker_id", self.now - seconds_since_heartbeat
        )

    def select_stalled_jobs_by_heartbeat(
        self, queue: str | None, task_name: str | None, seconds_since_heartbeat: float
    ) -> list[Row]:
        """Running jobs whose worker is gone or silent."""
        condition, values = where({"queue_name": queue, "task_name": task_name})
        return self._jobs(
            f"SELECT {COLUMNS} FROM jobs WHERE status = 'doing' AND {condition} AND (worker_id IS NULL"
            " OR worker_id IN (SELECT id FROM workers WHERE last_heartbeat < ?))",
            *values,
            self.now - seconds_since_heartbeat,
        )

    def select_stalled_jobs_by_started(self, nb_seconds: float, queue: str | None, task_name: str | None) -> list[Row]:
        """Running jobs that were started longer ago than that."""
        condition, values = where({"queue_name": queue, "task_name": task_name})
        return self._jobs(
            f"SELECT {COLUMNS} FROM jobs WHERE status = 'doing' AND {condition} AND changed_at < ?",
            *values,
            self.now - nb_seconds,
        )


def _unix(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _found(rows: list[Row], job_id: int) -> list[Row]:
    if not rows:
        raise ConnectorException(f"job {job_id} is not there, or not in a state that allows this")
    return rows


@contextmanager
def _violations(queueing_lock: str | None = None) -> Iterator[None]:
    """SQLite's broken unique index, named as on PostgreSQL."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        broken = {"jobs.queueing_lock": QUEUEING_LOCK, "jobs.lock": LOCK}.get(str(error).rpartition(" ")[2])
        if broken is None:
            raise
        raise UniqueViolation(constraint_name=broken, queueing_lock=queueing_lock) from error
