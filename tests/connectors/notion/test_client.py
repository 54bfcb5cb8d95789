"""What goes over the wire, and answers that are not what they say."""

import logging
import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from functools import partial

import httpx
import pytest

from connectors import transport
from connectors.base import AuthFailed, BadResponse, Cursor, RateLimited, Stream, Unavailable
from connectors.notion.connector import Notion
from tests.connectors.notion.notion_world import NOW, SOURCE, Said, World, error, page, related

HTML = b"<!doctype html><html><body>Sign in</body></html>"


def pull(notion: Notion, stream: Stream) -> list[object]:
    return [item for one in notion.pull(stream, Cursor()) for item in one.items]


def test_version_and_token_are_sent(tasks: Stream, world: World) -> None:
    sent = {name.lower(): value for name, value in world.headers[0].items()}
    assert sent["notion-version"] == "2026-03-11"
    assert sent["authorization"] == "Bearer ntn_ana"
    assert "gzip" in sent["accept-encoding"]


def test_the_url_may_end_with_the_version_of_the_path(connect, world: World) -> None:
    assert connect(url=f"{world.url}/v1/").discover(()).streams[0].native_id == SOURCE


def test_property_ids_are_encoded_once_in_a_query(notion: Notion, tasks: Stream, world: World) -> None:
    stream = Stream(tasks.native_id, tasks.name, tasks.meta | {"properties": {"key": "%3EAbc"}})
    list(notion.census(stream))
    assert {path.partition("?")[2] for _, path, _ in world.asked} == {"filter_properties=%3EAbc"}


def test_property_ids_go_into_a_path_as_they_came(notion: Notion, world: World) -> None:
    world.items[page(1)["id"], "%7CEp"] = ([], {})
    notion._client.property_items(page(1)["id"], "%7CEp")
    assert world.asked[0][1].startswith(f"/v1/pages/{page(1)['id']}/properties/%7CEp?page_size=100")


@pytest.mark.parametrize(
    "fault",
    [
        error(409, "conflict_error"),
        error(500, "internal_server_error"),
        Said(502, HTML, {"Content-Type": "text/html"}),
        error(503, "database_connection_unavailable"),
        error(504, "gateway_timeout"),
        Said(529, {"object": "error", "status": 529, "code": "service_overload", "message": "x"}, {"Retry-After": "0"}),
        Said(429, {"object": "error", "status": 429, "code": "rate_limited", "message": "x"}, {"Retry-After": "0"}),
        Said(200, zlib.compress(b"{}"), {"Content-Encoding": "gzip"}),
    ],
    ids=lambda fault: str(fault.status),
)
def test_what_may_pass_is_tried_again(notion: Notion, tasks: Stream, world: World, fault: Said) -> None:
    world.add(page(1))
    world.faults.append(fault)
    assert len(pull(notion, tasks)) == 1
    assert len(world.asked) == 2


@pytest.mark.parametrize("named", ["in seconds", "as a date"])
def test_a_limit_beyond_the_deadline_is_told_and_nothing_more_is_sent(
    notion: Notion, tasks: Stream, world: World, named: str
) -> None:
    wait = "600" if named == "in seconds" else format_datetime(NOW + timedelta(seconds=600), usegmt=True)
    world.faults.append(error(429, "rate_limited", additional_data={"rate_limit_reason": "workspace_limit"}))
    world.faults[0].headers["Retry-After"] = wait
    with pytest.raises(RateLimited, match="workspace_limit") as refused:
        pull(notion, tasks)
    assert refused.value.retry_after == pytest.approx(600, abs=31)
    with pytest.raises(RateLimited, match="request budget"):
        pull(notion, tasks)
    assert len(world.asked) == 1


