"""Fixtures over the small Jira of ``fake_jira``."""

import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from connectors.calls import Lane, LocalBudget
from connectors.jira.connector import Jira
from connectors.jira.settings import Settings
from connectors.settings import Pace
from tests.connectors.jira.fake_jira import FakeJira, Handler


@pytest.fixture
def server() -> Iterator[FakeJira]:
    fake = FakeJira()
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("OneHandler", (Handler,), {"jira": fake}))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{http.server_port}"
    yield fake
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def connect(server: FakeJira, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Jira]]:
    """A connector to the small Jira; keyword arguments go into its settings."""
    monkeypatch.setenv("JIRA_TOKEN", "s3cret")
    opened = []

    def make(*projects: str, lane: Lane | None = None, clock: Callable[[], float] | None = None, **more: Any) -> Jira:
        settings = {
            "name": "acme-jira",
            "kind": "jira",
            "url": server.url,
            "auth": {"email": "bot@acme.example", "token": {"env": "JIRA_TOKEN"}},
            "scope": {"projects": projects or ("WEB",)},
            **more,
        }
        lane = lane or Lane("acme-jira", LocalBudget(Pace(per_second=1000, burst=1000)), attempts=3, backoff=0.01)
        jira = Jira(Settings.model_validate(settings), lane, **({"clock": clock} if clock else {}))
        opened.append(jira)
        return jira

    yield make
    for jira in opened:
        jira.close()
