"""Jobs are hints: what is due gets done, in order, whatever becomes of a single job."""

import asyncio
import threading
from contextlib import asynccontextmanager, suppress

import pytest
from procrastinate import App
from procrastinate.jobs import Status

from syncd.worker.engine import engine as module
from syncd.worker.engine import tasks
from syncd.worker.engine.engine import Engine, EngineFailed, connector_for
from syncd.worker.engine.sqlite import SQLiteConnector

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "TICK", 0.05)


@asynccontextmanager
async def running(connector, work, concurrency=2):
    """An engine at work; stopped gracefully at the end."""
    engine = Engine(connector, work, concurrency)
    ticked = asyncio.Event()
    task = asyncio.create_task(engine.run(ticked.set))
    try:
        await asyncio.wait_for(ticked.wait(), 30)
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, EngineFailed):
            await task
        assert await asyncio.to_thread(engine.close, 5)


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is a plain value
            await asyncio.sleep(0.01)


@pytest.fixture
def clean(app, connector):
    """The queue is empty, and closed for the engine to open."""
    return connector


class TestHints:
    async def test_what_is_due_is_pulled_discovered_and_swept_then_judged(self, clean, work):
        work.due_streams, work.due_trackers, work.due_sweeps = [7], ["acme"], [8]
        async with running(clean, work):
            await until(lambda: {("pull", 7), ("discover", "acme"), ("sweep", 8), ("judge", None)} <= set(work.done))
        assert work.count("pull", 7) == 1

    async def test_a_pull_goes_on_slice_by_slice_until_nothing_is_left(self, clean, work):
        work.due_streams, work.slices = [7], {7: 4}
        async with running(clean, work):
            await until(lambda: work.count("pull", 7) == 4)
            await asyncio.sleep(0.2)
        assert work.count("pull", 7) == 4

    async def test_judging_goes_on_until_nothing_is_due(self, clean, work):
        work.due_streams, work.judging = [7], 3
        async with running(clean, work):
            await until(lambda: work.judging == 0)

    async def test_a_poll_goes_before_the_rest_of_a_back_fill(self, clean, work):
        work.due_streams, work.slices = [1], {1: 10**6}
        async with running(clean, work, concurrency=1):
            await until(lambda: work.count("pull", 1) >= 3)
            work.due_streams = [2]
            await until(lambda: work.count("pull", 2))
        between = work.done[: work.done.index(("pull", 2))]
        assert 3 <= between.count(("pull", 1)) < 200  # it did not wait for the end

    async def test_a_long_sweep_does_not_hold_up_polls(self, clean, work):
        work.hold.clear()
        work.due_sweeps = [1, 2, 3]
        async with running(clean, work, concurrency=1):
            await until(lambda: work.count("sweep", 1))
            work.due_streams = [7]
            await until(lambda: work.count("pull", 7))
            assert not work.count("sweep", 2)
            work.hold.set()

    async def test_a_job_that_fails_stops_nothing_and_is_not_tried_again_by_the_engine(self, clean, work, caplog):
        work.due_streams, work.fails = [7, 8], {7}
        async with running(clean, work):
            await until(lambda: work.count("pull", 8))
            await asyncio.sleep(0.2)
        assert work.count("pull", 7) == 1
        assert "pull 7 fails" in caplog.text

    async def test_hints_for_a_stream_that_already_waits_are_dropped(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        for _ in range(3):
            work.due_streams = [7, 8]
            await hints.tick()
        waiting = await app.job_manager.list_jobs_async()
        assert sorted(job.task_kwargs["stream"] for job in waiting) == [7, 8]

    async def test_jobs_that_are_done_leave_nothing_behind(self, app, clean, work):
        work.due_streams = [7, 8, 9]
        async with running(clean, work):
            await until(lambda: work.count("judge"))
            await until(lambda: work.count("pull", 9))
            await asyncio.sleep(0.2)
        await clean.open_async()
        left = await app.job_manager.list_jobs_async()
        assert not [job for job in left if job.status not in ("todo", "doing")], "the clock may have put in new ones"
        assert not [job for job in left if job.task_name == "pull"]

    async def test_partners_copies_follow_judging_slice_by_slice_before_back_fills(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.publishing = 2
        await hints.judge()
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("publish", "polls", tasks.JUDGE)
        await hints.publish()
        assert len(await app.job_manager.list_jobs_async()) == 1, "one hint is enough"
        assert work.count("publish") == 1

    async def test_whoever_asks_for_a_link_waits_for_no_back_fill(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        await hints.tick()
        assert await app.job_manager.list_jobs_async() == []
        work.waiting = 1
        await hints.tick()
        await hints.tick()
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("admit", "polls", tasks.POLL)
        await hints.admit()
        assert work.count("admit") == 1

    async def test_partners_own_tools_follow_their_copies_slice_by_slice_among_the_errands(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.mirroring = 2
        await hints.publish()
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("mirror", "errands", tasks.BACKFILL)
        await hints.mirror()
        assert len(await app.job_manager.list_jobs_async()) == 1, "one hint is enough"
        assert work.count("mirror") == 1

    async def test_suggestions_go_on_slice_by_slice_among_the_errands(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.suggesting = 2
        await hints.suggest()
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("suggest", "errands", tasks.BACKFILL)
        await hints.suggest()
        assert len(await app.job_manager.list_jobs_async()) == 1

    async def test_the_search_is_brought_up_to_date_slice_by_slice_among_the_errands(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.indexing = 2
        await hints.index()
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("index", "errands", tasks.BACKFILL)
        await hints.index()
        assert len(await app.job_manager.list_jobs_async()) == 1

    async def test_a_nightly_audit_goes_on_slice_by_slice_to_its_end(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.auditing = 2
        await hints.nightly(timestamp=0)
        [job] = await app.job_manager.list_jobs_async()
        assert (job.task_name, job.queue, job.priority) == ("audit", "polls", tasks.BACKFILL)
        await hints.audit()
        assert len(await app.job_manager.list_jobs_async()) == 1


class TestDeath:
    async def test_the_job_of_a_dead_worker_is_forgotten_and_its_stream_free_to_be_hinted(self, app, work, caplog):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.due_streams = [7]
        await hints.tick()
        dead = await app.job_manager.register_worker()
        await app.job_manager.fetch_job(["polls"], dead)
        work.due_streams = [7]
        await hints.tick()  # its twin waits, as in procrastinate's issues 1446 and 1543
        await app.job_manager.unregister_worker(dead)
        await hints.reap(timestamp=0)
        [left] = await app.job_manager.list_jobs_async()
        assert (left.status, left.task_kwargs) == ("todo", {"stream": 7})

    async def test_the_job_of_a_living_worker_is_left_alone(self, app, work):
        hints = tasks.Tasks(app, work, module.Threads(1))
        work.due_streams = [7]
        await hints.tick()
        await app.job_manager.fetch_job(["polls"], await app.job_manager.register_worker())
        await hints.reap(timestamp=0)
        [left] = await app.job_manager.list_jobs_async()
        assert left.status == "doing"

    async def test_the_nightly_run_keeps_what_failed_lately(self, app, work, monkeypatch):
        hints = tasks.Tasks(app, work, module.Threads(1))
        for stream in (7, 8):
            work.due_streams = [stream]
            await hints.tick()
            job = await app.job_manager.fetch_job(["polls"], await app.job_manager.register_worker())
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        await hints.nightly(timestamp=0)
        assert len(await app.job_manager.list_jobs_async(task="pull")) == 2
        monkeypatch.setattr(tasks, "KEEP_HOURS", -1)
        await hints.nightly(timestamp=0)
        assert not await app.job_manager.list_jobs_async(task="pull")
        assert work.count("nightly") == 2


class TestStopping:
    async def test_a_running_slice_ends_before_the_engine_does(self, clean, work):
        began, ended = threading.Event(), threading.Event()

        def pull(stream_id, seconds):
            began.set()
            ended.wait(0.5)
            work.done.append(("pulled", stream_id))
            return False

        work.pull, work.due_streams = pull, [7]
        async with running(clean, work):
            await asyncio.to_thread(began.wait, 5)
        assert work.count("pulled", 7) == 1

    async def test_a_slice_that_does_not_end_is_left_behind(self, clean, work, monkeypatch):
        monkeypatch.setattr(module, "GRACE", 0.2)
        began, release = threading.Event(), threading.Event()

        def pull(stream_id, seconds):
            began.set()
            return release.wait(10) and False

        work.pull, work.due_streams = pull, [7]
        engine = Engine(clean, work, 1)
        task = asyncio.create_task(engine.run(lambda: None))
        await asyncio.to_thread(began.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
        assert not await asyncio.to_thread(engine.close, 0.1)
        release.set()
        assert await asyncio.to_thread(engine.close, 5)

    async def test_a_clock_that_breaks_takes_the_engine_down_with_the_reason(self, clean, work):
        def due(now):
            raise OSError("disk full")

        work.due = due
        engine = Engine(clean, work, 1)
        with pytest.raises(EngineFailed, match="clock: disk full"):
            await asyncio.wait_for(engine.run(lambda: None), 30)
        assert await asyncio.to_thread(engine.close, 5)

    async def test_who_has_not_heard_that_it_ends_is_told_again(self, clean, work, monkeypatch):
        async def deaf():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
            await asyncio.sleep(3600)

        engine = Engine(clean, work, 1)
        monkeypatch.setattr(engine, "_worker", lambda *_: deaf())
        monkeypatch.setattr(module, "AGAIN", 0.05)
        work.due = None
        with pytest.raises(EngineFailed, match="clock"):
            await asyncio.wait_for(engine.run(lambda: None), 5)
        assert await asyncio.to_thread(engine.close, 5)

    async def test_an_engine_may_run_again_after_it_failed(self, clean, work):
        engine = Engine(clean, work, 1)
        due, work.due = work.due, None
        with pytest.raises(EngineFailed):
            await asyncio.wait_for(engine.run(lambda: None), 30)
        work.due, work.due_streams = due, [7]
        task = asyncio.create_task(engine.run(lambda: None))
        await until(lambda: work.count("pull", 7))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await asyncio.to_thread(engine.close, 5)


async def test_a_queue_that_cannot_be_opened_says_where_and_why(tmp_path, work):
    (tmp_path / "jobs.db").mkdir()
    engine = Engine(connector_for("sqlite:///x.db", tmp_path), work)
    with pytest.raises(Exception, match=r"jobs\.db cannot be opened"):
        await engine.run(lambda: None)
    assert engine.close(1)


async def test_the_queue_of_a_postgresql_store_makes_its_tables_when_they_are_not_there(postgres, work):
    connector = connector_for(postgres, None)
    await connector.open_async()
    await connector.execute_query_async("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connector.close_async()
    work.due_streams = [7]
    async with running(connector, work):
        await until(lambda: work.count("pull", 7))
    async with running(connector, work):  # and leaves them when they are
        pass


async def test_the_queue_of_an_sqlite_store_is_a_file_beside_it(tmp_path):
    connector = connector_for("sqlite:///var/syncd.db", tmp_path)
    assert isinstance(connector, SQLiteConnector)
    async with App(connector=connector).open_async():
        assert (tmp_path / "jobs.db").exists()
