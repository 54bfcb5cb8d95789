"""The web server inside the daemon: waitress, in threads of its own."""

import gc
import socket
import threading
from functools import partial
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from waitress import create_server, wasyncore

from syncd.web.life import KEY, Life

THREADS = 4
FINISH = 3.0
"""Seconds that requests under way have to end."""


class AddressTaken(Exception):
    """Nothing can listen there; says why and what to do."""


class Server:
    """Listens from construction on, answers once started."""

    def __init__(self, host: str, port: int, life: Life) -> None:
        pages = get_wsgi_application()
        _ = get_resolver().url_patterns  # loads the pages now, not while the first visitor waits

        def application(environ: dict[str, Any], start_response: Any) -> Any:
            environ[KEY] = life
            return pages(environ, start_response)

        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            application, map=self._sockets, sockets=[_bound(host, port)], threads=THREADS, ident="syncd"
        )
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        # what is loaded by now stays: the collector took a tenth of a second to look at it, while somebody waited
        gc.collect()
        gc.freeze()
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish the requests under way, then close every connection."""
        self._server.task_dispatcher.shutdown(timeout=FINISH)
        if self.running:
            self._server.trigger.pull_trigger(partial(wasyncore.close_all, self._sockets))
            self._thread.join(FINISH)
        else:
            wasyncore.close_all(self._sockets)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressTaken(f"cannot listen on {host}: {error.strerror}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise AddressTaken(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port or web.port"
        ) from None
    return listener
