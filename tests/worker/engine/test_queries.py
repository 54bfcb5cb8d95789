"""Every query of procrastinate does on SQLite what it does on PostgreSQL.

Each test runs on both, so a release of procrastinate that changes what a query does fails here.
"""

import asyncio
import hashlib
import inspect
from datetime import UTC, datetime, timedelta
from importlib import resources

import procrastinate
import pytest
from procrastinate import exceptions, sql
from procrastinate.jobs import Job, Status

from syncd.worker.engine.queries import Queries

SOON = datetime(2100, 1, 1, 12, 30, 15, 123456, tzinfo=UTC)
GONE = timedelta(seconds=-1)


def job(task="poll", queue="polls", *, priority=0, lock=None, queueing_lock=None, at=None, **kwargs) -> Job:
    return Job(
        task_name=task,
        queue=queue,
        priority=priority,
        lock=lock,
        queueing_lock=queueing_lock,
        scheduled_at=at,
        task_kwargs=kwargs,
    )


@pytest.fixture
def manager(app: procrastinate.App) -> procrastinate.manager.JobManager:
    return app.job_manager


async def one(manager, **wanted) -> Job:
    [found] = await manager.list_jobs_async(**wanted)
    return found


async def fetch(manager, *queues) -> str | None:
    """The name of the task that a new worker gets to do."""
    fetched = await manager.fetch_job(list(queues) or None, await manager.register_worker())
    return fetched.task_name if fetched else None


def test_the_queries_of_procrastinate_are_those_that_were_answered_when_this_was_written():
    # When this fails: read what changed in procrastinate's SQL, answer it in queries.py, then note the new sums.
    texts = [(resources.files("procrastinate.sql") / name).read_bytes() for name in ("queries.sql", "schema.sql")]
    assert [hashlib.sha256(text).hexdigest()[:16] for text in texts] == ["e6b932bcefe689ed", "c70ec4b400a60ad9"]


def test_every_query_that_needs_an_answer_has_one_with_the_same_arguments():
    answered = {name for name, _ in inspect.getmembers(Queries, inspect.isfunction) if not name.startswith("_")}
    assert answered == set(sql.queries) - {"listen_queue"}


@pytest.mark.asyncio
class TestInto:
    async def test_a_job_comes_back_as_it_was_put_in(self, manager):
        put = await manager.defer_job_async(
            job(priority=-3, lock="a lock", queueing_lock="another", at=SOON, stream=7, names=["é", None])
        )
        assert await one(manager) == put.evolve(status="todo")

    async def test_ids_grow_in_the_order_of_the_batch(self, manager):
        jobs = await manager.batch_defer_jobs_async([job(n=n) for n in range(3)])
        assert [j.id for j in jobs] == sorted(j.id for j in jobs)
        assert [j.task_kwargs for j in await manager.list_jobs_async()] == [{"n": 0}, {"n": 1}, {"n": 2}]

    async def test_a_second_waiting_job_with_the_same_queueing_lock_is_refused_by_name(self, manager):
        await manager.defer_job_async(job(queueing_lock="pull:7"))
        with pytest.raises(exceptions.AlreadyEnqueued, match="pull:7"):
            await manager.defer_job_async(job(queueing_lock="pull:7"))

    async def test_a_batch_with_a_refused_job_puts_nothing_in(self, manager):
        await manager.defer_job_async(job("first", queueing_lock="b"))
        with pytest.raises(exceptions.AlreadyEnqueued):
            await manager.batch_defer_jobs_async([job(queueing_lock="a"), job(queueing_lock="b")])
        assert (await one(manager)).task_name == "first"

    async def test_the_queueing_lock_is_free_again_once_the_job_runs(self, manager):
        await manager.defer_job_async(job(queueing_lock="pull:7"))
        await fetch(manager)
        await manager.defer_job_async(job(queueing_lock="pull:7"))

    async def test_a_periodic_job_is_put_in_once_a_timestamp(self, manager):
        tick = [job("tick", timestamp=at) for at in (100, 100, 101)]
        ids = [await manager.defer_periodic_job(j, "", j.task_kwargs["timestamp"]) for j in tick]
        assert [bool(id_) for id_ in ids] == [True, False, True]
        assert len(await manager.list_jobs_async()) == 2

    async def test_periodic_jobs_with_different_ids_do_not_hide_one_another(self, manager):
        for periodic_id in ("one", "other"):
            assert await manager.defer_periodic_job(job(timestamp=100), periodic_id, 100)

    async def test_a_periodic_job_that_still_waits_is_not_doubled_and_may_come_later(self, manager):
        await manager.defer_periodic_job(job(queueing_lock="tick", timestamp=100), "", 100)
        with pytest.raises(exceptions.AlreadyEnqueued):
            await manager.defer_periodic_job(job(queueing_lock="tick", timestamp=101), "", 101)
        await fetch(manager)
        assert await manager.defer_periodic_job(job(queueing_lock="tick", timestamp=101), "", 101)


