"""Where a plan lays down what it finds: a temporary database of its own, in the system's temporary folder.

The store is only read, and a plan over a million items needs no more memory than one over a thousand:
SQLite writes what does not fit into its cache to an unnamed file, which is gone when the plan is.
"""

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE link (
        change TEXT, was TEXT, will_be TEXT, item TEXT, key TEXT, title TEXT, container TEXT, owner TEXT,
        status TEXT, because TEXT
    );
    CREATE TABLE flag (
        fingerprint TEXT PRIMARY KEY, rule TEXT, goal TEXT, item TEXT, key TEXT, title TEXT, container TEXT,
        owner TEXT, message TEXT, shape TEXT,
        shown_before INT, shown_after INT, held_before INT, held_after INT, root_before INT, root_after INT
    ) WITHOUT ROWID;
    CREATE TABLE losing (
        goal TEXT, what TEXT, id TEXT, key TEXT, title TEXT, owner TEXT, remedy TEXT, "to" TEXT, because TEXT
    );
    CREATE TABLE decided (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE grouped (side INT, fingerprint TEXT, flag TEXT, PRIMARY KEY (side, fingerprint)) WITHOUT ROWID;
    CREATE TABLE shape (side INT, fingerprint TEXT, container TEXT, message TEXT, PRIMARY KEY (side, fingerprint))
        WITHOUT ROWID;
"""


class Spill:
    """Rows by name. What is asked for comes as a stream."""

    def __init__(self, rows: sqlite3.Connection) -> None:
        self._rows = rows
        self._rows.row_factory = sqlite3.Row

    def put(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._rows.executemany(sql, rows)

    def ask(self, sql: str, values: Sequence[Any] = ()) -> Iterable[sqlite3.Row]:
        return self._rows.execute(sql, values)


@contextmanager
def spill() -> Generator[Spill]:
    """An empty one, gone at the end."""
    rows = sqlite3.connect("")
    try:
        rows.executescript(_TABLES)
        yield Spill(rows)
    finally:
        rows.close()
