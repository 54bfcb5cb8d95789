"""``syncd run`` as an operator lives with it."""

from pathlib import Path

from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd
from tests.e2e.daemon import get, started, wait_for


def test_a_day_in_the_log_is_a_few_lines_that_all_matter(trackers: Sandbox, syncd: Syncd, tmp_path: Path) -> None:
    with started(syncd, "run", "--port", "0", folder=tmp_path) as daemon:
        wait_for(lambda: len(syncd.rows("items")) == 90)
        second = syncd("run", "--port", "0")
        assert second.code == 75
        assert [record["event"] for record in second.log] == ["not_started"]
        assert f"another syncd (process {daemon.process.pid}) works on {syncd.folder}" in second.log[0]["reason"]

        beside = syncd("sync")
        assert beside.code in (0, 75)
        let_go = ("ok", "busy: another process is at it")  # the daemon had it, and was done with it before it was told
        assert all(row[-1] in let_go or f"process {daemon.process.pid} " in row[-1] for row in beside.cells[1:-1])

        trackers.fault("notion", 401, times=None)
        broken = daemon.happened("tracker_broken")
        assert broken["tracker"] == "acme-notion"
        polls = trackers.journal.count("notion")
        wait_for(lambda: trackers.journal.count("notion") >= polls + 3)
        trackers.faults.clear()
        daemon.happened("tracker_recovered")
        wait_for(lambda: not any(row["error"] for row in syncd.rows("status")))
        assert {row["deleted_at"] for row in syncd.rows("items")} == {None}
        assert len(syncd.rows("items")) == 90

        assert 'syncd_source_broken{stream="Roadmap",tracker="acme-notion"} 0.0' in get(f"{daemon.url}/metrics")[1]
        assert daemon.stop() == 0
        ours = [
            "started",
            "serving",
            "audit",
            "version_in_force",
            "tracker_broken",
            "tracker_recovered",
            "stopping",
            "stopped",
        ]
        assert [event for event in daemon.events() if event != "stream_filled"] == ours
        assert daemon.events("stream_filled") == ["stream_filled"] * 5


def test_a_change_arrives_by_itself_within_two_intervals(trackers: Sandbox, syncd: Syncd, tmp_path: Path) -> None:
    with started(syncd, "worker", folder=tmp_path) as daemon:
        wait_for(lambda: len(syncd.rows("items")) == 90)
        (item, *_) = trackers.truth("github")
        trackers.act("github", "edit", id=item["native_id"], title="Heard of within two intervals")
        wait_for(lambda: syncd.rows("items", "--search", "Heard of within two intervals"), seconds=10)
        wait_for(lambda: [row for row in syncd.done("items").cells if row[-1] == "Heard of within two intervals"])
        assert daemon.stop() == 0
        assert "serving" not in daemon.events()
