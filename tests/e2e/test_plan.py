"""A PM edits the demo's strategy and rules: plan, apply, undo."""

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import Any

import yaml

from syncd.sandbox.server import Sandbox
from tests.cli.command import ROOT, Syncd
from tests.cli.test_json import documented, names
from tests.e2e.test_strategy import edit

Story = tuple[Sandbox, Syncd]

RULE = """
  - id: billing-label
    link: claims
    mode: enforce
    because: What is billed to insurers is a claim
    when:
      label: %s
    examples:
      match:
        - {title: Send the bill, labels: [%s]}
      nomatch:
        - {title: Send a postcard}
"""


def folder(syncd: Syncd) -> Path:
    assert syncd.folder
    return syncd.folder


def database(syncd: Syncd) -> Path:
    url = yaml.safe_load((folder(syncd) / "syncd.yaml").read_text(encoding="utf-8"))["database"]
    return Path(url.removeprefix("sqlite:///"))


def content(syncd: Syncd) -> str:
    """Fingerprint of all rows of all tables."""
    with sqlite3.connect(database(syncd)) as rows:
        return hashlib.sha256("\n".join(rows.iterdump()).encode()).hexdigest()


def of(rows: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["what"] == what]


def drop_activation_and_link_a_label(syncd: Syncd) -> list[str]:
    """Drop a goal, and tie unlinked work with some label to another. Gives the keys of that work."""
    items = syncd.rows("items")
    against = {flag["item"] for flag in syncd.rows("flags", "--rule", "off_strategy")}
    alone = [item for item in items if not item["parent"] and item["id"] not in against]
    free = [item for item in alone if item["labels"] and not item["goals"] and item["status_category"] != "done"]
    label = free[0]["labels"][0]
    edit(syncd, "    status: active\n", "    status: dropped\n")
    rules = folder(syncd) / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("rules:\n", f"rules:{RULE % (label, label)}\n", 1), encoding="utf-8")
    return [item["key"] for item in free if label in item["labels"]]


def documented_rows() -> dict[str, set[str]]:
    """What ``docs/plan.md`` promises of each sort of row."""
    table = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8").split("## JSON")[1]
    return {what: set(re.findall(r"`([a-z_]+)`", holds)) for what, holds in re.findall(r"\| `(\w+)` \| (.*) \|", table)}


def planned(trackers: Sandbox, syncd: Syncd) -> tuple[list[dict[str, Any]], str]:
    """The plan as rows and in words. It asked no tracker, wrote nothing, and its rows are as documented."""
    asked, written = trackers.journal.count(), content(syncd)
    rows = syncd.rows("plan")
    told = syncd.done("plan").out
    assert (trackers.journal.count(), content(syncd)) == (asked, written)
    promised = documented_rows()
    assert [row for row in rows if not row.keys() - {"what"} <= promised[row["what"]]] == []
    return rows, told


def test_a_plan_on_the_demo_shows_what_comes_and_asks_and_writes_nothing(story: Story) -> None:
    trackers, syncd = story
    linked = drop_activation_and_link_a_label(syncd)
    rows, told = planned(trackers, syncd)
    [summary] = of(rows, "summary")
    assert summary["items"] == len(syncd.rows("items"))
    gained = [row for row in of(rows, "link") if row["change"] == "gained"]
    assert {row["key"] for row in gained} >= set(linked)
    assert {row["will_be"] for row in gained} == {"claims"}
    opened = [row for row in of(rows, "flag") if row["change"] == "opened" and row["rule"] == "off_strategy"]
    assert opened
    assert all("which was dropped" in row["message"] for row in opened)
    [goal] = of(rows, "goal")
    assert (goal["goal"], goal["edit"]) == ("activation", "dropped")
    assert {row["goal"] for row in of(rows, "losing")} == {"activation"}
    assert "Decisions to make" in told
    assert "matches the rule billing-label" in told


def test_applying_and_syncing_gives_what_the_plan_said_and_undoing_gives_it_back(story: Story) -> None:
    _, syncd = story
    before = {row["id"] for row in syncd.rows("flags")}
    goals = {row["id"]: row["goals"] for row in syncd.rows("items")}
    edit(syncd, "writeback:", "changes: {automatic: false}\nwriteback:", "syncd.yaml")
    drop_activation_and_link_a_label(syncd)
    syncd("sync").says(0, "is held: edits wait for syncd apply")
    assert {row["id"] for row in syncd.rows("flags")} == before
    rows = syncd.rows("plan")

    syncd.done("apply", "--yes", "-m", "agreed on Monday", "--as", "Ana")
    syncd.done("sync")
    now = syncd.rows("flags")
    opened = [row for row in of(rows, "flag") if row["change"] == "opened"]
    cleared = [row for row in of(rows, "flag") if row["change"] == "cleared"]
    assert len({row["id"] for row in now} - before) == len(opened)
    assert len(before - {row["id"] for row in now}) == len(cleared)
    applied, first = syncd.rows("versions")
    assert (applied["author"], applied["message"], applied["in_force"]) == ("Ana", "agreed on Monday", True)
    assert first["author"] == "first sync"
    assert set(names(applied)) == set(documented("versions"))

    syncd.done("apply", "--undo", "--yes")
    syncd.done("sync")
    assert {row["id"] for row in syncd.rows("flags")} == before
    assert {row["id"]: row["goals"] for row in syncd.rows("items")} == goals
    assert len(syncd.rows("versions")) == 3
    assert "is in force, and not what" in syncd.done("status").out


