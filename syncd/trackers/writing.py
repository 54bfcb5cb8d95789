"""One writer at a time, on both databases.

A page of one stream marks items of others as due, and two pages that touch the same rows in another
order would deadlock in PostgreSQL. SQLite has one writer anyway (``BEGIN IMMEDIATE``); PostgreSQL gets
the same by an advisory lock that ends with the transaction. Transactions are some 50 ms and hold no
HTTP, so the turn comes soon.
"""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection, transaction

_TURN = 0x73796E6364  # any number that nobody else locks in this database


@contextmanager
def writing() -> Generator[None]:
    """A transaction in which nobody else writes items, decisions or flags."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
        yield
