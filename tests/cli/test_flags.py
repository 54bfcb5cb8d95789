"""``flags`` with its commands: what is decided from a terminal, taken back, and told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncd.sandbox.world import build, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up
from tests.cli.test_json import DOCS, documented, names


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Syncd]:
    """The demo's company, synced, to decide about."""
    folder = tmp_path_factory.mktemp("decided")
    with build() as trackers:
        write_config(trackers, folder)
        brought_up(folder)
        syncd = Syncd(folder)
        syncd.done("sync")
        yield syncd


def test_the_funnel_adds_up_and_ends_with_the_flags_that_are_shown(company: Syncd) -> None:
    raw, *between, shown = company.rows("flags", "--funnel")
    assert (raw["step"], shown["step"]) == ("raw", "shown")
    left = raw["count"]
    for step in between:
        left -= step["count"]
        assert step["left"] == left
    assert shown["count"] == shown["left"] == left == len(company.rows("flags"))
    assert all(step["because"] for step in (raw, *between, shown))


def test_the_queue_is_shorter_than_what_a_tool_without_judgement_would_say(company: Syncd) -> None:
    raw, *_, shown = company.rows("flags", "--funnel")
    assert raw["count"] > shown["count"] > 0


def test_what_is_held_is_told_by_reason(company: Syncd) -> None:
    steps = {step["step"]: step["count"] for step in company.rows("flags", "--funnel")}
    held = company.rows("flags", "--held")
    for reason in ("baseline", "grace", "monitor"):
        assert sum(row["count"] for row in held if row["held"] == reason) == steps[reason]


def tracker_of(row: dict[str, Any]) -> str | None:
    """That of its item; that of a group stands in the rule which comes with it."""
    if row["item"]:
        return str(row["item"]).partition(":")[0]
    return str(yaml.safe_load(row["suggestion"])[0]["when"]["tracker"]) if row["suggestion"] else None


@pytest.mark.parametrize("option", ["severity", "tracker", "kind", "goal", "q"])
def test_a_filter_keeps_what_fits_and_nothing_else(option: str, company: Syncd) -> None:
    everything = company.rows("flags")
    items = {row["id"]: row for row in company.rows("items")}
    values = {
        "severity": lambda row: row["severity"],
        "tracker": tracker_of,
        "kind": lambda row: row["item"] and items[row["item"]]["kind"],
        "goal": lambda row: row["goal"],
        "q": lambda row: row["key"],
    }
    wanted = next(value for row in everything if (value := values[option](row)))
    kept = company.rows("flags", f"--{option}", wanted)
    if option == "q":
        assert kept == [row for row in everything if wanted in f"{row['key']} {row['message']}"]
    else:
        assert kept == [row for row in everything if values[option](row) == wanted]


def test_a_word_that_is_none_is_refused_with_those_that_are(company: Syncd) -> None:
    company("flags", "--severity", "hgih").says(2, "--severity hgih", "high")


def test_a_decision_is_made_shown_told_and_taken_back(own: Syncd) -> None:
    first, second, *_ = [row["id"] for row in own.rows("flags", "--rule", "unlinked")]
    told = own.rows(
        "flags", "decide", str(first), str(second), "--snooze", "2099-01-31", "--as", "Ana", "--reason", "fair"
    )
    assert [(row["id"], row["done"]) for row in told] == [(first, True), (second, True)]
    assert not {first, second} & {row["id"] for row in own.rows("flags")}
    (row,) = [row for row in own.rows("flags", "--state", "snoozed") if row["id"] == first]
    assert (row["verdict"]["author"], row["verdict"]["until"], row["verdict"]["reason"]) == (
        "Ana",
        "2099-01-31T00:00:00Z",
        "fair",
    )
    told_of = re.findall(r"`([a-z_]+)`", DOCS.split("the flag's `verdict` has")[1].split("Every id")[0])
    assert list(row["verdict"]) == told_of
    own.done("flags", "undo", str(first), "--as", "Omar")
    own.done("flags", "undo", str(row["verdict"]["decision"] + 1), "--decision", "--as", "Omar")
    assert {first, second} <= {row["id"] for row in own.rows("flags")}
    history = own.rows("flags", "log", str(first))
    by_people = [(entry["what"], entry["who"]) for entry in history if entry["who"]]
    assert by_people[-2:] == [("decided", "Ana"), ("undone", "Omar")], "other tests may have decided before"
    assert history[0]["what"] == "open"


def test_a_link_is_in_force_with_the_next_sync_and_gone_with_its_undoing(own: Syncd) -> None:
    (flag,) = own.rows("flags", "--rule", "unlinked", "--limit", "1")
    assert flag["item"]
    own.done("flags", "decide", str(flag["id"]), "--link", "activation")
    own.done("sync")
    (item,) = [row for row in own.rows("items") if row["id"] == flag["item"]]
    assert (item["goals"][0]["goal"], item["goals"][0]["strength"]) == ("activation", "verdict")
    own.done("flags", "undo", str(flag["id"]))
    own.done("sync")
    (again,) = [row for row in own.rows("flags") if row["id"] == flag["id"]]
    assert again["clears"] == flag["clears"]


def test_what_is_refused_for_one_holds_the_others_up_in_nothing(own: Syncd) -> None:
    first = own.rows("flags")[0]["id"]
    ran = own("flags", "decide", "987654", str(first), "--snooze", "grows", "--json")
    assert ran.code == 1
    assert [(row["id"], row["done"]) for row in ran.rows] == [(987654, False), (first, True)]
    assert "no such id" in ran.rows[0]["error"]
    own.done("flags", "undo", str(first))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["decide", "1"], ["exactly one of --link"]),
        (["decide", "1", "--accept", "--link", "activation"], ["exactly one of --link"]),
        (["decide", "1", "--snooze", "soon"], ["--snooze soon", "2027-01-31", "grows or goal-changes"]),
        (["decide", "1", "--accept", "--until", "31.1."], ["--until 31.1.", "2027-01-31"]),
        (["log", "987654"], ["there is no flag 987654"]),
        (["decide", "abc", "--accept"], ["abc: expected a number such as 12"]),
        (["undo", "-1"], ["No such option: -1"]),
        (["log", "0"], ["0: expected a number such as 12"]),
        (["log", "9" * 5000], ["9999… (5,000 characters): expected a number such as 12"]),
        (["--limit", "few"], ["--limit", "few: expected a number such as 12"]),
    ],
)
def test_a_call_that_makes_no_sense_says_what_would(arguments: list[str], words: list[str], company: Syncd) -> None:
    company("flags", *arguments).says(2, *words)


@pytest.mark.parametrize("command", ["flags decide", "flags undo", "flags log"])
def test_the_commands_print_what_is_documented(command: str, own: Syncd) -> None:
    id_ = str(own.rows("flags")[-1]["id"])
    decided = own.rows("flags", "decide", id_, "--snooze", "grows")
    logged = own.rows("flags", "log", id_)
    undone = own.rows("flags", "undo", id_)
    rows = {"flags decide": decided, "flags undo": undone, "flags log": logged}[command]
    assert {name for row in rows for name in names(row)} == set(documented(command)) - {"open", "resolved"}


def test_before_the_first_sync_there_is_no_funnel(syncd: Syncd, tmp_path: Path) -> None:
    syncd("flags", "--funnel").says(75, "run syncd sync")