@pytest.mark.asyncio
class TestOutOf:
    async def test_an_empty_queue_gives_nothing(self, manager):
        assert await fetch(manager) is None

    async def test_the_highest_priority_comes_first_then_the_oldest(self, manager):
        await manager.batch_defer_jobs_async([job("a"), job("b", priority=5), job("c", priority=5), job("d")])
        assert [await fetch(manager) for _ in range(5)] == ["b", "c", "a", "d", None]

    async def test_only_the_queues_asked_for_are_served(self, manager):
        await manager.batch_defer_jobs_async([job("a", "errands"), job("b", "polls")])
        assert [await fetch(manager, "polls", "others"), await fetch(manager, "polls")] == ["b", None]

    async def test_a_job_for_later_waits_for_its_time(self, manager):
        await manager.batch_defer_jobs_async([job("later", at=SOON), job("due", at=datetime.now(UTC) + GONE)])
        assert [await fetch(manager), await fetch(manager)] == ["due", None]

    async def test_a_fetched_job_belongs_to_its_worker(self, manager):
        await manager.defer_job_async(job())
        worker = await manager.register_worker()
        fetched = await manager.fetch_job(None, worker)
        assert (fetched.status, fetched.worker_id) == ("doing", worker)
        assert await one(manager, status="doing", worker_id=worker) == fetched

    async def test_no_two_jobs_of_one_lock_run_at_once(self, manager):
        await manager.batch_defer_jobs_async([job("a", lock="site"), job("b", lock="site"), job("c", lock="other")])
        assert [await fetch(manager), await fetch(manager), await fetch(manager)] == ["a", "c", None]
        await manager.finish_job(await one(manager, task="a"), Status.SUCCEEDED, delete_job=False)
        assert await fetch(manager) == "b"

    async def test_a_job_for_later_holds_back_the_jobs_of_its_lock_behind_it(self, manager):
        # procrastinate's issue 1599; why we never use locks
        await manager.batch_defer_jobs_async([job("later", lock="site", at=SOON), job("ready", lock="site")])
        assert await fetch(manager) is None

    async def test_a_job_of_higher_priority_goes_first_within_its_lock(self, manager):
        await manager.batch_defer_jobs_async([job("a", lock="site"), job("b", lock="site", priority=1)])
        assert await fetch(manager) == "b"

    async def test_two_workers_never_get_the_same_job(self, manager):
        await manager.batch_defer_jobs_async([job(f"t{n}") for n in range(20)])
        got = await asyncio.gather(*(fetch(manager) for _ in range(30)))
        assert sorted(filter(None, got)) == sorted(f"t{n}" for n in range(20))


