"""Two passes at once: nothing is doubled, nothing is lost, on either database."""

import subprocess
from pathlib import Path

import pytest

from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd, postgresql


def at_once(syncd: Syncd, count: int = 2) -> list[int]:
    """Exit codes of as many passes, started together."""
    processes = [syncd.start("sync", stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(count)]
    for process in processes:
        _, err = process.communicate(timeout=60)
        assert "uncaught" not in err, err
    return [process.returncode for process in processes]


def assert_once_and_whole(trackers: Sandbox, syncd: Syncd) -> None:
    rows = syncd.rows("items")
    truth = {
        f"acme-{service}:{row['native_id']}": row for service in trackers.services for row in trackers.truth(service)
    }
    assert sorted(row["id"] for row in rows) == sorted(truth)
    assert {row["id"]: row["title"] for row in rows} == {id_: row["title"] for id_, row in truth.items()}
    flags = [(row["rule"], row["item"], row["goal"]) for row in syncd.rows("flags", "--state", "all")]
    assert len(flags) == len(set(flags))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_passes_at_once_double_nothing(database: str, trackers: Sandbox, syncd: Syncd, tmp_path: Path) -> None:
    if database == "sqlite":
        return both(trackers, syncd)
    with postgresql("syncd_together") as url:
        both(trackers, Syncd(syncd.folder, {"SYNCD_DATABASE": url, "SYNCD_DATA": str(tmp_path)}))
    return None


def both(trackers: Sandbox, syncd: Syncd) -> None:
    trackers.latency_ms = 50
    assert set(at_once(syncd)) <= {0, 75}
    syncd.done("sync")
    assert_once_and_whole(trackers, syncd)

    for service in trackers.services:
        for row in trackers.truth(service)[:5]:
            trackers.act(service, "edit", id=row["native_id"], title=f"{row['title']}, edited")
    assert set(at_once(syncd)) <= {0, 75}
    trackers.latency_ms = 0
    syncd.done("sync")
    assert_once_and_whole(trackers, syncd)
    assert len(syncd.rows("items", "--search", ", edited")) == 15
