"""Brings the database into the form this version needs, once, whoever comes first."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_LOCK = 0x73796E63  # any number that nobody else uses in this database


def bring_up() -> None:
    """Apply the migrations that are missing. Safe when several processes start at once."""
    if is_current():
        return
    with _alone():
        if not is_current():
            call_command("migrate", verbosity=0, interactive=False)


def is_there() -> bool:
    """Whether there is a database to ask; a file would be made by asking."""
    return connection.vendor != "sqlite" or Path(str(connection.settings_dict["NAME"])).is_file()


def is_current() -> bool:
    """Whether the database is in the form that this version needs."""
    if connection.vendor == "sqlite":
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@contextmanager
def _alone() -> Generator[None]:
    """One process at a time: a file lock beside SQLite, an advisory lock in PostgreSQL."""
    if connection.vendor == "sqlite":
        with (settings.DATA_DIR / "migrate.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
