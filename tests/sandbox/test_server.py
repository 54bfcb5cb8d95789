"""The server behaves as real ones do, also when it shall not."""

import gzip
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from syncd.sandbox.base import Event, Refused, Request, Response, Work
from syncd.sandbox.faults import Fault
from syncd.sandbox.server import Sandbox


class Echo:
    """A tracker that says what it was asked, and remembers it."""

    token = "t"

    def __init__(self, prefix: str = "jira") -> None:
        self.prefix, self.root = prefix, ""
        self.events: list[Event] = []
        self.asked: list[Request] = []
        self.busy = 0
        self.ticks: list[datetime] = []

    def handle(self, request: Request) -> Response:
        assert not self.busy, "two requests at once"
        self.busy += 1
        time.sleep(0.001)
        self.busy -= 1
        self.asked.append(request)
        match request.path:
            case "/refuse":
                raise Refused(418, {"message": "no"}, {"X-Reason": "teapot"})
            case "/fail":
                raise RuntimeError("a mistake")
            case "/nothing":
                return Response(204)
            case "/list":
                return Response(200, [1, 2])
        return Response(200, {"path": request.path, "query": request.query_string, "body": request.body.decode()})

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        return {}

    def truth(self) -> list[dict[str, Any]]:
        return [{"native_id": str(len(self.asked))}]

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        if name != "shout":
            raise KeyError(name)
        self.events.append(Event("issues", {"said": arguments["what"]}))
        return "heard"

    def tick(self, now: datetime) -> None:
        self.ticks.append(now)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def box(echo: Echo) -> Iterator[Sandbox]:
    with Sandbox([echo, Echo("github"), Echo("notion")]) as sandbox:
        yield sandbox


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.mount("http://", requests.adapters.HTTPAdapter(max_retries=0))
        yield made


Get = Callable[..., requests.Response]


@pytest.fixture
def get(box: Sandbox, session: requests.Session) -> Get:
    return lambda path="/jira/x", **how: session.get(f"{box.url}{path}", timeout=5, **how)


def test_a_service_gets_what_is_below_its_prefix_as_it_was_sent(echo: Echo, get: Get, box: Sandbox) -> None:
    answer = get("/jira/a%2Fb/c?x=1&x=2").json()
    assert answer == {"path": "/a%2Fb/c", "query": "x=1&x=2", "body": ""}
    assert echo.asked[0].root == echo.root == f"{box.url}/jira"


def test_bodies_reach_the_service(box: Sandbox, session: requests.Session) -> None:
    assert session.put(f"{box.url}/jira/x", data="ä", timeout=5).json()["body"] == "ä"


