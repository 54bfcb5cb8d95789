"""The sandbox can be steered and asked over HTTP, and tells webhooks what happened."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import orjson
import pytest
import requests

from syncd.sandbox.base import Event
from syncd.sandbox.jira import JiraService
from syncd.sandbox.journal import operation
from syncd.sandbox.seeds import generate
from syncd.sandbox.server import Sandbox
from syncd.sandbox.webhooks import Hook, envelope


@pytest.fixture
def box() -> Iterator[Sandbox]:
    jira = JiraService("cloud", seed=1)
    jira.plant(generate("jira", 10, 1, datetime.now(UTC)), {})
    with Sandbox([jira]) as sandbox:
        yield sandbox


class Control:
    def __init__(self, session: requests.Session, root: str) -> None:
        self.session, self.root = session, root

    def __call__(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        answer = self.session.request(method, f"{self.root}/_sandbox{path}", json=body or None, timeout=5)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def control(box: Sandbox) -> Iterator[Control]:
    with requests.Session() as session:
        yield Control(session, box.url)


def test_the_state_is_the_truth_of_every_service(control: Control, box: Sandbox) -> None:
    assert control("GET", "/state") == {"jira": box.truth("jira")}
    assert len(control("GET", "/state?service=jira")["jira"]) == 10
    assert control("GET", "/state?service=gitlab", status=404) == {"error": "unknown: gitlab"}


def test_requests_are_counted_by_operation_and_status(control: Control, box: Sandbox) -> None:
    for path in ("serverInfo", "serverInfo", "issue/10001", "issue/WEB-1/comment", "search/jql?jql=x"):
        requests.get(f"{box.root('jira')}/rest/api/3/{path}", timeout=5).close()
    told = control("GET", "/requests")
    assert told["total"] == {"jira": 5}
    assert told["counts"]["jira"] == {
        "GET /rest/api/3/serverInfo": {"200": 2},
        "GET /rest/api/3/issue/{}": {"401": 1},
        "GET /rest/api/3/issue/{}/comment": {"401": 1},
        "GET /rest/api/3/search/jql": {"401": 1},
    }
    assert (told["last"][-1]["path"], told["last"][-1]["query"]) == ("/rest/api/3/search/jql", "jql=x")
    assert box.journal.count("jira", "GET /rest/api/3/serverInfo", 200) == 2
    assert box.journal.count(op="POST") == 0
    control("POST", "/requests/reset")
    assert control("GET", "/requests")["total"] == {}


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/repositories/123/issues", "/repositories/{}/issues"),
        ("/repos/acme/web/issues/7", "/repos/acme/web/issues/{}"),
        ("/v1/data_sources/b6eaff80-6fad-4da2-aae2-d91915701e14/query", "/v1/data_sources/{}/query"),
        ("/rest/api/2/issue/WEB-12", "/rest/api/2/issue/{}"),
    ],
)
def test_operations_leave_ids_out(path: str, named: str) -> None:
    assert operation("GET", path) == f"GET {named}"


def test_acts_change_the_world(control: Control, box: Sandbox) -> None:
    row = box.truth("jira")[0]
    edit = {"service": "jira", "name": "edit", "id": row["key"], "title": "New words"}
    assert control("POST", "/act", **edit) == {"result": row["native_id"]}
    assert box.truth("jira")[0]["title"] == "New words"
    assert control("POST", "/act", status=404, service="jira", name="dance") == {"error": "unknown: dance"}
    assert "unexpected keyword" in control("POST", "/act", status=400, service="jira", name="delete", ids=1)["error"]
    assert control("POST", "/act", status=404, service="nobody", name="edit") == {"error": "unknown: nobody"}


def test_faults_come_and_go(control: Control, box: Sandbox) -> None:
    control("POST", "/faults", service="jira", kind=503, match="serverInfo", times=None)
    url = f"{box.root('jira')}/rest/api/3/serverInfo"
    assert requests.get(url, timeout=5).status_code == 503
    control("DELETE", "/faults")
    assert requests.get(url, timeout=5).status_code == 200
    assert "unknown kind of fault" in control("POST", "/faults", status=400, kind="rain")["error"]


def test_an_unknown_endpoint_names_the_known_ones(control: Control) -> None:
    assert "POST /act" in control("GET", "/nothing", status=404)["error"]


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Somebody who listens to webhooks."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_change_is_told_and_signed(control: Control, box: Sandbox, receiver: Any) -> None:
    url, heard = receiver
    control("POST", "/webhooks", service="jira", url=url, secret="s3cret")
    key = box.truth("jira")[0]["key"]
    box.act("jira", "edit", id=key, title="New words")
    box.act("jira", "create", place="WEB", title="More")
    box.act("jira", "delete", id=key)
    box.webhooks.close()
    events = [orjson.loads(body) for _, body in heard]
    assert [event["webhookEvent"] for event in events] == [
        "jira:issue_updated",
        "jira:issue_created",
        "jira:issue_deleted",
    ]
    assert events[0]["issue"]["fields"]["summary"] == "New words"
    assert events[0]["changelog"]["items"][0]["toString"] == "New words"
    headers, body = heard[0]
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert len({headers["X-Atlassian-Webhook-Identifier"] for headers, _ in heard}) == 3
    assert [delivery["status"] for delivery in control("GET", "/webhooks")["deliveries"]] == [204, 204, 204]


def test_nobody_there_is_no_harm(box: Sandbox) -> None:
    box.webhook("jira", "http://127.0.0.1:9/hook", "s")
    box.webhook("jira", "file:///etc/passwd", "s")
    box.act("jira", "create", place="WEB", title="More")
    box.webhooks.close()
    assert [delivery.status for delivery in box.webhooks.deliveries] == [0, 0]
    with pytest.raises(KeyError):
        box.webhook("gitlab", "http://127.0.0.1:9/hook", "s")


@pytest.mark.parametrize(
    ("service", "names"),
    [
        ("github", {"X-Hub-Signature-256", "X-GitHub-Delivery", "X-GitHub-Event"}),
        ("notion", {"X-Notion-Signature"}),
        ("jira-dc", {"X-Hub-Signature", "X-Atlassian-Webhook-Identifier"}),
    ],
)
def test_each_vendor_signs_in_its_own_headers(service: str, names: set[str]) -> None:
    headers, body = envelope(Hook(service, "http://x", "key"), Event("issues", {"action": "edited"}))
    assert names <= set(headers)
    assert "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest() in headers.values()
    assert orjson.loads(body) == {"action": "edited"}
