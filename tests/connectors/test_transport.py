"""The guards, against a real socket that misbehaves."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import requests

from connectors import transport
from connectors.base import BadResponse
from connectors.calls import NoAnswer, read_within
from connectors.transport import GuardedAdapter, no_answer, of_httpx, of_requests, read_httpx

Script = Callable[[socket.socket], None]


@contextmanager
def server(*scripts: Script) -> Iterator[str]:
    """Answers one connection after the other by a script each; the URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            for script in scripts:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return  # the test has ended
                with client:
                    client.settimeout(5)
                    client.recv(65536)
                    try:
                        script(client)
                    except OSError:
                        continue  # the client hung up, as it should

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(data: bytes) -> Script:
    return lambda client: client.sendall(data)


def drips(head: bytes, piece: bytes = b"x", times: int = 40) -> Script:
    """A piece now and then: each comes long before any time-out for the next byte."""

    def script(client: socket.socket) -> None:
        client.sendall(head)
        for _ in range(times):
            client.sendall(piece)
            time.sleep(0.05)

    return script


def get_by_requests(url: str):
    with requests.Session() as session:
        session.mount("http://", GuardedAdapter())
        with no_answer():
            return of_requests(session.get(url, allow_redirects=False))


def get_by_httpx(url: str):
    with httpx.Client(event_hooks={"response": [read_httpx]}) as client, no_answer():
        return of_httpx(client.get(url))


both = pytest.mark.parametrize("get", [get_by_requests, get_by_httpx], ids=["requests", "httpx"])


@pytest.fixture
def brisk(monkeypatch):
    """Whole answers within a third of a second and a kilobyte."""
    monkeypatch.setattr(transport, "read_within", lambda chunks: read_within(chunks, 0.3, 1024))


@both
class TestWhatArrives:
    def test_an_answer_comes_whole_with_its_headers_in_lower_case(self, get):
        with server(says(answer(b'{"a": 1}', "Content-Type: application/json", "X-Rate: 7"))) as url:
            got = get(f"{url}/path")
        assert (got.status, got.json(), got.headers["x-rate"], got.url) == (200, {"a": 1}, "7", f"{url}/path")

    def test_what_was_packed_is_unpacked(self, get):
        packed = gzip.compress(b'{"a": 1}' + b" " * 100_000)
        with server(says(answer(packed, "Content-Encoding: gzip"))) as url:
            assert len(get(url).body) == 100_008

    def test_chunks_are_joined(self, get):
        data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        with server(says(data)) as url:
            assert get(url).body == b"abcde"

    def test_an_answer_without_a_length_ends_with_its_connection(self, get):
        with server(says(b"HTTP/1.1 200 OK\r\n\r\nabc")) as url:
            assert get(url).body == b"abc"

    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
    def test_an_answer_without_a_body_is_an_answer(self, get, status):
        with server(says(f"HTTP/1.1 {status}\r\nETag: x\r\n\r\n".encode())) as url:
            got = get(url)
        assert (got.status, got.body, got.headers["etag"]) == (int(status[:3]), b"", "x")

    def test_a_large_answer_comes_whole(self, get):
        body = bytes(range(256)) * 10_000
        with server(says(answer(body))) as url:
            assert get(url).body == body

    def test_a_redirect_is_handed_back_and_not_followed(self, get):
        with server(says(answer(b"", "Location: http://127.0.0.1:1/", status="302 Found"))) as url:
            assert get(url).status == 302


