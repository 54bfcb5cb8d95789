"""``syncd partners``: from an agreement that waits to a link, a look, a stop, and what was known on a day."""

import itertools
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.command import SYNCD, Syncd, environment
from tests.cli.store import brought_up
from tests.cli.test_json import documented, names

PARTNERS = """
company: Acme
partners:
  - id: globex
    name: Globex Health
    owner: pia@acme.example
    cadence: weekly
    share:
      where: {label: shared/globex}
      fields: {title: public_title, status: status, due: month}
      statuses: {todo: Planned, in_progress: In progress, done: Delivered}
    mirrors: [{page: {expires: 30d}}]
    commitments:
      - {id: sso, who: partner, what: Test accounts, by: 2027-01-01, success: Somebody signed in}
"""


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The story of the demo with one agreement, synced."""
    folder = tmp_path_factory.mktemp("partners")
    command = [SYNCD, "sandbox", "--port", "0", "--config-out", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout
        list(itertools.takewhile(lambda line: not line.startswith("truth:"), process.stdout))
        (folder / "partners.yaml").write_text(PARTNERS, encoding="utf-8")
        brought_up(folder)
        Syncd(folder).done("sync")
        yield folder
        process.send_signal(signal.SIGTERM)


@pytest.fixture
def here(synced: Path, tmp_path: Path) -> Syncd:
    """The same in a folder of one test's own."""
    folder = shutil.copytree(synced, tmp_path / "here")
    service = folder / "syncd.yaml"
    service.write_text(service.read_text(encoding="utf-8").replace(str(synced), str(folder)), encoding="utf-8")
    return Syncd(folder)


def printed(rows: list[dict[str, Any]], command: str) -> None:
    """What ``docs/commands.md`` promises, and no more."""
    assert rows
    assert {name for row in rows for name in names(row)} - {"title", "status", "due"} <= set(documented(command))


def test_the_whole_way(here: Syncd) -> None:
    [row] = here.rows("partners")
    printed([row], "partners")
    assert (row["state"], row["items"]) == ("new", 0)
    waits = here("partners", "waiting", "globex", "--json")
    assert waits.code == 1
    assert len(waits.rows) == row["waiting"] > 3
    printed(waits.rows, "partners waiting")
    assert "share: the first publication to this partner" in here("partners", "waiting", "globex").out
    assert "sees nothing" in here.done("partners", "show", "globex").out
    here("partners", "link", "globex").says(1, "approve the agreement first")

    assert (
        "approved"
        in here.done("partners", "approve", "globex", "-m", "as agreed on Monday", "--as", "pia@acme.example").out
    )
    here.done("sync")
    seen = here.rows("partners", "show", "globex")
    printed(seen, "partners show")
    assert len(seen) == len(waits.rows)
    assert here("partners", "waiting", "globex").out.startswith("Nothing waits")
    assert here.rows("partners")[0]["approved_by"] == "pia@acme.example"

    address = here.done("partners", "link", "globex", "--label", "Quinn", "--expires", "7d").out
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/p/with/[\w-]{43}\n", address)
    [link] = here.rows("partners", "links", "globex")
    printed([link], "partners links")
    assert (link["label"], link["state"]) == ("Quinn", "works")
    here.done("partners", "revoke", link["id"])
    here("partners", "revoke", link["id"], "nothing").says(1, "revoked already", "no such share link")
    here("partners", "link", "globex", "--expires", "60d").says(1, "30 days at most")
    here("partners", "link", "globex", "--expires", "soon").says(2, "--expires soon: expected a time such as 7d")

    key = waits.rows[0]["key"]
    [why] = here.rows("partners", "why", "globex", key)
    printed([why], "partners why")
    assert (why["visible"], why["matched"]) == (True, True)

    assert (
        "sees nothing any more" in here.done("partners", "stop", "globex", "--because", "A pause", "--as", "omar").out
    )
    assert "stopped" in here.done("partners").out
    assert "sees nothing" in here.done("partners", "show", "globex").out, "though the copy is not empty yet"
    here("partners", "stop", "globex", "--because", "Again").says(1, "stopped already")
    here("partners", "approve", "globex").says(1, "stopped: resume it first")
    here.done("partners", "resume", "globex")


def test_what_was_known(here: Syncd) -> None:
    here.done("partners", "approve", "globex", "--as", "pia@acme.example")
    here.done("sync")
    lines = here.rows("partners", "ledger", "globex")
    printed(lines, "partners ledger")
    assert {row["approver"] for row in lines} == {"pia@acme.example"}
    today = datetime.now(UTC).date().isoformat()
    known = here.rows("partners", "ledger", "globex", "--at", today)
    printed(known, "partners ledger")
    assert {row["value"] for row in known} >= {row["value"] for row in lines if row["kind"] == "shown"}
    assert here.rows("partners", "ledger", "globex", "--at", "2020-01-01") == []
    table = here.done("partners", "ledger", "globex", "--csv").out.splitlines()
    assert len(table) == len(lines) + 1
    assert here.rows("partners", "ledger", "--verify") == [
        {"lines": len(lines), "sound": True, "broken": None, "because": None}
    ]
    here("partners", "ledger").says(2, "name a partner")
    here("partners", "ledger", "globex", "--csv", "--json").says(2, "not both")
    here("partners", "ledger", "globex", "--at", "then").says(2, "--at then: expected a date")


@pytest.mark.parametrize("command", ["show", "waiting", "approve", "resume", "links"])
def test_a_partner_that_nobody_knows_is_told_with_one_that_is(here: Syncd, command: str) -> None:
    here("partners", command, "globx").says(2, 'there is no partner globx; did you mean "globex"?')


def test_without_agreements_it_says_how_to_begin(here: Syncd, tmp_path: Path) -> None:
    (tmp_path / "syncd.yaml").write_text(
        f"database: sqlite:///{tmp_path}/syncd.db\ntrackers:\n  - {{name: j, kind: jira, url: 'https://a.example',"
        " auth: {token: {env: T}}, scope: {projects: [WEB]}}\n",
        encoding="utf-8",
    )
    assert "write an agreement into partners.yaml" in Syncd(tmp_path).done("partners").out
    assert orjson.dumps(Syncd(tmp_path).rows("partners")) == b"[]"
