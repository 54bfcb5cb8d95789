"""Brings the databases into the form this version needs, once, whoever comes first."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from syncd.partners import databases, policies

_LOCK = 0x73796E63  # any number that nobody else uses in this database


class Newer(Exception):
    """A later version of syncd has been at the store: what it holds is not known to this one."""


def bring_up() -> None:
    """Apply the migrations that are missing. Safe when several processes start at once.

    :raises Newer: there are some that this version does not have
    """
    if is_current():
        return
    with _alone():
        if not is_current():
            migrate()


def migrate() -> None:
    """The store, then what partners see, then what they write."""
    call_command("migrate", verbosity=0, interactive=False)
    policies.prepare(connections["partners"])
    for label in (databases.COPY, databases.DESK):
        call_command("migrate", label, database=databases.home(label), verbosity=0, interactive=False)


def is_there() -> bool:
    """Whether there is a database to ask; a file would be made by asking."""
    return connection.vendor != "sqlite" or Path(str(connection.settings_dict["NAME"])).is_file()


def is_current() -> bool:
    """Whether the databases are in the form that this version needs.

    :raises Newer: a later version has brought them into its own
    """
    if connection.vendor == "sqlite":
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    return _has("default") and all(_has(databases.home(label), label) for label in (databases.COPY, databases.DESK))


def _has(alias: str, label: str = "") -> bool:
    """Whether a database has every migration, or every one of this app."""
    executor = MigrationExecutor(connections[alias])
    if later := _later(executor.loader, label):
        raise Newer(later)
    leaves = executor.loader.graph.leaf_nodes(label or None)
    return not executor.migration_plan(leaves)


def _later(loader: MigrationLoader, label: str) -> str:
    """A migration of ours that was applied and comes after all that this version has; empty where there is none.
    One that comes before may have been put together with others since."""
    last = {app: max(name for of, name in loader.disk_migrations if of == app) for app in _ours(loader)}
    applied = loader.applied_migrations or {}
    return next((f"{app} {name}" for app, name in applied if label in ("", app) and name > last.get(app, name)), "")


def _ours(loader: MigrationLoader) -> set[str]:
    return {
        config.label for config in apps.get_app_configs() if config.name.startswith("syncd.")
    } & loader.migrated_apps


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