@both
class TestWhatDoesNot:
    def test_a_body_that_drips_is_given_up_in_time(self, get, brisk):
        with server(drips(answer(b"", length=1000))) as url:
            began = time.monotonic()
            with pytest.raises(NoAnswer, match="took longer") as failed:
                get(url)
            assert time.monotonic() - began < 1
        assert failed.value.sent

    def test_chunks_that_drip_are_given_up_in_time(self, get, brisk):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        with server(drips(head, b"1\r\nx\r\n")) as url:
            began = time.monotonic()
            with pytest.raises(NoAnswer, match="took longer"):
                get(url)
            assert time.monotonic() - began < 1

    def test_a_body_that_is_too_large_is_refused(self, get, brisk):
        with server(says(answer(b"x" * 5000))) as url, pytest.raises(BadResponse, match="larger than"):
            get(url)

    def test_a_body_that_is_small_only_while_packed_is_refused(self, get, brisk):
        packed = gzip.compress(b"x" * 100_000)
        assert len(packed) < 1024
        with server(says(answer(packed, "Content-Encoding: gzip"))) as url, pytest.raises(BadResponse, match="larger"):
            get(url)

    def test_a_body_that_is_cut_is_no_answer(self, get):
        with server(says(answer(b"abc", length=10))) as url, pytest.raises(NoAnswer) as failed:
            get(url)
        assert failed.value.sent

    def test_chunks_that_are_cut_are_no_answer(self, get):
        data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"
        with server(says(data)) as url, pytest.raises(NoAnswer):
            get(url)

    def test_a_body_that_is_packed_wrongly_is_no_answer(self, get):
        with server(says(answer(b"not gzip", "Content-Encoding: gzip"))) as url, pytest.raises(NoAnswer):
            get(url)

    def test_a_connection_that_closes_without_a_word_may_have_been_heard(self, get):
        with server(says(b"")) as url, pytest.raises(NoAnswer, match="cut the connection") as failed:
            get(url)
        assert failed.value.sent

    def test_something_that_is_not_http_is_no_answer(self, get):
        with server(says(b"SSH-2.0-OpenSSH_9.2\r\n")) as url, pytest.raises(NoAnswer):
            get(url)

    def test_a_refused_connection_was_certainly_not_sent(self, get):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(NoAnswer) as failed:
            get(f"http://127.0.0.1:{port}/")
        assert (str(failed.value), failed.value.sent) == (f"nothing listens at 127.0.0.1:{port}", False)

    def test_a_name_that_does_not_resolve_was_certainly_not_sent(self, get):
        with pytest.raises(NoAnswer) as failed:
            get("http://nowhere.invalid/")
        assert not failed.value.sent
        assert str(failed.value) == "the name nowhere.invalid is not known: look at the address, and at DNS"

    def test_an_error_says_what_happened_and_not_where_with_what(self, get):
        with pytest.raises(NoAnswer) as failed:
            get("http://user:secret@nowhere.invalid/?token=secret")
        assert "secret" not in str(failed.value)


class TestConnections:
    def test_a_connection_is_used_again_after_a_whole_answer(self):
        two = answer(b"one")

        def twice(client: socket.socket) -> None:
            client.sendall(two)
            client.recv(65536)
            client.sendall(answer(b"two"))

        with server(twice) as url, requests.Session() as session:
            session.mount("http://", GuardedAdapter())
            assert [session.get(url).content for _ in range(2)] == [b"one", b"two"]

    def test_a_connection_is_not_used_again_after_half_an_answer(self, brisk):
        with server(drips(answer(b"", length=1000)), says(answer(b"fresh"))) as url, requests.Session() as session:
            session.mount("http://", GuardedAdapter())
            with pytest.raises(NoAnswer):
                session.get(url)
            assert session.get(url).content == b"fresh"

    def test_a_read_that_hangs_times_out(self, monkeypatch):
        monkeypatch.setattr(transport, "READ_TIMEOUT", 0.1)
        with server(lambda client: time.sleep(0.4)) as url, pytest.raises(NoAnswer, match="took too long") as failed:
            get_by_requests(url)
        assert failed.value.sent

    def test_a_caller_cannot_ask_for_no_time_out(self, monkeypatch):
        monkeypatch.setattr(transport, "READ_TIMEOUT", 0.1)
        with server(lambda client: time.sleep(0.4)) as url, requests.Session() as session:
            session.mount("http://", GuardedAdapter())
            with pytest.raises(requests.ReadTimeout):
                session.get(url, timeout=None)
