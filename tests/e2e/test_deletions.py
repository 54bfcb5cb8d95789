"""Things vanish: what is buried, when, and what never is."""

from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.server import Sandbox
from syncd.sandbox.world import build, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up

Row = dict[str, Any]


@pytest.fixture
def syncd(trackers: Sandbox, syncd: Syncd) -> Syncd:
    """Reads half of the places, so that things can be moved out of sight; synced."""
    assert syncd.folder
    settings = syncd.folder / "syncd.yaml"
    text = settings.read_text(encoding="utf-8")
    briefs = place(trackers, "notion", "Design briefs")
    for old, new in (
        ('["OPS", "PAY", "WEB"]', '["PAY", "WEB"]'),
        ('["acme/api", "acme/web"]', '["acme/web"]'),
        (f'"{briefs}"', ""),
    ):
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text.replace(", ]", "]").replace("[, ", "["), encoding="utf-8")
    syncd.done("sync")
    return syncd


def place(trackers: Sandbox, service: str, title: str) -> str:
    """A data source's id by its title."""
    sources: Any = trackers.services[service]
    return str(sources.workspace.source(title).id)


def some(syncd: Syncd, tracker: str, count: int) -> list[Row]:
    """Issues and pages that nothing hangs on."""
    rows = syncd.rows("items", "--tracker", tracker)
    parents = {row["parent"] for row in rows}
    alone = [row for row in rows if row["id"] not in parents and row["kind"] != "pull_request" and not row["parent"]]
    assert len(alone) >= count
    return alone[:count]


def native(row: Row) -> str:
    return str(row["id"].partition(":")[2])


def deleted(syncd: Syncd) -> set[str]:
    rows = syncd.rows("items")
    assert syncd.rows("items", "--deleted") == [row for row in rows if row["deleted_at"]]
    assert syncd.rows("items", "--live") == [row for row in rows if not row["deleted_at"]]
    return {row["id"] for row in rows if row["deleted_at"]}


def test_what_a_tracker_calls_gone_is_buried_at_once_and_what_may_be_hidden_by_the_second_sweep(
    trackers: Sandbox, syncd: Syncd
) -> None:
    erased, transferred = some(syncd, "acme-github", 2)
    trashed, moved, destroyed = some(syncd, "acme-notion", 3)
    removed, sent = some(syncd, "acme-jira", 2)
    trackers.act("github", "delete", id=native(erased))
    trackers.act("github", "move", id=native(transferred), to="acme/api")
    trackers.act("notion", "trash", id=native(trashed))
    trackers.act("notion", "move", id=native(moved), to=place(trackers, "notion", "Design briefs"))
    trackers.act("notion", "delete", id=native(destroyed))
    trackers.act("jira", "delete", id=native(removed))
    trackers.act("jira", "move", id=native(sent), to="OPS")

    syncd.done("sync")
    before = deleted(syncd)
    assert before <= {trashed["id"], moved["id"], sent["id"], transferred["id"]}, "lists alone prove no deletion"
    syncd.done("sync", "--sweep")
    at_once = {row["id"] for row in (erased, transferred, trashed, moved, sent)}
    assert deleted(syncd) == at_once
    assert syncd("explain", erased["id"]).err.startswith(f"{erased['key']} is not in its tracker any more (gone)")
    syncd.done("sync", "--sweep")
    assert deleted(syncd) == at_once | {destroyed["id"], removed["id"]}
    assert erased["title"] not in syncd.done("items", "--limit", "500").out

    trackers.act("notion", "restore", id=native(trashed))
    syncd.done("sync")
    assert trashed["id"] not in deleted(syncd)


@pytest.mark.parametrize(("service", "lost"), [("jira", "PAY"), ("github", "acme/web"), ("notion", "Roadmap")])
def test_a_permission_that_is_lost_buries_nothing_however_often_one_sweeps(
    service: str, lost: str, trackers: Sandbox, syncd: Syncd
) -> None:
    there = {row["id"] for row in syncd.rows("items")}
    trackers.act(service, "forbid", place=lost)
    for _ in range(3):
        ran = syncd("sync", "--sweep", "--accept-deletions")
        ran.says(4, f"! acme-{service}: ")
    assert deleted(syncd) == set()
    rows = [row for row in syncd.rows("status") if row["tracker"] == f"acme-{service}"]
    assert any(row["error"] or row["problems"] for row in rows)
    trackers.act(service, "allow", place=lost)
    syncd.done("sync", "--sweep")
    assert {row["id"] for row in syncd.rows("items", "--live")} == there


def test_too_many_at_once_are_held_until_somebody_says_so(tmp_path: Path) -> None:
    with build(items=120) as trackers:
        write_config(trackers, tmp_path, items=120)
        brought_up(tmp_path)
        syncd = Syncd(tmp_path)
        syncd.done("sync")
        rows = syncd.rows("items", "--tracker", "acme-github")
        web = [row for row in rows if row["container"] == "acme/web" and row["kind"] != "pull_request"][:15]
        for row in web:
            trackers.act("github", "delete", id=native(row))
        ran = syncd.done("sync", "--sweep", "acme-github")
        states = {row[0]: row[-1] for row in ran.cells[1:-1]}
        assert states["acme-github/acme/web"] == f"held: {len(web)} items missing, see syncd status"
        assert deleted(syncd) == set()
        (held,) = [row["held"] for row in syncd.rows("status") if row["held"]]
        assert held["missing"] == len(web)
        told = syncd.done("status").out
        assert "too many to believe" in told

        command = told.rpartition("if they are really gone: syncd ")[2].split()
        assert command == ["sync", "acme-github", "--sweep", "--accept-deletions"]
        syncd.done(*command)
        assert deleted(syncd) == {row["id"] for row in web}
        assert "too many" not in syncd.done("status").out
