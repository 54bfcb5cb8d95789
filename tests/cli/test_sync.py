"""``syncd sync`` on bad days: what it says, how it ends, and that the trackers that work are synced all the same."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from socket import gethostname

import pytest

from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd

Edit = Callable[..., None]
REST = {"acme-github": 12, "acme-notion": 12}


def counts(syncd: Syncd) -> dict[str, int]:
    """Items stored of each tracker that has any."""
    rows = [row["tracker"] for row in syncd.rows("items")]
    return {tracker: rows.count(tracker) for tracker in sorted(set(rows))}


def test_a_pass_is_told_stream_by_stream_and_a_second_finds_nothing_new(syncd: Syncd) -> None:
    heading, *rows, judged = syncd.done("sync").cells
    assert heading == ["stream", "new", "changed", "requests", "state"]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert sum(int(row[1]) for row in rows) == 36
    assert {row[-1] for row in rows} == {"ok"}
    assert judged[0].startswith("36 items judged, ")
    _, *rows, judged = syncd.done("sync").cells
    assert {(row[1], row[2], row[3]) for row in rows} == {("0", "0", "1")}
    assert judged == ["0 items judged, 0 flags opened, 0 resolved"]


def test_a_named_tracker_is_synced_alone(syncd: Syncd, trackers: Sandbox) -> None:
    syncd.done("sync", "acme-notion")
    assert counts(syncd) == {"acme-notion": 12}
    assert trackers.journal.count("jira") == trackers.journal.count("github") == 0


def test_quiet_says_nothing_where_nothing_is_wrong(syncd: Syncd) -> None:
    ran = syncd.done("-q", "sync")
    assert (ran.out, ran.err) == ("", "")


def test_a_refused_credential_ends_with_4_and_the_others_are_synced(syncd: Syncd) -> None:
    (syncd.folder / "jira.token").write_text("not the right token", encoding="utf-8")
    ran = syncd("sync")
    ran.says(4, "! acme-jira: the credential is refused")
    assert counts(syncd) == REST
    assert "not the right token" not in ran.out + ran.err
    states = {row[0]: row[-1] for row in syncd.done("status").cells[1:]}
    assert "the credential is refused" in states["acme-jira"]
    assert states["acme-github"] == "ok"


def test_trackers_that_are_down_or_not_there_end_with_5_and_the_others_are_synced(
    syncd: Syncd, trackers: Sandbox, edit: Edit
) -> None:
    trackers.fault("jira", 503, times=None)
    edit("syncd.yaml", (trackers.root("notion"), "http://127.0.0.1:9/notion"))
    syncd("sync").says(5, "! acme-jira: ", "! acme-notion: ")
    assert counts(syncd) == {"acme-github": 12}
    trackers.faults.clear()
    edit("syncd.yaml", ("http://127.0.0.1:9/notion", trackers.root("notion")))
    syncd.done("sync")
    assert counts(syncd) == REST | {"acme-jira": 12}


@pytest.mark.parametrize("how", ["html", "redirect", "wrong_type"])
def test_an_answer_that_is_not_what_it_says_ends_with_5_and_stores_nothing(
    how: str, syncd: Syncd, trackers: Sandbox
) -> None:
    trackers.fault("jira", how, times=None)
    syncd("sync").says(5, "! acme-jira: ")
    assert counts(syncd) == REST


def test_a_wait_beyond_the_deadline_ends_with_75_and_the_next_pass_does_not_ask_before(
    syncd: Syncd, trackers: Sandbox
) -> None:
    trackers.fault("notion", 429, "query", times=None, retry_after=600)
    began = time.monotonic()
    syncd("sync").says(75, "! acme-notion: ", "; asked again in 10 min (", " UTC) at the earliest")
    assert time.monotonic() - began < 30
    trackers.faults.clear()
    asked = trackers.journal.count("notion")
    syncd("sync", "acme-notion").says(75, "the request budget is used up")
    assert trackers.journal.count("notion") == asked
    assert {"in 9 min", "in 10 min"} & {row[4] for row in syncd.done("status").cells[1:]}


def test_a_part_that_is_hidden_is_named_and_the_rest_of_its_tracker_comes_in(syncd: Syncd, trackers: Sandbox) -> None:
    trackers.act("github", "forbid", place="acme/api")
    syncd("sync").says(4, "! acme-github: acme/api: ")
    assert {row["container"] for row in syncd.rows("items", "--tracker", "acme-github")} == {"acme/web"}
    told = syncd.done("status").out.splitlines()
    assert len([line for line in told if line.startswith("! acme-github: acme/api: ")]) == 1
    syncd("sync").says(4, "! acme-github: acme/api: ")
    trackers.act("github", "allow", place="acme/api")
    syncd.done("sync")
    assert counts(syncd) == REST | {"acme-jira": 12}


def test_a_stream_that_somebody_else_is_at_ends_with_75(syncd: Syncd, trackers: Sandbox) -> None:
    syncd.done("sync")
    trackers.latency_ms = 2500
    with syncd.start("sync", "acme-notion", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as other:
        wait_for(lambda: len(held(syncd)) == 2)
        ran = syncd("sync", "acme-notion")
        assert ran.code == 75
        assert {row[-1] for row in ran.cells[1:-1]} == {f"busy: process {other.pid} on {gethostname()} is at it"}
        assert other.wait(30) == 0


def held(syncd: Syncd) -> list[str]:
    """Streams that somebody holds."""
    with closing(sqlite3.connect(syncd.folder / "syncd.db")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM trackers_stream WHERE lease_by <> ''")]


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_pass_that_is_ended_in_the_middle_is_completed_by_the_next(
    number: signal.Signals, syncd: Syncd, trackers: Sandbox
) -> None:
    trackers.latency_ms = 400
    with syncd.start("sync", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: trackers.journal.count() >= 3)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    if number == signal.SIGINT:
        assert process.returncode == 75
        assert err.splitlines()[-1] == "stopped; what is committed stays, and the next pass goes on from there"
        assert "Traceback" not in err
    trackers.latency_ms = 0
    syncd.done("sync")
    assert counts(syncd) == REST | {"acme-jira": 12}
    assert "not judged yet" not in syncd.done("items").out
