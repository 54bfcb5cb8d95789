"""A pytest plug-in that runs procrastinate's acceptance tests on our connector.

Their fixtures of the same names hand out connectors to PostgreSQL; these hand out ours, all on one
file a test.
"""

import sys
import types
from pathlib import Path

import procrastinate
import pytest

from syncd.worker.engine.sqlite import SQLiteConnector

# The tests also import the connector for aiopg, a PostgreSQL driver we do not have.
aiopg = types.ModuleType("procrastinate.contrib.aiopg")
aiopg.AiopgConnector = lambda **_: None
sys.modules[aiopg.__name__] = aiopg


def pytest_configure(config):
    config.addinivalue_line("markers", "skip_before_version(version): theirs")


def pytest_collection_modifyitems(config, items):
    foreign = [item for item in items if "aiopg" in item.name]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if item not in foreign]


@pytest.fixture
def connection_params(tmp_path) -> dict[str, Path]:
    return {"path": tmp_path / "jobs.db"}


@pytest.fixture
def connector(connection_params):
    connector = SQLiteConnector(**connection_params)
    yield connector
    connector.close()


@pytest.fixture
def second_connector(connection_params):
    connector = SQLiteConnector(**connection_params)
    yield connector
    connector.close()


@pytest.fixture
async def async_app(connector):
    async with procrastinate.App(connector=connector).open_async() as app:
        yield app


psycopg_connector = connector
not_opened_psycopg_connector = connector
not_opened_psycopg2_connector = second_connector
not_opened_sync_psycopg_connector = second_connector
