"""Brings the databases into the form this version needs, once, whoever comes first."""

import fcntl
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule

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
    asked = [config for config in apps.get_app_configs() if label in ("", config.label)]
    written = {config: names for config in asked if (names := _written(config))}
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    if later := _later(written, applied):
        raise Newer(later)
    if all((config.label, name) in applied for config, names in written.items() for name in names):
        return True
    # it knows what was put together since, but loads every migration there is
    executor = MigrationExecutor(connections[alias])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes(label or None))


def _written(config: AppConfig) -> set[str]:
    """The names of an app's migrations. None of them is loaded: that takes as long as everything else here, and is
    seldom needed."""
    package, _ = MigrationLoader.migrations_module(config.label)
    folder = getattr(package and _package(package), "__path__", ())
    return {name for _, name, is_package in iter_modules(folder) if not is_package and name[0] not in "_~"}


def _package(name: str) -> ModuleType | None:
    """None where an app has no migrations."""
    parent, _, last = name.rpartition(".")
    return import_module(name) if module_has_submodule(import_module(parent), last) else None


def _later(written: Mapping[AppConfig, set[str]], applied: Iterable[tuple[str, str]]) -> str:
    """A migration of ours that was applied and comes after all that this version has; empty where there is none.
    One that comes before may have been put together with others since."""
    last = {config.label: max(names) for config, names in written.items() if config.name.startswith("syncd.")}
    return next((f"{app} {name}" for app, name in applied if name > last.get(app, name)), "")


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
