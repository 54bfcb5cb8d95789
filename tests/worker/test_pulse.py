"""A lease lasts while requests go out, however long a page takes."""

import threading
import time
from collections.abc import Callable, Generator
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.base import Cursor, Page
from connectors.base import Stream as Asked
from connectors.calls import Meter, meter
from syncd.trackers.lease import Lease
from syncd.trackers.models import Stream
from syncd.worker import pulse, sync
from syncd.worker.sync import Slice
from tests.worker.fake import FakeTracker

pytestmark = pytest.mark.django_db(transaction=True)


class Beats(threading.Event):
    """Does one thing before each beat; after the last it is over."""

    def __init__(self, *turns: Callable[[], None]) -> None:
        super().__init__()
        self._turns = list(turns)

    def wait(self, timeout: float | None = None) -> bool:
        if self._turns:
            self._turns.pop(0)()
            return False
        return True


def let_it_run_out() -> None:
    Stream.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def is_held() -> bool:
    return Stream.objects.filter(lease_until__gt=timezone.now()).exists()


def test_a_beat_without_a_request_extends_nothing(stream: Stream) -> None:
    lease = Lease.claim(stream.id)
    assert lease
    requests, held = Meter(), []

    def asks() -> None:
        let_it_run_out()
        requests.add()

    def hangs() -> None:
        held.append(is_held())
        let_it_run_out()

    pulse._beat(lease, requests, Beats(asks, hangs, lambda: held.append(is_held())))
    assert held == [True, False]


def test_who_lost_the_stream_takes_nothing_back(stream: Stream) -> None:
    lease = Lease.claim(stream.id)
    assert lease
    requests = Meter()
    Stream.objects.update(epoch=99)
    let_it_run_out()
    pulse._beat(lease, requests, Beats(requests.add))
    assert not is_held()


class SlowTracker(FakeTracker):
    """Its one page takes longer than the lease that it was asked under."""

    def pull(self, stream: Asked, cursor: Cursor) -> Generator[Page, None, None]:
        counting = meter.current.get()
        assert counting
        counting.add()
        let_it_run_out()
        ends = time.monotonic() + 10
        while not is_held() and time.monotonic() < ends:
            time.sleep(0.005)
        self.asked.append("held" if is_held() else "lost")
        yield from super().pull(stream, cursor)


def test_a_page_may_take_longer_than_a_lease_lasts(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT", timedelta(milliseconds=5))
    tracker = SlowTracker()
    assert not sync.pull(stream.id, tracker, 60.0, Slice()).busy
    assert tracker.asked == ["held", "page 0"]