def test_apply_refuses_beyond_the_blast_radius(story: Story) -> None:
    _, syncd = story
    edit(syncd, "writeback:", "changes: {blast_radius: 1%}\nwriteback:", "syncd.yaml")
    drop_activation_and_link_a_label(syncd)
    refused = syncd("apply")
    refused.says(1, "more than changes.blast_radius allows (1%)", "--yes")
    assert len(syncd.rows("versions")) == 1
    assert "Version 2 is in force" in syncd.done("apply", "--yes").out


def take_out(syncd: Syncd, tracker: str) -> str:
    """A tracker is no longer in ``syncd.yaml``. Gives the file as it was."""
    path = folder(syncd) / "syncd.yaml"
    text = path.read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    written["trackers"] = [each for each in written["trackers"] if each["name"] != tracker]
    path.write_text(yaml.safe_dump(written | {"changes": {"small": 0, "blast_radius": "5%"}}), encoding="utf-8")
    return text


def test_a_tracker_that_is_taken_out_by_mistake_waits_and_loses_nothing(story: Story) -> None:
    trackers, syncd = story
    items, flags = syncd.rows("items"), syncd.rows("flags")
    text = take_out(syncd, "acme-github")
    rows, told = planned(trackers, syncd)
    [leaving], [summary] = of(rows, "leaving"), of(rows, "summary")
    here = [item for item in items if item["tracker"] == "acme-github"]
    assert (leaving["tracker"], leaving["items"], summary["left"]) == ("acme-github", len(here), len(here))
    assert "acme-github is no longer in the file" in told

    syncd("sync").says(0, "its removal is held: it would withdraw or change", "`syncd apply` lets it go")
    assert "acme-github is no longer in syncd.yaml, and its removal is held" in syncd.done("status").out
    assert (syncd.rows("items"), syncd.rows("flags")) == (items, flags)
    (folder(syncd) / "syncd.yaml").write_text(text, encoding="utf-8")
    syncd.done("sync")
    assert "removal" not in syncd.done("status").out
    assert (syncd.rows("items"), syncd.rows("flags")) == (items, flags)


def test_a_tracker_that_is_taken_out_on_purpose_is_let_go_with_its_flags(story: Story) -> None:
    _, syncd = story
    before = {row["id"] for row in syncd.rows("flags")}
    take_out(syncd, "acme-notion")
    rows = syncd.rows("plan")
    syncd.done("sync")
    syncd("apply").says(1, "more than changes.blast_radius allows", "--yes")
    assert "Withdrawn, by Ana: acme-notion" in syncd.done("apply", "--yes", "--as", "Ana").out
    syncd.done("sync")
    assert {row["tracker"] for row in syncd.rows("items")} == {"acme-jira", "acme-github"}
    now = {row["id"] for row in syncd.rows("flags")}
    changed = of(rows, "flag")
    assert len(before - now) == sum(row["change"] == "cleared" for row in changed)
    assert len(now - before) == sum(row["change"] == "opened" for row in changed)
    assert "that is in force already" in syncd("apply").err
    assert len(syncd.rows("versions")) == 1


def test_a_draft_in_a_folder_beside_the_one_in_force(story: Story, tmp_path: Path) -> None:
    _, syncd = story
    draft = tmp_path / "draft"
    draft.mkdir()
    text = (folder(syncd) / "strategy.yaml").read_text(encoding="utf-8")
    (draft / "strategy.yaml").write_text(text.replace("status: active", "status: paused", 1), encoding="utf-8")
    assert syncd.rows("plan")[0]["changed"] == 0
    assert syncd.rows("plan", str(draft))[0]["changed"] > 0
    syncd("plan", str(tmp_path)).says(3, "holds no draft")
    (draft / "strategy.yaml").write_text("goals: [{id: a}]\n", encoding="utf-8")
    syncd("plan", str(draft)).says(3, "strategy.yaml:1:")
    syncd("apply", str(draft), "--undo").says(2, "one of DRAFT_DIR, --version and --undo")


def test_a_plan_makes_no_store_and_needs_no_tracker(tmp_path: Path) -> None:
    (tmp_path / "syncd.yaml").write_text(
        f"database: sqlite:///{tmp_path}/there/syncd.db\n"
        "trackers: [{name: j, kind: jira, url: 'http://192.0.2.1:9', auth: {token: {env: NOT_SET}}, scope: {projects: [A]}}]\n",
        encoding="utf-8",
    )
    syncd = Syncd(tmp_path)
    syncd("plan").says(75, "nothing is stored yet: run syncd sync")
    assert not (tmp_path / "there" / "syncd.db").exists()
    syncd.done("status")  # brings the store up
    syncd("plan").says(75, "nothing is in force yet")
    syncd("apply", "--undo").says(75, "nothing is in force yet")
