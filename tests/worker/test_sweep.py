import pytest
from structlog.testing import capture_logs

from connectors.base import AuthFailed, Problem
from syncd.trackers.models import Item, Stream
from syncd.worker import sweep, sync
from syncd.worker.sync import Slice
from tests.trackers.conftest import made
from tests.worker.fake import FakeTracker

pytestmark = pytest.mark.django_db
ALL = [made(number) for number in range(1, 31)]


@pytest.fixture
def filled(stream: Stream) -> Stream:
    sync.pull(stream.id, FakeTracker(pages=[ALL]), 60.0, Slice())
    return stream


def deleted() -> dict[str, str]:
    return dict(Item.objects.exclude(deleted_at=None).values_list("key", "fate"))


def test_what_the_tracker_says_is_deleted_or_trashed_is_buried_at_once(filled: Stream) -> None:
    tracker = FakeTracker(exists=ALL[2:], fates={"10001": "gone", "10002": "trashed"})
    assert sweep.sweep(filled.id, tracker).buried == 2
    assert deleted() == {"WEB-1": "gone", "WEB-2": "trashed"}


def test_what_may_merely_be_hidden_is_buried_by_the_second_sweep_that_misses_it(filled: Stream) -> None:
    tracker = FakeTracker(exists=ALL[1:], fates={"10001": "forbidden"})
    assert sweep.sweep(filled.id, tracker).buried == 0
    assert sweep.sweep(filled.id, tracker).buried == 1
    assert deleted() == {"WEB-1": "forbidden"}


def test_a_sweep_in_between_that_sees_it_starts_the_count_anew(filled: Stream) -> None:
    missing = FakeTracker(exists=ALL[1:], fates={"10001": "forbidden"})
    for tracker in (missing, FakeTracker(exists=ALL), missing):
        sweep.sweep(filled.id, tracker)
    assert deleted() == {}


def test_an_item_that_only_the_list_missed_stays(filled: Stream) -> None:
    tracker = FakeTracker(exists=ALL[1:], by_id=[ALL[0]])
    for _ in range(3):
        sweep.sweep(filled.id, tracker)
    assert deleted() == {}


def test_the_brake_holds_when_too_many_vanish_and_says_so(filled: Stream) -> None:
    tracker = FakeTracker(exists=ALL[:10], fates={item.native_id: "gone" for item in ALL})
    with capture_logs() as logs:
        done = sweep.sweep(filled.id, tracker)
    assert (done.held, done.buried, deleted()) == (True, 0, {})
    filled.refresh_from_db()
    assert (filled.held["missing"], filled.held["of"]) == (20, 30)
    assert [entry["event"] for entry in logs] == ["sweep_held"]
    assert not any("look up" in asked for asked in tracker.asked)


def test_an_operator_who_looked_releases_the_brake(filled: Stream) -> None:
    tracker = FakeTracker(exists=ALL[:10], fates={item.native_id: "gone" for item in ALL})
    sweep.sweep(filled.id, tracker)
    assert sweep.sweep(filled.id, tracker, accept=True).buried == 20
    filled.refresh_from_db()
    assert filled.held == {}


@pytest.mark.parametrize(("total", "limit"), [(0, 10), (140, 10), (400, 20), (1_000, 50), (1_000_000, 50)])
def test_the_brake_allows_one_in_twenty_within_bounds(total: int, limit: int) -> None:
    assert sweep.brake(total) == limit


def test_nothing_in_a_container_that_could_not_be_listed_counts_as_missing(filled: Stream) -> None:
    hidden = FakeTracker(exists=[], unreadable=[Problem("WEB", AuthFailed("no longer visible"))])
    for _ in range(3):
        done = sweep.sweep(filled.id, hidden)
    assert (done.missing, done.held, deleted()) == (0, False, {})


def test_an_error_buries_nothing_and_gives_the_stream_back(filled: Stream) -> None:
    done = sweep.sweep(filled.id, FakeTracker(fails_after=(0, AuthFailed("refused", status=401))))
    assert isinstance(done.error, AuthFailed)
    assert deleted() == {}
    filled.refresh_from_db()
    assert filled.lease_until is None


def test_an_item_with_a_new_key_or_that_we_never_saw_is_read_by_id(filled: Stream) -> None:
    moved = made(1, key="PAY-1", address="jira:PAY-1", container="PAY", updated_at=ALL[0].updated_at)
    unseen = made(99)
    tracker = FakeTracker(exists=[moved, *ALL[1:], unseen], by_id=[moved, unseen])
    sweep.sweep(filled.id, tracker)
    assert Item.objects.filter(key__in=["PAY-1", "WEB-99"]).count() == 2
    assert Item.objects.count() == 31
