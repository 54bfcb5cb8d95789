"""An exported repository in the sandbox: under its own numbers, as it was on some day."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from syncd.sandbox.github import archive
from syncd.sandbox.world import replay, write_config

REAL = Path(os.environ.get("SYNCD_RECORDINGS", "../shared/recordings")) / "datasets" / "mls-protocol.archive.json"


def row(number: int, created: str, closed: str | None = None, **values: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Thing {number}",
        "body": "",
        "author": "quinn",
        "state": "CLOSED" if closed else "OPEN",
        "labels": [],
        "assignees": [],
        "comments": [],
        "createdAt": created,
        "updatedAt": closed or created,
        "closedAt": closed,
    } | values


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "archive.json"
    branch = {"headRefName": "fix-it", "headRefOid": "c0ffee", "state": "MERGED"}
    rows = {
        "repo": "acme/protocol",
        "issues": [
            row(3, "2024-03-01T10:00:00Z", "2024-05-01T10:00:00Z", labels=["security"], assignees=["pia"]),
            row(9, "2024-06-01T10:00:00Z"),
        ],
        "pulls": [row(4, "2024-03-02T10:00:00Z", "2024-03-05T10:00:00Z", **branch)],
    }
    path.write_bytes(orjson.dumps(rows))
    return path


def truth_of(path: Path, as_of: datetime | None = None) -> dict[str, dict[str, Any]]:
    with replay(path, as_of=as_of) as sandbox:
        return {found["key"]: found for found in sandbox.truth("github")}


def test_items_keep_their_numbers_labels_and_states(exported: Path) -> None:
    truth = truth_of(exported)
    assert truth.keys() == {"acme/protocol#3", "acme/protocol#4", "acme/protocol#9"}
    assert truth["acme/protocol#3"]["labels"] == ["security"]
    assert [truth[key]["status_category"] for key in sorted(truth)] == ["done", "done", "todo"]
    assert truth["acme/protocol#4"]["branch"] == "fix-it"
    assert truth["acme/protocol#4"]["merged"]


def test_as_of_a_day_what_came_later_is_not_there_and_what_was_closed_later_is_open(exported: Path) -> None:
    truth = truth_of(exported, datetime(2024, 4, 1, tzinfo=UTC))
    assert truth.keys() == {"acme/protocol#3", "acme/protocol#4"}
    assert truth["acme/protocol#3"]["closed_at"] is None
    assert truth["acme/protocol#4"]["merged"]


def test_a_file_that_is_no_archive_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text('{"repo": "acme/protocol"}')
    with pytest.raises(ValueError, match=r"notes\.json: not an archive of a repository: it has no issues and no pulls"):
        archive.read(path)


def test_the_config_that_belongs_to_it_reads_github_alone(exported: Path, tmp_path: Path) -> None:
    with replay(exported) as sandbox:
        write_config(sandbox, tmp_path / "config")
    text = (tmp_path / "config" / "syncd.yaml").read_text()
    assert "acme/protocol" in text
    assert "jira" not in text


@pytest.mark.skipif(not REAL.exists(), reason="recordings are not there: set SYNCD_RECORDINGS")
def test_a_real_export_comes_in_whole() -> None:
    truth = truth_of(REAL)
    assert len(truth) == 885
    assert sum(row["kind"] == "pull_request" for row in truth.values()) == 582
