"""procrastinate on SQLite: a connector of its public protocol over one file.

The file belongs to one process (the daemon holds a lock on the folder). Inside it, one thread owns
the one connection: nothing waits for a lock, and the event loop never waits for the disk. For the
same reason LISTEN and NOTIFY are plain calls here: whoever listens in this process is told.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from procrastinate import sql
from procrastinate.connector import BaseAsyncConnector, Notify, Pool
from procrastinate.exceptions import AppNotOpen, ConnectorException, NoResult
from procrastinate.manager import get_channel_for_queues
from procrastinate.schema import SchemaManager

from syncd.worker.engine.queries import Queries
from syncd.worker.engine.reports import Row

NAMES: dict[str, str] = {text: name for name, text in sql.queries.items()}
"""procrastinate hands its connector the text of a query; we answer by its name."""

SCHEMA = (resources.files("syncd.worker.engine") / "schema.sql").read_text(encoding="utf-8")
BUSY = 20.0
"""Seconds to wait for a lock: only a person with a database shell could hold one."""


class Listener(NamedTuple):
    loop: asyncio.AbstractEventLoop
    tell: Notify
    channels: frozenset[str]


class SQLiteConnector(BaseAsyncConnector):
    """Thread-safe; usable from an event loop and from plain threads alike."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock
        self._thread: ThreadPoolExecutor | None = None
        self._db: sqlite3.Connection | None = None
        self._listeners: set[Listener] = set()

    # Opening and closing

    def get_sync_connector(self) -> "SQLiteConnector":
        return self

    def open(self, pool: Pool | None = None) -> None:  # noqa: ARG002 - the protocol's; there is nothing to share
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="queue")
            try:
                self._thread.submit(self._connect).result()
            except ConnectorException:
                self.close()
                raise

    def close(self) -> None:
        if self._thread is not None:
            self._thread.submit(self._disconnect).result()
            self._thread.shutdown()
            self._thread = None

    async def open_async(self, pool: Pool | None = None) -> None:
        await asyncio.to_thread(self.open, pool)

    async def close_async(self) -> None:
        await asyncio.to_thread(self.close)

    def _connect(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, timeout=BUSY, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
            self._db.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConnectorException(f"the job queue {self._path} cannot be opened: {error}") from error

    def _disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    # Asking

    def execute_query(self, query: str, **arguments: Any) -> None:
        self._submit(query, arguments).result()

    def execute_query_one(self, query: str, **arguments: Any) -> Row:
        return _one(self._submit(query, arguments).result())

    def execute_query_all(self, query: str, **arguments: Any) -> list[Row]:
        return self._submit(query, arguments).result()

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        await asyncio.wrap_future(self._submit(query, arguments))

    async def execute_query_one_async(self, query: str, **arguments: Any) -> Row:
        return _one(await asyncio.wrap_future(self._submit(query, arguments)))

    async def execute_query_all_async(self, query: str, **arguments: Any) -> list[Row]:
        return await asyncio.wrap_future(self._submit(query, arguments))

    def _submit(self, query: str, arguments: dict[str, Any]) -> "Future[list[Row]]":
        if self._thread is None:
            raise AppNotOpen
        return self._thread.submit(self._transaction, query, arguments)

    def _transaction(self, query: str, arguments: dict[str, Any]) -> list[Row]:
        if query == APPLY_SCHEMA:
            return []  # opening the file has made it
        if self._db is None:
            raise AppNotOpen
        queries = Queries(self._db, self._clock())
        try:
            self._db.execute("BEGIN IMMEDIATE")
            rows: list[Row] = getattr(queries, NAMES[query])(**arguments)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise ConnectorException(f"the job queue {self._path}: {error}") from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        for notice in queries.notices:
            self._notify(notice.queue, orjson.dumps(notice.notification).decode())
        return rows

    # Listening

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        listener = Listener(asyncio.get_running_loop(), on_notification, frozenset(channels))
        self._listeners.add(listener)
        try:
            await asyncio.Event().wait()
        finally:
            self._listeners.discard(listener)

    def _notify(self, queue: str, payload: str) -> None:
        for channel in (*get_channel_for_queues([queue]), *get_channel_for_queues()):
            for listener in tuple(self._listeners):
                if channel in listener.channels and not listener.loop.is_closed():
                    asyncio.run_coroutine_threadsafe(_tell(listener.tell, channel, payload), listener.loop)


APPLY_SCHEMA = SchemaManager.get_schema().replace("%", "%%")
"""The text by which procrastinate's schema manager asks for its tables."""


async def _tell(tell: Notify, channel: str, payload: str) -> None:
    await tell(channel=channel, payload=payload)


def _one(rows: list[Row]) -> Row:
    if not rows:
        raise NoResult
    return rows[0]