def test_a_short_limit_is_waited_for(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1))
    world.faults.append(error(429, "rate_limited"))
    world.faults[0].headers["Retry-After"] = "0.2"
    assert len(pull(notion, tasks)) == 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Said(200, HTML, {"Content-Type": "text/html"}), "a sign-in or proxy page. check the url.: <!doctype html>"),
        (Said(200, b'{"object": "list", "results": nothing}'), "not JSON"),
        (Said(200, []), "a JSON list where a dict belongs"),
        (Said(200, {"object": "error", "code": "x"}), "a error where a list belongs"),
        (Said(200, {"object": "list", "results": {}}), "a list without results"),
        (Said(200, {"object": "list", "results": ["x"]}), "a list without results"),
        (Said(200, {"object": "list", "results": [], "has_more": True, "next_cursor": None}), "but not where"),
        (
            Said(301, b"", {"Location": "https://elsewhere.example/v1?token=1"}),
            "redirects to https://elsewhere.example:",
        ),
        (
            Said(307, b"", {"Location": "https://elsewhere.example/v1?token=1"}),
            "redirects to https://elsewhere.example:",
        ),
        (Said(403, HTML, {"Content-Type": "text/html"}), "a proxy in between"),
        (error(400, "validation_error", "body.sorts is wrong"), "body.sorts is wrong"),
    ],
)
def test_an_answer_that_is_not_what_it_says_is_refused_at_once(
    notion: Notion, tasks: Stream, world: World, fault: Said, says: str
) -> None:
    world.faults.append(fault)
    with pytest.raises(BadResponse, match=says):
        pull(notion, tasks)
    assert len(world.asked) == 1


def test_a_refused_token_is_told_at_once(notion: Notion, tasks: Stream, world: World) -> None:
    world.faults.append(error(401, "unauthorized"))
    with pytest.raises(AuthFailed, match="current token"):
        pull(notion, tasks)
    assert len(world.asked) == 1


def test_a_property_list_that_leads_nowhere_ends(notion: Notion, world: World) -> None:
    again = {"object": "list", "results": [], "has_more": True, "next_cursor": "c"}
    world.faults.extend([Said(200, again), Said(200, again)])
    with pytest.raises(BadResponse, match="but not where"):
        notion._client.property_items(page(1)["id"], "Rel")


def test_nobody_there_is_unavailable_and_nothing_was_sent(connect) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable) as refused:
            connect(url=f"http://127.0.0.1:{closed.getsockname()[1]}").discover(())
    assert refused.value.sent is False


def test_a_connection_cut_in_the_middle_is_unavailable(connect) -> None:
    def cut(server: socket.socket) -> None:
        with suppress(OSError):  # nobody asks any more
            while True:
                peer, _ = server.accept()
                with peer:
                    peer.recv(65536)
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=cut, args=(server,), daemon=True)
        thread.start()
        with pytest.raises(Unavailable, match="no answer"):
            connect(url=f"http://127.0.0.1:{server.getsockname()[1]}").discover(())


def test_the_library_adds_no_log_handlers_and_logs_no_token(
    notion: Notion, tasks: Stream, connect: Callable[[], Notion], caplog: pytest.LogCaptureFixture
) -> None:
    before = list(logging.getLogger("notion_client").handlers)  # the library itself adds some wherever it is used
    connect()
    assert logging.getLogger("notion_client").handlers == before
    with caplog.at_level(logging.DEBUG):
        pull(notion, tasks)
    assert "ntn_ana" not in caplog.text


def test_an_answer_without_end_is_refused(
    notion: Notion, tasks: Stream, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "read_within", partial(transport.read_within, limit=1000))
    world.fill(5)
    with pytest.raises(BadResponse, match="the answer is larger"):
        pull(notion, tasks)


def test_every_request_has_a_time_limit(notion: Notion) -> None:
    assert notion._client._wire.client.timeout == httpx.Timeout(30.0, connect=5.0)


def test_a_token_refused_in_the_middle_of_a_page_is_no_part_of_that_page(
    notion: Notion, tasks: Stream, world: World
) -> None:
    world.add(page(1, Related=related(2, has_more=True)))
    world.refused_paths = {"/properties/": error(401, "unauthorized")}
    with pytest.raises(AuthFailed, match="current token"):
        pull(notion, tasks)