@pytest.mark.asyncio
class TestEnding:
    @pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED, Status.ABORTED])
    async def test_a_job_ends_in_the_state_it_is_given(self, manager, status):
        await manager.defer_job_async(job())
        await fetch(manager)
        await manager.finish_job(await one(manager), status, delete_job=False)
        ended = await one(manager)
        assert (ended.status, ended.attempts, ended.abort_requested) == (status.value, 1, False)

    async def test_a_job_may_be_deleted_as_it_ends(self, manager):
        await manager.defer_job_async(job())
        await fetch(manager)
        await manager.finish_job(await one(manager), Status.SUCCEEDED, delete_job=True)
        assert not await manager.list_jobs_async()

    async def test_a_job_that_never_ran_ends_without_an_attempt(self, manager):
        put = await manager.defer_job_async(job())
        await manager.finish_job(put, Status.FAILED, delete_job=False)
        assert (await one(manager)).attempts == 0

    @pytest.mark.parametrize("delete", [True, False])
    async def test_a_job_does_not_end_twice(self, manager, delete):
        await manager.defer_job_async(job())
        await fetch(manager)
        done = await one(manager)
        await manager.finish_job(done, Status.SUCCEEDED, delete_job=False)
        with pytest.raises(exceptions.ConnectorException):
            await manager.finish_job(done, Status.FAILED, delete_job=delete)
        assert (await one(manager)).status == "succeeded"

    async def test_a_job_does_not_end_as_todo(self, manager):
        put = await manager.defer_job_async(job())
        with pytest.raises(exceptions.ConnectorException):
            await manager.finish_job(put, Status.TODO, delete_job=False)

    async def test_a_retried_job_waits_again_with_what_was_changed(self, manager):
        await manager.defer_job_async(job(lock="old"))
        await fetch(manager)
        await manager.retry_job(await one(manager), retry_at=SOON, priority=9, queue="errands", lock="new")
        again = await one(manager)
        assert (again.status, again.attempts, again.scheduled_at) == ("todo", 1, SOON)
        assert (again.priority, again.queue, again.lock) == (9, "errands", "new")

    async def test_a_retried_job_keeps_what_was_not_changed(self, manager):
        await manager.defer_job_async(job(lock="old", priority=4))
        await fetch(manager)
        await manager.retry_job(await one(manager), retry_at=SOON)
        again = await one(manager)
        assert (again.priority, again.queue, again.lock) == (4, "polls", "old")

    async def test_a_failed_job_may_be_retried_a_succeeded_one_not(self, manager):
        await manager.batch_defer_jobs_async([job("failed"), job("fine")])
        for status in (Status.FAILED, Status.SUCCEEDED):
            await fetch(manager)
            await manager.finish_job(await one(manager, status="doing"), status, delete_job=False)
        await manager.retry_job(await one(manager, task="failed"), retry_at=SOON)
        assert (await one(manager, task="failed")).status == "todo"
        with pytest.raises(exceptions.ConnectorException):
            await manager.retry_job(await one(manager, task="fine"), retry_at=SOON)

    async def test_a_retried_job_whose_place_is_taken_is_refused(self, manager):
        # procrastinate's issues 1446 and 1543; why hints are never retried
        await manager.defer_job_async(job("old", queueing_lock="pull:7"))
        await fetch(manager)
        await manager.defer_job_async(job("twin", queueing_lock="pull:7"))
        with pytest.raises(exceptions.UniqueViolation) as refused:
            await manager.retry_job(await one(manager, task="old"), retry_at=SOON)
        assert refused.value.constraint_name == "procrastinate_jobs_queueing_lock_idx_v1"
        assert (await one(manager, task="old")).status == "doing"

    async def test_a_job_that_was_asked_to_abort_fails_instead_of_being_retried(self, manager):
        put = await manager.defer_job_async(job())
        await fetch(manager)
        await manager.cancel_job_by_id_async(put.id, abort=True)
        await manager.retry_job(put, retry_at=SOON)
        ended = await one(manager)
        assert (ended.status, ended.attempts, ended.scheduled_at) == ("failed", 0, None)


