import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from connectors.calls import metered
from connectors.walk import interleave


def counted(name: str, upto: int) -> Iterator[str]:
    for number in range(upto):
        yield f"{name}{number}"


def test_every_value_of_every_iterator_comes_once_and_in_its_own_order():
    got = list(interleave([lambda: counted("a", 5), lambda: counted("b", 3), lambda: counted("c", 0)]))
    assert [value for index, value in got if index == 0] == ["a0", "a1", "a2", "a3", "a4"]
    assert [value for index, value in got if index == 1] == ["b0", "b1", "b2"]
    assert len(got) == 8


def test_no_iterators_give_nothing():
    assert list(interleave([])) == []


def test_waits_overlap():
    met = threading.Barrier(3, timeout=5)

    def meets() -> Iterator[int]:
        yield met.wait()

    assert len(list(interleave([meets, meets, meets]))) == 3


def test_an_exception_in_a_thread_is_raised_in_the_consumer_and_stops_the_others():
    def fails() -> Iterator[int]:
        yield 1
        raise LookupError("page lost")

    def endless() -> Iterator[int]:
        while True:
            yield 0

    before = threading.active_count()
    with pytest.raises(LookupError, match="page lost"):
        for _ in interleave([fails, endless]):
            pass
    assert threading.active_count() == before


def test_a_start_that_fails_is_raised_too():
    def broken() -> Iterator[int]:
        raise OSError("no socket")

    with pytest.raises(OSError, match="no socket"):
        list(interleave([broken]))


def test_closing_leaves_no_thread_and_closes_the_iterators():
    closed = []

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 0
        finally:
            closed.append(threading.current_thread().name)

    before = threading.active_count()
    walk = interleave([endless, endless])
    next(walk)
    walk.close()
    assert threading.active_count() == before
    assert len(closed) == 2


def test_producers_stay_close_to_a_slow_consumer():
    produced = []

    def eager() -> Iterator[int]:
        for number in range(100):
            produced.append(number)
            yield number

    walk = interleave([eager])
    next(walk)
    time.sleep(0.05)
    walk.close()
    assert len(produced) <= 3


def test_the_context_of_the_consumer_reaches_the_threads():
    run: ContextVar[str] = ContextVar("run")
    run.set("r1")
    assert list(interleave([lambda: iter([run.get()])])) == [(0, "r1")]


def test_requests_of_all_threads_count_on_the_consumers_meter():
    from connectors.calls.meter import current

    def counts() -> Iterator[None]:
        meter = current.get()
        assert meter is not None
        meter.add()
        yield

    with metered() as meter:
        list(interleave([counts, counts]))
    assert meter.requests == 2
