import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from connectors.base import AuthFailed, BadResponse, Cursor, Problem, RateLimited, Unavailable
from syncd.trackers import lease as leases
from syncd.trackers.lease import Fenced, Lease
from syncd.trackers.models import Item, Stream
from syncd.worker import sync
from syncd.worker.sync import Slice
from tests.trackers.conftest import made
from tests.worker.fake import START, FakeTracker

pytestmark = pytest.mark.django_db
PAGES = [[made(1), made(2)], [made(3)], [made(4)]]


def pull(stream: Stream, tracker: FakeTracker, limit: Slice | None = None) -> sync.Pulled:
    done = sync.pull(stream.id, tracker, 60.0, limit or Slice())
    stream.refresh_from_db()
    return done


def keys() -> set[str]:
    return set(Item.objects.values_list("key", flat=True))


def test_a_run_ends_with_its_start_as_the_high_water_mark(stream: Stream) -> None:
    done = pull(stream, FakeTracker(pages=PAGES))
    assert (done.written.new, done.more, done.error) == (4, False, None)
    cursor = Cursor.from_json(stream.cursor)
    assert (cursor.high_water, cursor.started, cursor.backfilled) == (START, None, True)
    assert stream.lease_until is None
    assert stream.last_success_at is not None
    assert timedelta(seconds=50) < stream.next_due_at - timezone.now() <= timedelta(seconds=60)


def test_an_error_keeps_what_was_committed_and_the_next_pull_goes_on_there(stream: Stream) -> None:
    tracker = FakeTracker(pages=PAGES, fails_after=(2, Unavailable("no answer")))
    assert isinstance(pull(stream, tracker).error, Unavailable)
    assert keys() == {"WEB-1", "WEB-2", "WEB-3"}
    assert (stream.error, stream.last_success_at) == ("no answer", None)
    tracker.fails_after = None
    tracker.asked.clear()
    assert pull(stream, tracker).error is None
    assert tracker.asked == ["page 2"]
    assert len(keys()) == 4
    assert (stream.error, stream.broken_since) == ("", None)


def test_a_slice_ends_after_its_time_and_the_stream_is_due_at_once(stream: Stream) -> None:
    done = pull(stream, FakeTracker(pages=PAGES), Slice(seconds=0.0001))
    assert (done.more, done.written.new) == (True, 2)
    assert stream.next_due_at <= timezone.now()
    assert stream.last_success_at is None


def test_a_shutdown_ends_the_pull_after_the_page_and_is_no_error(stream: Stream) -> None:
    stop = threading.Event()
    stop.set()
    done = pull(stream, FakeTracker(pages=PAGES), Slice(stop=stop))
    assert (done.more, done.error, len(keys())) == (True, None, 2)
    assert stream.lease_until is None


def test_a_stream_that_somebody_holds_is_left_alone(stream: Stream) -> None:
    assert Lease.claim(stream.id)
    assert pull(stream, FakeTracker(pages=PAGES)).busy
    assert not keys()


def test_a_stream_held_by_a_process_that_died_is_taken_at_once(stream: Stream) -> None:
    assert Lease.claim(stream.id)
    host, pid, _ = leases.holder().rsplit(":", 2)
    Stream.objects.update(lease_by=f"{host}:{pid}:1")  # our number, but another start
    assert not pull(stream, FakeTracker(pages=PAGES)).busy
    assert len(keys()) == 4


def test_a_lease_that_was_taken_over_commits_nothing_more(stream: Stream) -> None:
    tracker = FakeTracker(pages=PAGES)

    def steal(done: sync.Pulled) -> None:
        Stream.objects.update(epoch=99)

    done = pull(stream, tracker, Slice(progress=steal))
    assert done.busy
    assert keys() == {"WEB-1", "WEB-2"}
    assert stream.epoch == 99


def test_releasing_a_lease_that_is_lost_is_refused(stream: Stream) -> None:
    lease = Lease.claim(stream.id)
    Stream.objects.update(epoch=99)
    with pytest.raises(Fenced):
        lease.release()


def test_a_rate_limit_parks_the_stream_for_as_long_as_it_says(stream: Stream) -> None:
    limited = RateLimited("too many requests", retry_after=1800)
    assert pull(stream, FakeTracker(pages=PAGES, fails_after=(1, limited))).error is limited
    assert timedelta(seconds=1790) < stream.next_due_at - timezone.now() <= timedelta(seconds=1800)
    assert stream.broken_since is None


