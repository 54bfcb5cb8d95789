"""Where jobs do their work: in threads, apart from the event loop that moves them."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A fixed number of threads. Each keeps its database connection from call to call, as long as it
    is good; after a restart of the database the next call opens a new one."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="work")
        self._calls: set[Future[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is called now."""
        return bool(self._calls)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function in a thread, in a copy of this context (log context goes with it)."""
        work = partial(_with_good_connections, partial(function, *args, **kwargs))
        call: Future[T] = self._pool.submit(contextvars.copy_context().run, work)
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return await asyncio.wrap_future(call)

    def close(self, seconds: float) -> bool:
        """Wait so long for what still runs; False if something would not end. Nothing starts any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if wait(tuple(self._calls), seconds).not_done:
            return False
        self._pool.shutdown()  # the threads end, and with them their connections
        return True


def _with_good_connections(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
