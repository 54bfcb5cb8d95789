"""The daemon's one process: pages in threads, the engine on the main thread's event loop."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import structlog

from syncd.web.life import Life
from syncd.worker.daemon.lock import AlreadyRunning, locked
from syncd.worker.daemon.notify import notify, watchdog_interval
from syncd.worker.daemon.server import AddressTaken, Server
from syncd.worker.daemon.supervisor import Supervisor
from syncd.worker.engine.engine import Engine, connector_for
from syncd.worker.engine.work import Work

log = structlog.get_logger(__name__)

OK, FAILED, TRY_LATER = 0, 1, 75
STOP_WITHIN = 28.0
"""Seconds after the first signal at which we leave whatever still runs: a lease frees its stream."""
PULSE = 1.0


def run(
    database_url: str,
    data_dir: Path,
    work: Work | None,
    *,
    web: bool = True,
    worker: bool = True,
    host: str = "127.0.0.1",
    port: int = 8642,
    concurrency: int = 4,
    stop: threading.Event | None = None,
    begin: Callable[[], None] | None = None,
    serving: Callable[[str], None] | None = None,
) -> int:
    """Run until a signal; call it on the main thread, after the migrations.

    :param work: what a worker does; None where there is none
    :param data_dir: holds the lock and the job queue of an SQLite store
    :param stop: set at the first signal; give the same one to the lanes, so that no wait outlives it
    :param begin: called once folder and address are ours, before anything runs
    :param serving: told the URL once the pages are served (``port`` 0 takes any free one)
    :returns: the exit code: 0 after a signal, 75 if the folder or the address is taken
    """
    with ExitStack() as held:
        try:
            if worker and database_url.startswith("sqlite"):
                held.enter_context(locked(data_dir))
            life = Life()
            server = Server(host, port, life) if web else None
        except (AlreadyRunning, AddressTaken) as error:
            log.error("not_started", reason=str(error))  # noqa: TRY400 - the reason says it all
            return TRY_LATER
        if begin:
            begin()
        engine = Engine(connector_for(database_url, data_dir), work, concurrency) if worker and work else None
        return asyncio.run(_Process(life, server, engine, stop or threading.Event(), serving).live())


class _Process:
    def __init__(
        self,
        life: Life,
        server: Server | None,
        engine: Engine | None,
        stop: threading.Event,
        serving: Callable[[str], None] | None,
    ) -> None:
        self._life, self._server, self._engine, self._stop, self._serving = life, server, engine, stop, serving
        self._stopping = asyncio.Event()
        self._exit = OK

    async def live(self) -> int:
        loop = asyncio.get_running_loop()
        for number in _signals():
            loop.add_signal_handler(number, self._on_signal, number)
        if self._server:
            await self._start(self._server)
        pulse = asyncio.create_task(self._pulse())
        parts = [asyncio.create_task(self._supervise(self._engine))] if self._engine else []
        if not self._engine:
            notify("READY=1\nSTATUS=serving pages")
        await self._stopping.wait()
        loop.call_later(STOP_WITHIN, self._leave, self._exit)
        await self._finish(parts)
        pulse.cancel()
        return self._exit

    async def _start(self, server: Server) -> None:
        server.start()
        log.info("serving", url=server.url)
        if self._serving:
            await asyncio.to_thread(self._serving, server.url)  # it may ask the store

    async def _supervise(self, engine: Engine) -> None:
        first = True

        def up() -> None:
            nonlocal first
            self._life.ticked()
            if first:
                notify("READY=1\nSTATUS=working")
                first = False

        await Supervisor(engine.run, up, self._life.resting).run()

    async def _pulse(self) -> None:
        """Signs of life, from the loop itself: a loop that hangs gives none."""
        interval = watchdog_interval()
        fed = 0.0
        while True:
            self._life.beat()
            now = asyncio.get_running_loop().time()
            if interval and now - fed >= interval and not self._life.troubles():
                notify("WATCHDOG=1")
                fed = now
            if self._server and not self._server.running and not self._stopping.is_set():
                log.error("web_server_died")
                self._exit = FAILED
                self._begin_to_stop()
            await asyncio.sleep(min(PULSE, interval or PULSE))

    def _on_signal(self, number: int) -> None:
        if self._stopping.is_set():
            log.warning("stopped_at_once", signal=signal.Signals(number).name)
            self._leave(128 + number)
        log.info("stopping", signal=signal.Signals(number).name, within_s=STOP_WITHIN)
        self._begin_to_stop()

    def _begin_to_stop(self) -> None:
        notify("STOPPING=1\nSTATUS=finishing what runs")
        self._life.draining = True
        self._stop.set()
        self._stopping.set()

    async def _finish(self, parts: "list[asyncio.Task[None]]") -> None:
        """The engine first: until it has stopped, the pages tell that we are draining."""
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        if self._engine and not await asyncio.to_thread(self._engine.close, 2.0):
            log.warning("job_left_behind", reason="it did not end in time; its stream is free when the lease ends")
            self._leave(self._exit)
        if self._server:
            await asyncio.to_thread(self._server.stop)
        log.info("stopped")

    @staticmethod
    def _leave(code: int) -> None:
        """Without waiting for threads, as the interpreter would."""
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(code)


def _signals() -> list[signal.Signals]:
    """Those that end it. A terminal that closes is one, unless somebody started it with ``nohup``."""
    heard = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    return [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if heard else [])]
