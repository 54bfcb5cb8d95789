"""Guards around the HTTP libraries that the vendors' clients are built on.

requests and httpx bound the wait for the next byte, not for the whole answer: a server that sends a
byte a second would hold a worker for ever, and a body of any size would be read into memory.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectors.calls import CONNECT_TIMEOUT, READ_TIMEOUT, Answer, NoAnswer, read_within


class GuardedAdapter(HTTPAdapter):
    """Mount it on the session of a client that uses requests: no retries, a time-out on every call,
    whole bodies within time and size."""

    def __init__(self, connections: int = 16) -> None:
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"stream": True, "timeout": (CONNECT_TIMEOUT, READ_TIMEOUT)}
        response = super().send(request, *args, **kwargs)
        try:
            response._content = read_within(_pieces(response))  # noqa: SLF001 - as requests does itself
            response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001 - so that close() keeps the connection
        finally:
            response.close()
        return response


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """What has arrived so far, again and again: iter_content() would wait until a whole chunk is there."""
    try:
        while piece := response.raw.read1(65536, decode_content=True):
            yield piece
    except urllib3.exceptions.HTTPError as error:
        raise NoAnswer(_in_short(error)) from None


def of_requests(response: requests.Response) -> Answer:
    """The answer of a client that uses requests."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content, response.url)


def of_httpx(response: httpx.Response) -> Answer:
    """The answer of a client that uses httpx; its body must have been read."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content, str(response.url))


def read_httpx(response: httpx.Response) -> None:
    """An event hook for httpx clients: reads the whole body within time and size."""
    response._content = read_within(response.iter_bytes())  # noqa: SLF001 - what response.read() does, bounded


@contextmanager
def no_answer() -> Iterator[None]:
    """Turns the transport errors of both libraries into :class:`NoAnswer`; a refused or timed-out
    connection is known not to have been sent."""
    try:
        yield
    except (requests.ConnectTimeout, httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout) as error:
        raise NoAnswer(_in_short(error), sent=False) from None
    except (requests.RequestException, httpx.RequestError) as error:
        raise NoAnswer(_in_short(error), sent=not _refused(error)) from None


def _refused(error: BaseException) -> bool:
    """Whether a requests error wraps a connection that was never made (urllib3 hides it in ``reason``)."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    return type(inner).__name__ in ("NewConnectionError", "NameResolutionError")


def _in_short(error: Exception) -> str:
    """What happened with whom, for people: without the path, query and headers that the libraries like to print."""
    asked = getattr(error, "_request", None) or getattr(error, "request", None)  # httpx raises where there is none
    place = urlsplit(str(asked.url)).netloc.rpartition("@")[2] if asked else "the server"
    if isinstance(error, requests.exceptions.ProxyError | httpx.ProxyError):
        place = f"the proxy before {place}"
    said = (_words(cause, place) for cause in _causes(error))
    return next(filter(None, said), f"{place}: {type(error).__name__}")


def _words(cause: BaseException, place: str) -> str | None:
    match cause:
        case socket.gaierror():
            return f"the name {place} is not known: look at the address, and at DNS"
        case ssl.SSLCertVerificationError(verify_message=why):
            return f"the certificate of {place} is not trusted ({why})"
        case ssl.SSLError():
            return f"{place} does not speak TLS as it should"
        case ConnectionRefusedError():
            return f"nothing listens at {place}"
        case TimeoutError() | urllib3.exceptions.TimeoutError() | requests.Timeout() | httpx.TimeoutException():
            return f"{place} took too long"
        case ConnectionError() | urllib3.exceptions.ProtocolError() | httpx.RemoteProtocolError():
            return f"{place} cut the connection"
        case OSError(strerror=str(why)):
            return f"{place} cannot be reached ({why})"
    return None


def _causes(error: BaseException) -> list[BaseException]:
    """The innermost first. urllib3 hides one in ``reason``, and requests all of it in its first argument."""
    found: list[BaseException] = []
    inner: BaseException | None = error
    while inner is not None and inner not in found:
        found.append(inner)
        packed = (one for one in (getattr(inner, "reason", None), *inner.args) if isinstance(one, BaseException))
        inner = inner.__cause__ or next(packed, inner.__context__)
    return found[::-1]
