"""``--json`` prints what ``docs/commands.md`` promises: these names, in this order, no others."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Syncd

DOCS = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def documented(command: str) -> list[str]:
    """The names that stand after ``JSON:`` in a command's section, in the order of their first mention."""
    section = DOCS.split(f"### `syncd {command}`")[1].split("\n#")[0]
    promised = re.split(r"JSON[^:.]*:", section, maxsplit=1)[1]
    return list(dict.fromkeys(re.findall(r"`([a-z_]+)`", promised)))


def names(value: Any) -> Iterator[str]:
    """All keys, depth first."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from names(part)
    elif isinstance(value, list):
        for part in value:
            yield from names(part)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("check", []),
        ("sync", ["--sweep"]),
        ("items", []),
        ("goals", []),
        ("flags", ["--state", "all"]),
        ("version", []),
    ],
)
def test_a_command_prints_what_is_documented(command: str, arguments: list[str], company: Syncd) -> None:
    rows = company.rows(command, *arguments)
    assert rows
    promised = documented(command)
    for row in rows:
        assert [name for name in promised if name in row] == list(row), "the names at the top, in this order"
    printed = {name for row in rows for name in names(row)}
    assert printed == set(promised)


def test_status_prints_what_is_documented_also_where_something_is_wrong(company: Syncd) -> None:
    rows = company.rows("status")
    assert all(list(row) == [name for name in documented("status") if name in row] for row in rows)
    beyond = set(documented("status")) - set(names(rows))
    assert beyond == {"where", "what", "missing", "of", "since"}, "these appear where something is wrong"


def test_times_are_in_utc_and_sorted_as_text_they_are_sorted_in_time(company: Syncd) -> None:
    for row in company.rows("items", "--limit", "20"):
        for name in ("created_at", "updated_at", "closed_at"):
            assert row[name] is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[name])


def test_items_are_the_truth_of_the_trackers(acme: Any) -> None:
    trackers, syncd = acme
    truth = {
        f"acme-{service}:{row['native_id']}": row for service in trackers.services for row in trackers.truth(service)
    }
    rows = {row["id"]: row for row in syncd.rows("items")}
    assert rows.keys() == truth.keys()
    for id_, row in rows.items():
        same = ("key", "kind", "title", "url", "status", "status_category", "container", "points", "draft")
        assert {name: row[name] for name in same} == {name: truth[id_].get(name) for name in same}, id_
        assert sorted(row["labels"]) == sorted(truth[id_]["labels"])
        assert row["parent"] == (truth[id_]["parent"] and f"{row['tracker']}:{truth[id_]['parent']}")


def test_the_primary_goal_comes_first_and_every_goal_has_its_evidence(company: Syncd) -> None:
    rows = [row for row in company.rows("items") if row["goals"]]
    assert len(rows) > 90
    for row in rows:
        assert [goal["primary"] for goal in row["goals"]] == [True] + [False] * (len(row["goals"]) - 1)
        assert all(goal["evidence"] and all(e["detail"] for e in goal["evidence"]) for goal in row["goals"])


def test_a_limit_holds_for_json_as_well(company: Syncd) -> None:
    assert len(company.rows("items", "--limit", "3")) == 3
    assert len(company.rows("flags", "--limit", "3")) == 3
