"""Reading that cannot write, of one moment: what comes in meanwhile is not seen.

The database itself refuses to write: SQLite by ``query_only``, PostgreSQL by a read-only transaction.
Nobody waits for it: SQLite's write lock is not taken, PostgreSQL's snapshot holds no row.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def reading() -> Generator[None]:
    """A transaction that sees the store as it is now, and in which every write fails."""
    with _sqlite() if connection.vendor == "sqlite" else _postgresql():
        yield


@contextmanager
def _sqlite() -> Generator[None]:
    connection.ensure_connection()
    wrapper: Any = connection
    plain = wrapper.connection  # the driver's own: it listens to us also where a transaction is broken
    mode, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
    plain.execute("PRAGMA query_only = ON")
    try:
        with transaction.atomic():
            yield
    finally:
        plain.execute("PRAGMA query_only = OFF")
        wrapper.transaction_mode = mode


@contextmanager
def _postgresql() -> Generator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        isolation = "ISOLATION LEVEL REPEATABLE READ, " if outermost else ""
        connection.cursor().execute(f"SET TRANSACTION {isolation}READ ONLY")
        yield
