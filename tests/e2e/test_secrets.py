"""Invariant I9 from end to end: trackers that repeat secrets in everything they answer.

And I4: whatever happens, nothing is ever written to a tracker.
"""

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.base import Request, Response
from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd
from tests.e2e.daemon import get, link_in, started, visitor, wait_for

PLANTED = {
    "ghp_planted0123456789abcdefghijklmnopqrst": "",
    "gho_planted0123456789abcdefghijklmnopqrst": "",
    "ghs_planted0123456789abcdefghijklmnopqrst": "",
    "github_pat_11PLANTED0planted_0123456789abcdef": "",
    "ntn_planted0123456789abcdefghijklmnop": "",
    "secret_planted0123456789abcdefghijklmnop": "",
    "ATATT3xFfGF0planted_0123-456789=ABCDEF12": "",
    "glpat-planted-0123456789ab": "",
    "xoxb-000000000000-planted0123456789": "",
    "AKIAPLANTED012345678": "",
    "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.cGxhbnRlZA-_x": "",
    "Bearer planted-opaque-value-1": "planted-opaque-value-1",
    "Basic cGxhbnRlZDpwbGFudGVk": "cGxhbnRlZDpwbGFudGVk",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEplantedkey\n-----END RSA PRIVATE KEY-----": "MIIEplantedkey",
    "https://bot:planted-pass@acme.example/x": "planted-pass",
    "https://acme.example/x?access_token=planted-query-1": "planted-query-1",
    "password=planted-password-1": "planted-password-1",
}
"""Seventeen secrets that tell what they are, and the part that must not come out, where that is not all of it."""


class Leaky:
    """A service that fails in one way after the other, and says every secret it knows while it does."""

    def __init__(self, service: Any, secrets: list[str]) -> None:
        self._answer, self._ways = service.handle, itertools.cycle(self._say("\n".join(secrets)))
        self.leaking = False
        service.handle = self.handle

    def handle(self, request: Request) -> Response:
        return next(self._ways) if self.leaking else self._answer(request)

    @staticmethod
    def _say(all_of_it: str) -> Iterator[Response]:
        headers = {"X-Debug": all_of_it.replace("\n", " "), "Content-Type": "application/json"}
        page = f"<html><title>{all_of_it}</title><body>{all_of_it}</body></html>".encode()
        said = {"errorMessages": [all_of_it], "errors": {"jql": all_of_it}, "message": all_of_it}
        yield Response(400, said | {"object": "error", "code": "validation_error", "status": 400}, headers)
        yield Response(200, page, headers | {"Content-Type": "text/html"})
        yield Response(403, said | {"object": "error", "code": "restricted_resource", "status": 403}, headers)
        yield Response(200, b'{"cut": "' + all_of_it.encode(), headers)
        yield Response(
            302, page, headers | {"Location": "https://bot:planted-pass@elsewhere.invalid/?token=planted-query-1"}
        )
        yield Response(500, page, headers | {"Content-Type": "text/html"})
        yield Response(401, said | {"object": "error", "code": "unauthorized", "status": 401}, headers)
        yield Response(503, said, headers)


def dump(store: Path) -> str:
    with closing(sqlite3.connect(store)) as connection:
        return "\n".join(connection.iterdump())


def test_no_secret_that_a_tracker_repeats_comes_out_anywhere(trackers: Sandbox, syncd: Syncd, tmp_path: Path) -> None:
    assert syncd.folder
    tokens = {service.token: "" for service in trackers.services.values()}
    secrets = tokens | PLANTED
    assert len(secrets) == 20
    syncd.done("sync")
    services = [Leaky(service, list(secrets)) for service in trackers.services.values()]
    texts: dict[str, str] = {}
    with started(syncd, "-vv", "run", "--port", "0", folder=tmp_path) as daemon:
        daemon.happened("serving")
        asked = trackers.journal.count()
        for service in services:
            service.leaking = True
        wait_for(lambda: trackers.journal.count() > asked + 10)
        texts["metrics"] = get(f"{daemon.url}/metrics")[1]
        link = link_in(daemon.said, "no operator yet")
        texts["page"] = visitor(link, email="omar@acme.example")(f"{daemon.url}/status/")
        assert daemon.stop() == 0
        texts["run"] = daemon.said + daemon.err.read_text(encoding="utf-8")
    for turn in range(2):
        for command in (["sync", "--sweep"], ["sync", "--full", "--json"], ["check"], ["status"], ["status", "--json"]):
            ran = syncd("-vv", *command)
            assert ran.code in (0, 4, 5), (command, ran.err)
            texts[f"{' '.join(command)}, {turn}"] = ran.out + ran.err
    texts["store"] = dump(syncd.folder / "syncd.db")
    assert any("***" in text for text in texts.values()), "what was said came as far as here"
    for where, text in texts.items():
        for secret, core in secrets.items():
            assert (core or secret) not in text, where


READS = re.compile(
    r"(GET|HEAD) |POST /(rest/api/[23]/(search(/jql)?|issue/bulkfetch|jql/\w+)|graphql|v1/(data_sources/[^/]+/query|search))$"
)


def test_everything_that_syncd_asks_is_a_question(
    trackers: Sandbox, syncd: Syncd, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[bytes] = []
    github = trackers.services["github"]
    answer = github.handle
    monkeypatch.setattr(github, "handle", lambda request: (bodies.append(request.body), answer(request))[1])
    for row in trackers.truth("github")[:2]:
        trackers.act("github", "edit", id=row["native_id"], title="Edited")
    for command in (["sync"], ["sync", "--full", "--sweep"], ["check"]):
        syncd.done(*command)
    asked = {f"{entry['method']} {entry['path']}" for entry in trackers.journal.to_json()["last"]}
    assert len(asked) > 10
    assert [request for request in asked if not READS.match(request)] == []
    assert not any(b"mutation" in body for body in bodies)