def test_a_tracker_that_breaks_is_logged_once_and_once_when_it_recovers(stream: Stream) -> None:
    broken = FakeTracker(pages=PAGES, fails_after=(0, Unavailable("no answer")))
    with capture_logs() as logs:
        for _ in range(3):
            pull(stream, broken)
        pull(stream, FakeTracker(pages=PAGES))
        pull(stream, FakeTracker(pages=PAGES))
    assert [entry["event"] for entry in logs] == ["tracker_broken", "tracker_recovered", "stream_filled"]


def test_a_repository_that_breaks_is_logged_as_such_and_the_tracker_is_not(stream: Stream) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            pull(stream, FakeTracker(fails_after=(0, AuthFailed("not there", where="acme/web", status=404))))
        pull(stream, FakeTracker(pages=PAGES))
    assert [entry["event"] for entry in logs] == ["stream_broken", "stream_recovered", "stream_filled"]
    stream.tracker.refresh_from_db()
    assert stream.tracker.broken_since is None


def test_a_broken_stream_is_asked_less_and_less_often(stream: Stream) -> None:
    Stream.objects.update(broken_since=timezone.now() - timedelta(minutes=5))
    pull(stream, FakeTracker(fails_after=(0, BadResponse("not JSON"))))
    assert stream.next_due_at - timezone.now() > timedelta(minutes=4)
    Stream.objects.update(broken_since=timezone.now() - timedelta(days=5))
    pull(stream, FakeTracker(fails_after=(0, BadResponse("not JSON"))))
    assert stream.next_due_at - timezone.now() <= timedelta(minutes=15)


def test_a_part_that_fails_is_named_and_the_rest_goes_on(stream: Stream) -> None:
    problem = Problem("PAY", AuthFailed("no longer visible"))
    assert pull(stream, FakeTracker(pages=PAGES, page_problems=[problem])).error is None
    assert stream.problems == [{"where": "PAY", "what": "no longer visible"}]
    assert len(keys()) == 4


def test_a_renamed_repository_takes_its_items_along(stream: Stream) -> None:
    names = {"container": "WEB", "key": "WEB#1", "address": "github:web#1"}
    pull(stream, FakeTracker(pages=[[made(1, **names)]]))
    pull(stream, FakeTracker(renamed=("WEB", "SITE")))
    assert stream.name == "SITE"
    assert keys() == {"SITE#1"}


def test_a_bug_of_ours_gives_the_stream_back(stream: Stream) -> None:
    tracker = FakeTracker(pages=[[made(1, fields={"x": object()})]])
    with pytest.raises(TypeError):
        pull(stream, tracker)
    stream.refresh_from_db()
    assert stream.lease_until is None
    assert "syncd itself failed" in stream.error


def test_the_end_of_the_first_sync_is_kept_for_good(stream: Stream) -> None:
    tracker = FakeTracker(pages=PAGES, fails_after=(2, Unavailable("no answer")))
    pull(stream, tracker)
    assert stream.filled_at is None
    tracker.fails_after = None
    pull(stream, tracker)
    filled = stream.filled_at
    assert filled == stream.last_success_at
    Stream.objects.update(cursor={})  # everything is read anew
    pull(stream, FakeTracker(pages=PAGES))
    assert stream.filled_at == filled


def test_an_item_that_cannot_be_read_is_told_until_a_run_reads_it(stream: Stream) -> None:
    bad = Problem("WEB", BadResponse("cannot read WEB-9"), partial=True)
    tracker = FakeTracker(pages=PAGES, page_problems=[bad], each_page=True)
    with capture_logs() as logs:
        while pull(stream, tracker, Slice(seconds=0.0001)).more:
            assert [problem["what"] for problem in stream.problems] == ["cannot read WEB-9"]
        pull(stream, tracker)
    assert [problem["what"] for problem in stream.problems] == ["cannot read WEB-9"]
    assert [entry["reason"] for entry in logs if entry["event"] == "read_in_part"] == ["cannot read WEB-9"]
    pull(stream, FakeTracker(pages=PAGES))
    assert stream.problems == []
