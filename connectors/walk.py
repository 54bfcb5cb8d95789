"""Walks several page iterators at once, so that the wait for one answer overlaps with the others."""

import contextvars
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


def interleave(iterators: Sequence[Callable[[], Iterator[T]]]) -> Generator[tuple[int, T], None, None]:
    """Run each iterator in a thread of its own and yield ``(its index, what it gave)`` as it comes.

    Each iterator is at most two values ahead of the consumer. Context variables (request meter, log
    context) are the consumer's. The first exception of any iterator is raised here and the others
    stop. Once this generator has ended or was closed no thread is left: closing waits for the
    requests under way, and none follows.

    :param iterators: functions that start the iterators; called in the threads
    """
    walk = _Walk[T](len(iterators))
    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(walk.produce, *numbered), daemon=True)
        for numbered in enumerate(iterators)
    ]
    for thread in threads:
        thread.start()
    try:
        yield from walk.consume()
    finally:
        walk.stop()
        for thread in threads:
            thread.join()


class _Walk(Generic[T]):
    """What the producing threads and the consumer share."""

    def __init__(self, producers: int) -> None:
        self._producers = producers
        self._room = threading.Semaphore(producers)
        self._stopped = threading.Event()
        self._queue: SimpleQueue[tuple[int, T] | BaseException | None] = SimpleQueue()

    def produce(self, index: int, start: Callable[[], Iterator[T]]) -> None:
        """Hand on one iterator's values; None when it is through."""
        try:
            self._hand_on(index, start())
            self._queue.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the consumer
            self._queue.put(error)

    def _hand_on(self, index: int, values: Iterator[T]) -> None:
        try:
            for value in values:
                self._room.acquire()
                if self._stopped.is_set():
                    return
                self._queue.put((index, value))
        finally:
            if isinstance(values, Generator):
                values.close()

    def consume(self) -> Iterator[tuple[int, T]]:
        running = self._producers
        while running:
            got = self._queue.get()
            if got is None:
                running -= 1
            elif isinstance(got, BaseException):
                raise got
            else:
                self._room.release()
                yield got

    def stop(self) -> None:
        self._stopped.set()
        for _ in range(self._producers):
            self._room.release()
