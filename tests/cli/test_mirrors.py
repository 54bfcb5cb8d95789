"""A partner's copy in the partner's own tools, by the commands alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox import globex
from syncd.sandbox.server import Sandbox
from syncd.sandbox.world import build, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up
from tests.cli.test_json import documented, names

THEIRS = (globex.NOTION, globex.GITHUB)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Syncd]]:
    """The demo's company, whose agreement with Globex names its Notion and its GitHub, and is approved."""
    folder = tmp_path_factory.mktemp("mirrors")
    with build() as trackers:
        write_config(trackers, folder)
        brought_up(folder)
        syncd = Syncd(folder)
        drop_places(folder)
        syncd.done("sync")
        syncd.done("partners", "approve", "globex", "-m", "as agreed")
        syncd.done("sync")
        name_places(folder, globex.data_source(trackers.services[globex.NOTION]))
        syncd.done("sync")
        assert written(trackers) == 0, "a new place is a widening: it waits for approval"
        syncd.done("partners", "approve", "globex", "-m", "and in their own tools")
        yield trackers, syncd
        assert not trackers.errors, trackers.errors[0]


def drop_places(folder: Path) -> None:
    path = folder / "partners.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "tracker: globex-" not in line), encoding="utf-8")


def name_places(folder: Path, data_source: str) -> None:
    path = folder / "partners.yaml"
    text = path.read_text(encoding="utf-8")
    if "globex-notion" not in text:
        places = f"""      - notion: {{tracker: globex-notion, data_source: {data_source}}}
      - github: {{tracker: globex-github, repository: {globex.REPOSITORY}}}
"""
        page = "      - page: {expires: 90d}\n"
        assert page in text
        path.write_text(text.replace(page, page + places, 1), encoding="utf-8")


def written(trackers: Sandbox) -> int:
    """Requests at Globex that changed something."""
    counts = trackers.journal.to_json()["counts"]
    return sum(
        sum(statuses.values())
        for prefix in THEIRS
        for op, statuses in counts.get(prefix, {}).items()
        if not op.startswith("GET") and not op.endswith("/query")
    )


def test_the_whole_way(shared: tuple[Sandbox, Syncd]) -> None:
    """A dry run shows every request and sends none, a run sends them, another sends nothing, a stop empties."""
    trackers, syncd = shared
    rows = syncd.rows("partners", "mirror", "globex", "--dry-run")
    assert written(trackers) == 0
    assert rows
    assert {row["act"] for row in rows} == {"create"}
    assert {(row["method"], row["place"].partition(" ")[0]) for row in rows} == {("POST", "notion"), ("POST", "github")}
    assert all(row["body"] for row in rows)

    syncd.done("partners", "mirror", "globex")
    assert written(trackers) == len(rows)
    table, issues = (trackers.truth(prefix) for prefix in THEIRS)
    assert sorted(row["title"] for row in table) == sorted(
        row["title"] for row in rows if row["place"].startswith("notion")
    )
    assert len(issues) == len(table)
    said = syncd.rows("partners", "mirrors", "globex")
    assert {name for row in said for name in names(row)} <= set(documented("partners mirrors"))
    assert [(row["kind"], row["rows"], row["error"]) for row in said] == [
        ("notion", len(table), None), ("github", len(table), None),
    ]  # fmt: skip

    after = written(trackers)
    syncd.done("partners", "mirror", "globex")
    assert written(trackers) == after
    assert "0 requests would be sent; none was" in syncd.done("partners", "mirror", "globex", "--dry-run").out

    syncd.done("partners", "stop", "globex", "--because", "the contract ended")
    syncd.done("partners", "mirror", "globex")
    assert trackers.truth(globex.NOTION) == []
    assert {row["title"] for row in trackers.truth(globex.GITHUB)} <= {"No longer shared"}
    assert {row["status"] for row in trackers.truth(globex.GITHUB)} <= {"closed"}
    syncd.done("partners", "resume", "globex")


def test_a_check_asks_the_places_and_reads_nothing_else(shared: tuple[Sandbox, Syncd]) -> None:
    _, syncd = shared
    theirs = [row for row in syncd("check", "--json").rows if row["where"] in THEIRS]
    assert [(row["check"], row["ok"]) for row in theirs] == [("mirror for globex", True)] * 2


def test_an_unknown_partner_is_told(shared: tuple[Sandbox, Syncd]) -> None:
    _, syncd = shared
    syncd("partners", "mirror", "globx").says(2, 'there is no partner globx; did you mean "globex"?')
