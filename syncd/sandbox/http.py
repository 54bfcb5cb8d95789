"""The HTTP of the sandbox: keep-alive, gzip, one thread a connection, and the ways an answer can fail.

The standard library's server, trimmed for speed: each answer leaves in one write.
"""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import orjson

from syncd.sandbox.base import Response
from syncd.sandbox.faults import Fault, wrong_type

GZIP_FROM = 1400
"""Bytes; smaller bodies fit into one packet as they are."""
_NO_BODY = (204, 304)
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: closing sends RST, not FIN


class Served(Protocol):
    """What the handler needs to know of an outcome."""

    @property
    def response(self) -> Response: ...

    @property
    def fault(self) -> Fault | None: ...


Handle = Callable[[str, str, Mapping[str, str], bytes], Served]


class Server:
    """Listens on loopback from the moment it is made; answers between start and stop."""

    def __init__(self, port: int, handle: Handle, clock: Callable[[], datetime]) -> None:
        self._listener = _Listener(port, handle, clock)
        self.port: int = self._listener.server_address[1]
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, handle: Handle, clock: Callable[[], datetime]) -> None:
        self.handle_request_line = handle
        self.clock = clock
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    def opened(self, connection: socket.socket) -> None:
        with self._changed:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def hang_up(self) -> None:
        """End the connections that clients keep alive, and wait for their threads."""
        with self._changed:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster
            self._changed.wait_for(lambda: not self._open, timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave early are everyday life here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.closed(self.connection)

    def log_message(self, *_: Any) -> None:
        """The journal remembers; standard error stays quiet."""

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        served = self.server.handle_request_line(self.command, self.path, headers, body)
        self._send(served.response, served.fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - named by the base class

    def _send(self, response: Response, fault: Fault | None) -> None:
        if fault and fault.drops:
            return self._reset()
        if fault and fault.kind == "wrong_type":
            response = wrong_type(response)
        head, body = self._encode(response)
        if fault and fault.kind == "cut":
            return self._cut(head, body)
        if fault and fault.kind == "slow":
            return self._drip(head + body, fault.seconds)
        self.wfile.write(head + body)
        return None

    def _encode(self, response: Response) -> tuple[bytes, bytes]:
        """Status line and headers, and the body as it travels."""
        body = response.body if isinstance(response.body, bytes) else orjson.dumps(response.body)
        headers = {"Date": format_datetime(self.server.clock(), usegmt=True)} | response.headers
        if body and not isinstance(response.body, bytes):
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        if len(body) >= GZIP_FROM and "gzip" in self.headers.get("accept-encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        if response.status not in _NO_BODY:
            headers["Content-Length"] = str(len(body))
        lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head, b"" if self.command == "HEAD" or response.status in _NO_BODY else body

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.rfile.close()  # it shares the socket, which closes only with its last user
        self.connection.close()

    def _cut(self, head: bytes, body: bytes) -> None:
        self.close_connection = True
        self.wfile.write(head + body[: len(body) // 2])

    def _drip(self, data: bytes, seconds: float) -> None:
        """Fifty pieces, spread over the time."""
        size = max(1, len(data) // 50)
        for start in range(0, len(data), size):
            self.wfile.write(data[start : start + size])
            time.sleep(seconds / 50)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
