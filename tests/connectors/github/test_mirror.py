"""An issue that carries a row: what is read back is what was written, and the rest of the issue is the partner's."""

import pytest
from hypothesis import example, given

from connectors.github import marked
from tests.connectors.texts import VALUES as ANY

MARKER = "0123456789abcdef01234567"
VALUES = {"title": "Single sign-on", "status": "In progress", "due": "2026-12", "owner": "Engineering",
          "notes": "Your people sign in.\n\n- first two, then all"}  # fmt: skip


def row(body: str, **more: object) -> dict[str, object]:
    usual = {
        "number": 7,
        "title": "Single sign-on",
        "state": "open",
        "created_at": "2026-11-27T09:00:00Z",
        "labels": [{"name": "status: In progress"}],
    }
    return {**usual, "body": body, **more}  # fmt: skip


def test_a_row_is_read_back_as_it_was_written() -> None:
    slots = marked.fit(VALUES)
    held = marked.held(row(marked.body("", MARKER, slots)))
    assert (held.marker, held.slots, held.live) == (MARKER, slots, True)


@given(ANY)
@example({"notes": "0\n\x850"})
@example({"notes": "Owner: me"})
@example({"title": "Untitled"})
def test_any_value_is_read_back_as_it_was_written(values: dict[str, str]) -> None:
    slots = marked.fit(values)
    labels = [{"name": marked.LABEL + slots["status"]}] if slots["status"] else []
    held = marked.held(row(marked.body("", MARKER, slots), title=slots["title"] or "Untitled", labels=labels))
    assert held.slots == slots
    assert held.marker == MARKER


@pytest.mark.parametrize("text", ["Before.\n\n{}\n\nBehind.", "{}", "\r\n{}\r\nBehind.\r\n"])
def test_what_stands_around_the_block_stays_to_the_letter(text: str) -> None:
    was = text.format(marked.body("", MARKER, marked.fit(VALUES)))
    new = marked.body(was, MARKER, marked.fit(VALUES | {"due": "2027-01"}))
    assert new.replace("2027-01", "2026-12") == was


def test_markup_in_values_is_shown_as_text() -> None:
    body = marked.body(
        "",
        MARKER,
        marked.fit({"notes": '<img src="https://x"> ![a](https://y) !![b](https://z) <!-- /syncd: --> 1 < 2'}),
    )
    assert "<img" not in body
    assert "![" not in body
    assert body.count("<!--") == 2
    assert "1 < 2" in body


def test_an_issue_or_pull_request_of_theirs_has_no_mark() -> None:
    assert marked.held(row("Whatever.")).marker == ""
    block = marked.body("", MARKER, marked.fit(VALUES))
    assert marked.held(row(block, pull_request={})).marker == ""


def test_a_withdrawn_row_says_nothing_and_is_known_as_such() -> None:
    held = marked.held(row(marked.body("Theirs.", MARKER, {}, gone=True)))
    assert (held.marker, held.live) == (MARKER, False)
    assert not any(held.slots[slot] for slot in marked.BLOCK)


def test_two_labels_are_nothing_that_we_wrote() -> None:
    labels = [{"name": "status: Done"}, {"name": "bug"}, {"name": "status: Planned"}]
    assert marked.held(row("", labels=labels)).slots["status"] == "Done, Planned"
