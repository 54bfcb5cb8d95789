"""The queries that only look at the queue; those that change it are in ``queries.py``."""
# ruff: noqa: S608 - the pieces of these statements are ours; what comes from outside is bound

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]

COLUMNS = (
    "id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts,"
    " abort_requested, worker_id"
)


class Reports:
    """Rows of the queue, in the shape in which procrastinate reads them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def check_connection(self) -> list[Row]:
        return self._rows("""SELECT (SELECT name FROM sqlite_schema WHERE name = 'jobs') AS "check" """)

    def _rows(self, sql: str, *values: Any) -> list[Row]:
        cursor = self.db.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _jobs(self, sql: str, *values: Any) -> list[Row]:
        return [_job(row) for row in self._rows(sql, *values)]

    def get_job_status(self, job_id: int) -> list[Row]:
        return self._rows("SELECT status FROM jobs WHERE id = ?", job_id)

    def list_jobs(self, **wanted: Any) -> list[Row]:
        condition, values = where(wanted)
        return self._jobs(f"SELECT {COLUMNS} FROM jobs WHERE {condition} ORDER BY id", *values)

    def list_jobs_to_abort(self, queue_name: str | None) -> list[Row]:
        condition, values = where({"queue_name": queue_name})
        return self._rows(f"SELECT id FROM jobs WHERE status = 'doing' AND abort_requested AND {condition}", *values)

    def count_jobs_status(self) -> list[Row]:
        return self._rows("SELECT count(*) AS count, status FROM jobs GROUP BY status")

    def list_queues(self, **wanted: Any) -> list[Row]:
        return self._counted("queue_name", wanted)

    def list_tasks(self, **wanted: Any) -> list[Row]:
        return self._counted("task_name", wanted)

    def list_locks(self, **wanted: Any) -> list[Row]:
        return self._counted("lock", wanted)

    def _counted(self, column: str, wanted: dict[str, Any]) -> list[Row]:
        """Jobs a value of the column, in all and by status."""
        condition, values = where(wanted)
        rows = self._rows(
            "SELECT name, sum(jobs) AS jobs_count, json_group_object(status, jobs) AS stats FROM ("
            f" SELECT {column} AS name, status, count(*) AS jobs FROM jobs"
            f" WHERE {condition} AND {column} IS NOT NULL GROUP BY name, status) GROUP BY name ORDER BY name",
            *values,
        )
        return [row | {"stats": json.loads(row["stats"])} for row in rows]


def _job(row: Row) -> Row:
    """A row as PostgreSQL's driver gives it; one of None where nothing was found."""
    at = row["scheduled_at"]
    return row | {
        "args": json.loads(row["args"]),
        "scheduled_at": None if at is None else datetime.fromtimestamp(at, UTC),
        "abort_requested": bool(row["abort_requested"]),
    }


def where(wanted: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A condition on the columns that are asked for, and its values."""
    asked = {column: value for column, value in wanted.items() if value is not None}
    return " AND ".join(["1", *(f"{column} = ?" for column in asked)]), list(asked.values())
