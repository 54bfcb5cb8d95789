"""An issue that carries a row, on Cloud and Data Center: what is read back is what was written."""

from typing import Any

import pytest
from hypothesis import example, given

from connectors.jira import adf, marked
from tests.connectors.texts import VALUES as ANY

MARKER = "0123456789abcdef01234567"
VALUES = {"title": "Single sign-on", "status": "In progress", "due": "2026-12-15", "owner": "Engineering",
          "notes": "Your people sign in.\n\n- first two, then all"}  # fmt: skip


def issue(fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {
        "created": "2026-11-27T10:00:00.000+0100",
        "labels": ["syncd", "status-In-progress"],
        "status": {"name": "To Do"},
    }
    return {"id": "10001", "key": "GLX-1", "fields": {**usual, **fields, **more}}


@pytest.mark.parametrize("cloud", [True, False])
def test_a_row_is_read_back_as_it_was_written(cloud: bool) -> None:
    slots = marked.fit(VALUES, cloud=cloud, dated=True)
    held = marked.held(issue(marked.fields(None, MARKER, slots, cloud=cloud)), "https://x")
    assert (held.marker, held.slots, held.live) == (MARKER, slots, True)
    assert slots[marked.DAY] == "2026-12-15"


@pytest.mark.parametrize("cloud", [True, False])
@given(values=ANY)
@example(values={"notes": "0\n\x850"})
@example(values={"notes": "0\n\n 0\n 0"})
@example(values={"notes": "Owner: me"})
@example(values={"title": "Untitled"})
def test_any_value_is_read_back_as_it_was_written(cloud: bool, values: dict[str, str]) -> None:
    slots = marked.fit(values, cloud=cloud, dated=False)
    labels = [marked.LABEL, *([marked.STATUS + slots["status"]] if slots["status"] else [])]
    held = marked.held(issue(marked.fields(None, MARKER, slots, cloud=cloud), labels=labels), "https://x")
    assert {slot: held.slots[slot] for slot in slots} == slots


def test_a_month_is_told_in_the_text_alone() -> None:
    slots = marked.fit({"due": "2026-12"}, cloud=True, dated=True)
    assert marked.DAY not in slots
    assert "duedate" not in marked.fields(None, MARKER, slots, cloud=True)


def test_nodes_around_the_block_stay_as_they_are() -> None:
    theirs = {"type": "panel", "attrs": {"panelType": "note"}, "content": [{"type": "paragraph", "content": []}]}
    made = marked.fields(None, MARKER, marked.fit(VALUES, cloud=True, dated=False), cloud=True)
    made["description"]["content"] = [theirs, *made["description"]["content"], theirs]
    held = marked.held(issue(made), "https://x")
    assert held.raw["hangs"]
    new = marked.fields(held, MARKER, {"notes": "Other words."}, cloud=True)["description"]
    assert new["content"][0] == new["content"][-1] == theirs
    assert "Due: 2026-12-15" in adf.text(new)
    assert "Other words." in adf.text(new)
    assert "Your people" not in adf.text(new)


def test_lines_around_the_block_stay_as_they_are() -> None:
    made = marked.fields(None, MARKER, marked.fit(VALUES, cloud=False, dated=False), cloud=False)["description"]
    held = marked.held(issue({"description": f"h1. Theirs\n\n{made}\n* And this"}), "https://x")
    new = marked.fields(held, MARKER, {"owner": "Design"}, cloud=False)["description"]
    assert new.startswith("h1. Theirs\n\nsyncd:")
    assert new.endswith("\n* And this")
    assert "Owner: Design" in new


def test_macros_and_links_of_wiki_markup_are_shown_as_text() -> None:
    slots = marked.fit({"notes": "{panel}[x|https://y]"}, cloud=False, dated=False)
    assert slots["notes"] == "\\{panel}\\[x|https://y]"


@pytest.mark.parametrize("cloud", [True, False])
def test_a_withdrawn_row_is_known_as_such(cloud: bool) -> None:
    slots = marked.fit(VALUES, cloud=cloud, dated=False)
    held = marked.held(issue(marked.fields(None, MARKER, slots, cloud=cloud)), "https://x")
    blank = dict.fromkeys(marked.BLOCK, "")
    made = marked.fields(held, MARKER, blank, cloud=cloud, gone=True)
    again = marked.held(issue({"summary": "No longer shared", **made}), "https://x")
    assert (again.marker, again.live) == (MARKER, False)
    assert not any(again.slots[slot] for slot in marked.BLOCK)


def test_the_entity_property_goes_before_the_text() -> None:
    found = marked.held({**issue({"description": None}), "properties": {"syncd": {"marker": MARKER}}}, "https://x")
    assert found.marker == MARKER
