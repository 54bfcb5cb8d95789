"""Somebody edits the strategy: what is judged anew, and what is not."""

from pathlib import Path

from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd

Story = tuple[Sandbox, Syncd]


def judged(syncd: Syncd) -> str:
    return syncd.done("sync").out.splitlines()[-1]


def edit(syncd: Syncd, old: str, new: str, file: str = "strategy.yaml") -> None:
    assert syncd.folder
    path: Path = syncd.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_comment_is_no_change_and_a_goal_that_is_dropped_is(story: Story) -> None:
    _, syncd = story
    assert judged(syncd) == "0 items judged, 0 flags opened, 0 resolved"
    edit(syncd, "goals:\n", "# we looked at this on Monday\ngoals:\n")
    assert judged(syncd) == "0 items judged, 0 flags opened, 0 resolved"

    before = {row["id"] for row in syncd.rows("flags")}
    edit(syncd, "    status: active\n", "    status: dropped\n")
    assert not judged(syncd).startswith("0 items judged")
    opened = [row for row in syncd.rows("flags") if row["id"] not in before]
    assert opened
    assert {(row["rule"], row["goal"]) for row in opened} == {("off_strategy", "activation")}
    assert all("“New clinics are live in a day”, which was dropped" in row["message"] for row in opened)

    edit(syncd, "    status: dropped\n", "    status: active\n")
    judged(syncd)
    assert {row["id"] for row in syncd.rows("flags")} == before
    again = {row["id"]: row for row in syncd.rows("flags", "--state", "resolved")}
    assert {row["id"] for row in opened} <= again.keys()
    assert all(again[row["id"]]["resolved_because"] for row in opened)


def test_a_mistake_in_an_edit_changes_nothing(story: Story) -> None:
    trackers, syncd = story
    before = syncd.rows("flags"), trackers.journal.count()
    edit(syncd, "status: active", "status: activ")
    syncd("sync").says(3, "strategy.yaml:", 'did you mean "active"?')
    edit(syncd, "status: activ\n", "status: active\n")
    assert (syncd.rows("flags"), trackers.journal.count()) == before
