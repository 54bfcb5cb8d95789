"""``syncd rules``: tried on their examples, counted, found in what people decided."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from config import files
from tests.cli.command import Syncd
from tests.cli.test_json import documented, names

Edit = Callable[..., None]


def printed(company: Syncd, *command: str, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a command prints as JSON, which is what is documented in this order."""
    rows = company.rows(*command, *options)
    promised = documented(" ".join(command))
    for row in rows:
        assert list(row) == [name for name in promised if name in row]
    return rows


def test_examples_are_tried_without_trackers_or_a_database(company: Syncd) -> None:
    rows = printed(company, "rules", "test")
    assert len(rows) == 10
    assert all(row["ok"] and row["because"] and row["line"] for row in rows)
    assert {row["matched"] for row in rows} == {True, False}
    out = company.done("rules", "test", "desktop-words").out
    assert out.count("\n") == 3
    assert "match: title 'Spike: Electron shell for the front desk': title has \"electron\"" in out
    assert out.endswith("2 examples, none failed\n")


def test_an_example_that_fails_is_told_with_its_line(syncd: Syncd, edit: Edit) -> None:
    text = (
        "rules:\n  - id: slow\n    link: activation\n    when: {text: [slow]}\n    examples:\n      match:\n"
        "        - {title: Slow start}\n        - {title: Fast start}\n      nomatch: [{title: Fast end}]\n"
        "  - {id: bare, link: activation, when: {text: [bare]}}\n"
    )
    (syncd.folder / "rules.yaml").write_text(text)
    goals = "vision: V\ngoals:\n  - {id: activation, kind: objective, title: T}\n"
    (syncd.folder / "strategy.yaml").write_text(goals)
    ran = syncd("rules", "test")
    assert ran.code == 1
    wrong = """FAIL rules.yaml:8: slow: title 'Fast start' should match: title or body has no "slow\""""
    assert wrong in ran.out.splitlines()
    assert ran.out.endswith("without examples: bare\n3 examples, 1 failed\n")
    assert [row["ok"] for row in syncd("rules", "test", "--json").rows] == [True, False, True]


def test_a_rule_that_is_not_there_is_told_with_the_nearest(company: Syncd) -> None:
    company("rules", "test", "desktop-word").says(2, "there is no rule desktop-word", "desktop-words")


def test_each_rule_and_each_check_is_counted(company: Syncd) -> None:
    rows = {row["rule"]: row for row in printed(company, "rules", "stats")}
    assert {"desktop-words", "upkeep", "unlinked", "off_strategy", "starved_goal"} <= rows.keys()
    assert (rows["desktop-words"]["action"], rows["desktop-words"]["target"]) == ("non_goal", "no-desktop")
    assert rows["desktop-words"]["matches"] == 3
    flags = company.rows("flags", "--rule", "unlinked")
    assert rows["unlinked"]["open"] == len(flags)
    assert rows["unlinked"]["matches"] >= sum(flag["clears"] for flag in flags)
    assert rows["unlinked"]["precision"] is rows["unlinked"]["bound"] is None


@pytest.fixture
def linked(syncd: Syncd) -> Syncd:
    """A folder whose strategy names the items of the commonest label by one goal, and all others by a second."""
    strategy = syncd.folder / "strategy.yaml"
    syncd.done("sync")
    rows = syncd.rows("items")
    [(label, _)] = Counter(label for row in rows for label in row["labels"]).most_common(1)
    named = {
        "pay": [row["id"] for row in rows if label in row["labels"]],
        "ship": [row["id"] for row in rows if label not in row["labels"]],
    }
    goals = [
        {"id": goal, "kind": "objective", "title": goal.title(), "accepts": {"items": items}}
        for goal, items in named.items()
    ]
    strategy.write_text(yaml.safe_dump({"vision": "V", "goals": goals}))
    (syncd.folder / "rules.yaml").write_text("rules: []\n")
    syncd.done("apply", "--yes")
    syncd.done("sync")
    return syncd


def test_rules_are_mined_from_what_people_linked_and_can_be_pasted(linked: Syncd) -> None:
    rows = printed(linked, "rules", "suggest", options=("--sure", "0.3"))
    assert rows
    for row in rows:
        assert row["right"] <= row["matches"]
        assert row["bound"] >= 0.3
        assert row["evidence"].endswith(f": {row['right']} of {row['matches']}")
    out = linked.done("rules", "suggest", "--sure", "0.3").out
    assert yaml.safe_load(out) == {"rules": [row["rule"] for row in rows]}
    assert all(f"  # {row['evidence']}; right in at least" in out for row in rows)
    goal = rows[0]["rule"]["link"]
    assert linked.rows("rules", "suggest", "--sure", "0.3", "--goal", goal) == [
        row for row in rows if row["rule"]["link"] == goal
    ]
    (linked.folder / "rules.yaml").write_text(out)
    assert files.load(linked.folder).rules.rules
    assert linked("rules", "test").code == 0


def test_a_goal_that_is_not_there_is_told(company: Syncd) -> None:
    company("rules", "suggest", "--goal", "nothing").says(2, "there is no goal nothing")


def test_where_nothing_is_sure_enough_it_says_what_it_would_take(company: Syncd) -> None:
    out = company.done("rules", "suggest", "--sure", "0.99").out
    assert "at --sure 0.99 one needs at least 381 that it explains without exception" in out


def test_before_the_first_sync_it_says_what_to_do(syncd: Syncd) -> None:
    syncd("rules", "suggest").says(75, "nothing is here yet: run syncd sync")
    syncd("rules", "stats").says(75, "nothing is here yet: run syncd sync")


def test_a_rule_that_has_its_word_cannot_be_given_it_back(company: Syncd) -> None:
    company("rules", "restore", "desktop-words").says(2, "desktop-words has not dropped to monitor")


def test_names_of_the_json_are_all_documented(company: Syncd) -> None:
    for command in ("test", "stats"):
        rows = company.rows("rules", command)
        inside = {name for row in rows for name in names(row.get("example", {}))}
        assert {name for row in rows for name in names(row)} - inside <= set(documented(f"rules {command}"))
