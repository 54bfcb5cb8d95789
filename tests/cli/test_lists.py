"""``items``, ``goals``, ``flags`` and ``status``: filters, limits, and what a pipe gets."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.command import Syncd

Row = dict[str, Any]


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        (["--tracker", "acme-jira", "--tracker", "acme-notion"], lambda row: row["tracker"] != "acme-github"),
        (["--kind", "epic", "--status", "in_progress"], lambda row: (row["kind"], row["status_category"]) == ("epic", "in_progress")),
        (["--goal", "globex"], lambda row: "globex" in [tie["goal"] for tie in row["goals"]]),
        (["--search", "CLINIC"], lambda row: "clinic" in f"{row['title']} {row['key']}".lower()),
        (["--search", "web-2"], lambda row: "web-2" in f"{row['title']} {row['key']}".lower()),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_fits_and_nothing_else(
    filters: list[str], fits: Callable[[Row], bool], company: Syncd
) -> None:
    everything = company.rows("items")
    expected = [row for row in everything if fits(row)]
    assert 0 < len(expected) < len(everything)
    assert company.rows("items", *filters) == expected


def test_unlinked_is_what_serves_no_goal_and_not_what_is_exempt(company: Syncd) -> None:
    rows = company.rows("items", "--unlinked")
    assert len(rows) == 107
    assert not any(row["goals"] for row in rows)
    shown = company.done("items", "--unlinked", "--limit", "300").cells[1:]
    assert {row[3] for row in shown} == {"–"}
    everything = company.done("items", "--limit", "300").cells[1:]
    assert sum(row[3] == "–" for row in everything) == 107


def test_a_pipe_gets_tabs_and_whole_titles(company: Syncd) -> None:
    heading, *rows = company.done("items", "--limit", "300").cells
    assert heading == ["key", "kind", "status", "goal", "title"]
    assert len(rows) == 267
    assert {len(row) for row in rows} == {5}
    titles = {row["title"] for row in company.rows("items")}
    assert {row[-1] for row in rows} == titles


def test_more_than_fits_on_a_screen_says_so(company: Syncd) -> None:
    lines = company.done("items").out.splitlines()
    assert len(lines) == 1 + 50 + 1
    assert lines[-1] == "… the 50 changed last; more with --limit, all with --json"


def test_flags_come_first_whose_repair_clears_most(company: Syncd) -> None:
    rows = company.rows("flags")
    assert [row["clears"] for row in rows] == sorted((row["clears"] for row in rows), reverse=True)
    assert (
        company.done("flags", "--limit", "1").out.splitlines()[-1]
        == "… the first 1; more with --limit, all with --json"
    )
    unlinked = company.rows("flags", "--rule", "unlinked", "--owner", rows[0]["owner"])
    assert [row["key"] for row in unlinked] == ["PAY-15"]


def test_nothing_that_matches_is_not_all_is_well(company: Syncd) -> None:
    assert company.done("flags", "--state", "resolved").out == "No flags match.\n"
    assert company.done("items", "--search", "no such words").out == "No items match.\n"


def test_the_exit_code_tells_a_script_whether_there_are_flags(company: Syncd) -> None:
    assert company("flags", "--exit-code").code == 1
    assert company("flags", "--exit-code", "--state", "exempt").code == 0


def test_the_goals_are_a_tree_with_what_serves_each(company: Syncd) -> None:
    heading, *rows = company.done("goals").cells
    assert heading == ["goal", "kind", "status", "owner", "health", "share", "open", "done", "flags", "title"]
    assert [row[0] for row in rows][:3] == ["activation", "claims", "globex"]
    assert ["patient-app", "objective", "dropped"] in [row[:3] for row in rows]


def test_before_the_first_sync_everybody_says_what_to_do(syncd: Syncd) -> None:
    assert syncd.done("items").out == "Nothing is here yet: run syncd sync.\n"
    assert syncd.done("flags").out == "Nothing is here yet: run syncd sync.\n"
    assert [row[-1] for row in syncd.done("status").cells[1:]] == ["not synced yet: run syncd sync"] * 3


@pytest.mark.parametrize("named", ["WEB-20", "web-20", "acme-jira:WEB-20", "acme-jira:10020", "URL"])
def test_an_item_is_found_by_whatever_people_call_it(named: str, company: Syncd) -> None:
    if named == "URL":
        (named,) = (row["url"] for row in company.rows("items", "--search", "WEB-20"))
    told = company.done("explain", named).out
    assert told.startswith("WEB-20 “Front desk as a desktop client” is tied to the non-goal “No desktop client”")
    assert "match   desktop-words" in told
    assert "off_strategy" in told


def test_before_the_first_sync_nothing_is_said_not_to_be_there(syncd: Syncd) -> None:
    syncd("explain", "PAY-15").says(75, "Nothing is here yet: run syncd sync.")