@pytest.mark.asyncio
class TestCancelling:
    @pytest.mark.parametrize("abort", [True, False])
    async def test_a_waiting_job_is_cancelled(self, manager, abort):
        put = await manager.defer_job_async(job())
        assert await manager.cancel_job_by_id_async(put.id, abort=abort)
        cancelled = await one(manager)
        assert (cancelled.status, cancelled.abort_requested) == ("cancelled", abort)
        assert await fetch(manager) is None

    async def test_a_waiting_job_may_be_deleted_instead(self, manager):
        put = await manager.defer_job_async(job())
        assert await manager.cancel_job_by_id_async(put.id, delete_job=True)
        assert not await manager.list_jobs_async()

    @pytest.mark.parametrize("delete", [True, False])
    async def test_a_running_job_is_asked_to_abort_only_if_so_wished(self, manager, delete):
        put = await manager.defer_job_async(job())
        await fetch(manager)
        assert not await manager.cancel_job_by_id_async(put.id, delete_job=delete)
        assert list(await manager.list_jobs_to_abort_async()) == []
        assert await manager.cancel_job_by_id_async(put.id, abort=True, delete_job=delete)
        assert list(await manager.list_jobs_to_abort_async("polls")) == [put.id]
        assert list(await manager.list_jobs_to_abort_async("errands")) == []
        assert (await one(manager)).status == "doing"

    async def test_what_has_ended_or_never_was_cannot_be_cancelled(self, manager):
        put = await manager.defer_job_async(job())
        await manager.finish_job(put, Status.SUCCEEDED, delete_job=False)
        assert not await manager.cancel_job_by_id_async(put.id, abort=True)
        assert not await manager.cancel_job_by_id_async(put.id + 1, abort=True)


@pytest.mark.asyncio
class TestLooking:
    async def test_the_status_of_a_job_that_is_not_there_is_an_error(self, manager):
        with pytest.raises(exceptions.NoResult):
            await manager.get_job_status_async(1)

    async def test_jobs_are_listed_by_any_of_their_values(self, manager):
        await manager.batch_defer_jobs_async(
            [job("a", "polls", lock="x", queueing_lock="q"), job("b", "errands"), job("c", "errands", lock="y")]
        )
        wishes = [{"task": "a"}, {"queue": "errands", "lock": "y"}, {"queueing_lock": "q"}, {"status": "doing"}, {}]
        found = [[j.task_name for j in await manager.list_jobs_async(**wish)] for wish in wishes]
        assert found == [["a"], ["c"], ["a"], [], ["a", "b", "c"]]

    async def test_queues_tasks_and_locks_are_counted_by_status(self, manager):
        await manager.batch_defer_jobs_async([job("a", lock="x"), job("a"), job("b", "errands", lock="x")])
        await fetch(manager)
        none = dict.fromkeys(("succeeded", "failed", "cancelled", "aborted"), 0)
        assert await manager.list_queues_async() == [
            {"name": "errands", "jobs_count": 1, "todo": 1, "doing": 0, **none},
            {"name": "polls", "jobs_count": 2, "todo": 1, "doing": 1, **none},
        ]
        assert await manager.list_tasks_async(task="a") == [
            {"name": "a", "jobs_count": 2, "todo": 1, "doing": 1, **none}
        ]
        assert await manager.list_locks_async() == [{"name": "x", "jobs_count": 2, "todo": 1, "doing": 1, **none}]

    async def test_jobs_are_counted_by_status(self, app, manager):
        await manager.batch_defer_jobs_async([job(), job(), job()])
        await fetch(manager)
        rows = await app.connector.execute_query_all_async(sql.queries["count_jobs_status"])
        assert {row["status"]: row["count"] for row in rows} == {"todo": 2, "doing": 1}

    async def test_the_connection_is_there(self, manager):
        assert await manager.check_connection_async()


