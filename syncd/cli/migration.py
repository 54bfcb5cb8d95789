"""Brings the databases into the form this version needs, once, whoever comes first."""

import fcntl
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule

from syncd.partners import databases, policies

_LOCK = 0x73796E63  # any number that nobody else uses in this database


class Newer(Exception):
    """A later version of syncd has been at the store: what it holds is not known to this one."""


class Older(Exception):
    """A version of syncd has been at the store whose migrations were put together since: this one knows only their end."""


def bring_up() -> None:
    """Apply the migrations that are missing. Safe when several processes start at once.

    :raises Newer: there are some that this version does not have
    :raises Older: there are some of those that this version has as one only
    """
    if _all(_is_named):
        return
    with _alone():
        if not _all(_is_named):
            migrate()


def migrate() -> None:
    """The store, then what partners see, then what they write.

    :raises Older: see :func:`bring_up`
    """
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    for (app, _), whole in loader.replacements.items():
        known = applied.intersection(whole.replaces)
        if known and len(known) < len(whole.replaces) and apps.get_app_config(app).name.startswith("syncd."):
            raise Older(" ".join(min(set(whole.replaces) - known)))
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
    return _all(lambda alias, label: _is_named(alias, label) or _nothing_is_missing(alias, label))


def _all(holds: Callable[[str, str], bool]) -> bool:
    """Whether it holds of every database: by its alias, and the label of the only app in it, or none."""
    parts = [(databases.home(label), label) for label in (databases.COPY, databases.DESK)]
    return all(holds(alias, label) for alias, label in [("default", ""), *parts])


def _is_named(alias: str, label: str) -> bool:
    """Whether a database names every migration, or every one of this app, as applied. Loads none of them: that takes as
    long as everything else here."""
    asked = [config for config in apps.get_app_configs() if label in ("", config.label)]
    written = {config: names for config in asked if (names := _written(config))}
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    if later := _later(written, applied):
        raise Newer(later)
    return all((config.label, name) in applied for config, names in written.items() for name in names)


def _nothing_is_missing(alias: str, label: str) -> bool:
    """The same, where some were applied before they were put together."""
    executor = MigrationExecutor(connections[alias])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes(label or None))


def _written(config: AppConfig) -> set[str]:
    """The names of an app's migrations."""
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
    last = {
        config.label: max(map(_number, names)) for config, names in written.items() if config.name.startswith("syncd.")
    }
    return next((f"{app} {name}" for app, name in applied if app in last and _number(name) > last[app]), "")


def _number(name: str) -> int:
    """4 of ``0004_desk`` and of ``0001_squashed_0004_desk``."""
    return MigrationAutodetector.parse_number(name) or 0


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