def test_one_connection_serves_many_requests_and_services(box: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", box.port, timeout=5)
    connection.request("GET", "/jira/x")
    connection.getresponse().read()
    own_end = connection.sock
    connection.request("GET", "/github/nothing")
    assert connection.getresponse().read() == b""
    connection.request("HEAD", "/notion/x")
    head = connection.getresponse()
    assert (head.read(), int(head.headers["Content-Length"]) > 0) == (b"", True)
    assert connection.sock is own_end
    connection.close()


def test_a_service_answers_one_request_at_a_time(echo: Echo, get: Get, box: Sandbox) -> None:
    def ask() -> None:
        for _ in range(10):
            requests.get(f"{box.url}/jira/x", timeout=5).close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(echo.asked) == 40
    assert box.errors == []


def test_large_answers_are_compressed_for_those_who_accept_it(box: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", box.port, timeout=5)
    for accepted, encoding in (("gzip, deflate", "gzip"), ("identity", None)):
        connection.request("POST", "/jira/x", b"x" * 5000, {"Accept-Encoding": accepted})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.headers["Content-Encoding"] == encoding
        assert b"xxx" in (gzip.decompress(body) if encoding else body)
    connection.close()


def test_refusals_and_mistakes_are_answers(get: Get, box: Sandbox) -> None:
    refused = get("/jira/refuse")
    assert (refused.status_code, refused.json(), refused.headers["X-Reason"]) == (418, {"message": "no"}, "teapot")
    assert get("/jira/fail").status_code == 500
    assert "RuntimeError: a mistake" in box.errors[0]
    assert get("/nobody/x").status_code == 404


def test_dates_follow_the_sandboxs_clock(echo: Echo, get: Get, box: Sandbox) -> None:
    box.act("jira", "clock", seconds=3600)
    ahead = parsedate_to_datetime(get().headers["Date"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)
    assert echo.ticks[-1] - datetime.now(UTC) > timedelta(minutes=59)


def test_latency_does_not_queue_up(box: Sandbox) -> None:
    box.latency_ms = 500
    threads = [
        threading.Thread(target=lambda: requests.get(f"{box.url}/jira/x", timeout=60).close()) for _ in range(40)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.5 <= time.monotonic() - began < 10  # one after the other would take 20


@pytest.mark.parametrize("service", ["jira", "github", "notion"])
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503, 504, 529])
def test_a_status_comes_with_the_vendors_body(get: Get, box: Sandbox, echo: Echo, service: str, status: int) -> None:
    box.fault(service, status, "GET /x")
    answer = get(f"/{service}/x")
    assert answer.status_code == status
    assert {"jira": "errorMessages", "github": "documentation_url", "notion": "code"}[service] in answer.json()
    assert get(f"/{service}/x").status_code == 200


def test_retry_after_is_seconds_or_a_date(get: Get, box: Sandbox) -> None:
    box.fault("jira", 429, retry_after=7)
    box.fault("jira", 503, retry_after="date:30")
    limited, down = get(), get()
    assert (limited.headers["Retry-After"], limited.headers["RateLimit-Reason"]) == ("7", "jira-burst-based")
    wait = parsedate_to_datetime(down.headers["Retry-After"]) - parsedate_to_datetime(down.headers["Date"])
    assert timedelta(seconds=28) <= wait <= timedelta(seconds=31)


def test_a_reset_is_a_reset(get: Get, box: Sandbox, echo: Echo) -> None:
    box.fault("jira", "reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        get()
    assert echo.asked == []
    assert get().status_code == 200


def test_a_dropped_answer_has_taken_effect(get: Get, box: Sandbox, echo: Echo) -> None:
    box.fault("jira", "drop_after_effect")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        get()
    assert len(echo.asked) == 1
    assert box.journal.count("jira", status=0) == 1


def test_a_cut_body_is_shorter_than_announced(box: Sandbox) -> None:
    box.fault("jira", "cut")
    with socket.create_connection(("127.0.0.1", box.port), timeout=5) as plain:
        plain.sendall(b"GET /jira/x HTTP/1.1\r\nHost: here\r\n\r\n")
        data = b"".join(iter(lambda: plain.recv(65536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert 0 < len(body) < announced


def test_a_login_page_comes_with_200(get: Get, box: Sandbox) -> None:
    box.fault("jira", "html")
    answer = get()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Please log in" in answer.text


def test_a_redirect_leads_elsewhere(get: Get, box: Sandbox, echo: Echo) -> None:
    box.fault("jira", "redirect", location="http://other.invalid/x")
    answer = get(allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://other.invalid/x")
    assert echo.asked == []


def test_a_slow_answer_takes_its_time_and_is_whole(get: Get, box: Sandbox) -> None:
    box.fault("jira", "slow", seconds=0.3)
    began = time.monotonic()
    assert get().json()["path"] == "/x"
    assert 0.2 < time.monotonic() - began < 2


def test_a_wrong_type_is_json_of_another_shape(get: Get, box: Sandbox) -> None:
    box.fault("jira", "wrong_type", times=2)
    assert get().json() == []
    assert get("/jira/list").json() == {}


def test_faults_choose_their_requests(get: Get, box: Sandbox) -> None:
    box.fault("jira", 500, "GET /y$", after=1, times=2)
    assert [get(f"/jira/{path}").status_code for path in "xyxyyxy"] == [200, 200, 200, 500, 500, 200, 200]
    box.fault("", 503, times=None)
    assert {get(f"/{service}/x").status_code for service in ("jira", "github", "notion", "jira")} == {503}
    box.faults.clear()
    assert get().status_code == 200


@pytest.mark.parametrize("wrong", [{"kind": "rain"}, {"kind": "200"}, {"kind": "500", "match": "("}])
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"unknown kind of fault|not a regular expression"):
        Fault(service="jira", **wrong)


def test_stopping_ends_every_connection_and_thread(echo: Echo) -> None:
    before = threading.active_count()
    box = Sandbox([echo]).start()
    idle = socket.create_connection(("127.0.0.1", box.port), timeout=5)
    idle.sendall(b"GET /jira/x HTTP/1.1\r\nHost: here\r\n\r\n")
    assert idle.recv(12) == b"HTTP/1.1 200"
    box.stop()
    while idle.recv(65536):
        pass  # the rest of the answer, then the end
    idle.close()
    for _ in range(100):
        if threading.active_count() == before:
            break
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_sandbox_that_was_never_started_can_be_stopped(echo: Echo) -> None:
    Sandbox([echo]).stop()