@pytest.mark.asyncio
class TestWorkers:
    async def test_a_job_whose_worker_is_silent_is_stalled(self, manager):
        await manager.defer_job_async(job())
        await fetch(manager)
        assert not await manager.get_stalled_jobs(seconds_since_heartbeat=30)
        [stalled] = await manager.get_stalled_jobs(seconds_since_heartbeat=-1)
        assert stalled.task_name == "poll"
        assert not await manager.get_stalled_jobs(seconds_since_heartbeat=-1, queue="errands")
        assert not await manager.get_stalled_jobs(seconds_since_heartbeat=-1, task_name="sweep")

    async def test_a_heartbeat_keeps_a_worker_alive(self, manager):
        worker = await manager.register_worker()
        await asyncio.sleep(0.2)
        await manager.update_heartbeat(worker)
        assert await manager.prune_stalled_workers(0.15) == []
        assert await manager.prune_stalled_workers(-1) == [worker]

    @pytest.mark.parametrize("pruned", [True, False])
    async def test_a_job_whose_worker_has_gone_is_stalled_at_once(self, manager, pruned):
        await manager.defer_job_async(job())
        worker = await manager.register_worker()
        await manager.fetch_job(None, worker)
        await (manager.prune_stalled_workers(-1) if pruned else manager.unregister_worker(worker))
        [stalled] = await manager.get_stalled_jobs(seconds_since_heartbeat=30)
        assert stalled.worker_id is None

    @pytest.mark.filterwarnings("ignore:The `nb_seconds` parameter")
    async def test_a_job_that_runs_for_long_is_found_by_its_start(self, manager):
        await manager.defer_job_async(job())
        await fetch(manager)
        assert len(await manager.get_stalled_jobs(nb_seconds=-1)) == 1
        assert not await manager.get_stalled_jobs(nb_seconds=60)

    async def test_old_jobs_are_deleted_in_the_states_asked_for(self, manager):
        await manager.batch_defer_jobs_async([job("fine"), job("failed"), job("waiting")])
        for status in (Status.SUCCEEDED, Status.FAILED):
            await fetch(manager)
            await manager.finish_job(await one(manager, status="doing"), status, delete_job=False)
        await manager.delete_old_jobs(nb_hours=1, include_failed=True)
        assert len(await manager.list_jobs_async()) == 3
        await manager.delete_old_jobs(nb_hours=-1, queue="errands")
        assert len(await manager.list_jobs_async()) == 3
        await manager.delete_old_jobs(nb_hours=-1)
        assert [j.task_name for j in await manager.list_jobs_async()] == ["failed", "waiting"]
        await manager.delete_old_jobs(nb_hours=-1, include_failed=True, include_aborted=True, include_cancelled=True)
        assert [j.task_name for j in await manager.list_jobs_async()] == ["waiting"]


@pytest.mark.asyncio
class TestListening:
    async def test_who_listens_is_told_of_new_jobs_and_of_aborts(self, manager):
        told: asyncio.Queue = asyncio.Queue()

        async def tell(*, channel, notification):
            await told.put((channel, notification["type"], notification["job_id"]))

        listening = asyncio.create_task(manager.listen_for_jobs(on_notification=tell, queues=["polls"]))
        await asyncio.sleep(0.1)
        await manager.defer_job_async(job(queue="errands"))
        put = await manager.defer_job_async(job(priority=1))
        await fetch(manager)
        for _ in range(2):  # only the first wish is news
            await manager.cancel_job_by_id_async(put.id, abort=True)
        heard = [await asyncio.wait_for(told.get(), 5) for _ in range(2)]
        await asyncio.sleep(0.1)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        channel = "procrastinate_queue_v1#polls"
        assert heard == [(channel, "job_inserted", put.id), (channel, "abort_job_requested", put.id)]
        assert told.empty()
