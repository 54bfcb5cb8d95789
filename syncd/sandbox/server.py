"""The sandbox: one HTTP server on loopback with a tracker behind each first part of the path.

``/jira/…``, ``/github/…`` and so on go to the services; ``/_sandbox/…`` is ours (see ``control.py``).
"""

import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from syncd.sandbox.base import Refused, Request, Response, Service
from syncd.sandbox.clock import Clock
from syncd.sandbox.control import control
from syncd.sandbox.faults import Fault, Faults
from syncd.sandbox.http import Server
from syncd.sandbox.journal import Entry, Journal
from syncd.sandbox.webhooks import Hook, Webhooks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request led to: the answer, and the fault that shall happen to it on its way back."""

    response: Response
    fault: Fault | None = None


class Companion(Protocol):
    """Somebody who lives with a sandbox: a thread that changes it."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Sandbox:
    """Trackers under one roof, with their clock, their journal, their faults and their webhooks.

    :param services: constructed with ``clock``, so that all share one time
    :param port: 0 for any free one; see :attr:`port`
    :param latency_ms: how long every request waits before it is served
    """

    def __init__(
        self, services: Sequence[Service], port: int = 0, *, clock: Clock | None = None, latency_ms: float = 0
    ) -> None:
        self.clock = clock or Clock()
        self.latency_ms = latency_ms
        self.services: Mapping[str, Service] = {service.prefix: service for service in services}
        self.journal = Journal()
        self.faults = Faults()
        self.webhooks = Webhooks()
        self.errors: list[str] = []
        """Tracebacks of requests that a service failed to answer; empty in a sandbox without mistakes."""
        self._locks = {prefix: threading.Lock() for prefix in self.services}
        self.companions: list[Companion] = []
        """Started and stopped with the sandbox."""
        self._http = Server(port, self.handle, self.clock)
        self.port = self._http.port
        self.url = f"http://127.0.0.1:{self.port}"
        for prefix, service in self.services.items():
            service.root = f"{self.url}/{prefix}"

    def start(self) -> Self:
        self._http.start()
        for companion in self.companions:
            companion.start()
        return self

    def stop(self) -> None:
        """Close every connection and end every thread."""
        for companion in self.companions:
            companion.stop()
        self._http.stop()
        self.webhooks.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def root(self, prefix: str) -> str:
        """The URL that a client of this service is given."""
        return f"{self.url}/{prefix}"

    def truth(self, service: str) -> list[dict[str, Any]]:
        """What is in a service now; see :meth:`Service.truth`."""
        with self._locks[service]:
            self.services[service].tick(self.clock())
            return self.services[service].truth()

    def act(self, service: str, name: str, /, **arguments: Any) -> Any:
        """Change the world behind the API's back; ``clock`` moves the time of all services."""
        if name == "clock":
            return self.clock.advance(float(arguments["seconds"])).isoformat()
        with self._locks[service]:
            self.services[service].tick(self.clock())
            result = self.services[service].act(name, arguments)
            self._announce(self.services[service])
        return result

    def fault(self, service: str, kind: str | int, match: str = "", **how: Any) -> None:
        """Let something go wrong; see :class:`Fault`."""
        self.faults.add(Fault(service=service, kind=str(kind), match=match, **how))

    def webhook(self, service: str, url: str, secret: str) -> None:
        """Tell ``url`` of everything that changes in a service."""
        if service not in self.services:
            raise KeyError(service)
        self.webhooks.register(Hook(service, url, secret))

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """One request, from any thread."""
        began = time.monotonic()
        path, _, query = target.partition("?")
        prefix, _, rest = path.removeprefix("/").partition("/")
        request = Request(method, f"/{rest}", query, headers, body, f"{self.url}/{prefix}")
        if prefix == "_sandbox":
            return Outcome(control(self, request))
        if prefix not in self.services:
            return Outcome(Response(404, {"error": f"no service {prefix!r}; there are {', '.join(self.services)}"}))
        time.sleep(self.latency_ms / 1000)
        fault = self.faults.pick(prefix, f"{method} {request.path}")
        response = (fault and fault.instead(prefix, self.clock())) or self._serve(self.services[prefix], request)
        status = 0 if fault and fault.drops else response.status
        self.journal.record(Entry(prefix, method, request.path, query, status, (time.monotonic() - began) * 1000))
        return Outcome(response, fault)

    def _serve(self, service: Service, request: Request) -> Response:
        with self._locks[service.prefix]:
            service.tick(self.clock())
            try:
                return service.handle(request)
            except Refused as refused:
                return refused.response
            except Exception:  # noqa: BLE001 - a mistake in a service must show, and not end the server
                self.errors.append(traceback.format_exc())
                return Response(500, {"error": "the sandbox itself failed", "trace": traceback.format_exc()})
            finally:
                self._announce(service)

    def _announce(self, service: Service) -> None:
        events, service.events = service.events, []
        self.webhooks.announce(service.prefix, events)
