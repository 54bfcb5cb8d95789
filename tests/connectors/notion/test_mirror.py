"""Properties that hold our values: found, written, read back."""

from typing import Any

import pytest
from hypothesis import example, given

from connectors.notion.columns import TYPES, Column, columns, missing
from tests.connectors.texts import VALUES as ANY

OPTIONS = {"options": [{"id": "1", "name": "Planned"}]}
SCHEMA: dict[str, Any] = {
    "Name": {"id": "title", "type": "title", "title": {}},
    "status ": {"id": "a", "type": "status", "status": OPTIONS},
    "Due": {"id": "b", "type": "date", "date": {}},
    "Delivered": {"id": "c", "type": "number", "number": {}},
    "Notes": {"id": "d", "type": "rich_text", "rich_text": {}},
    "syncd": {"id": "e", "type": "rich_text", "rich_text": {}},
}


def test_properties_are_found_by_name_and_type() -> None:
    found = columns(SCHEMA)
    assert {name: column.id for name, column in found.items()} == {
        "title": "title", "status": "a", "due": "b", "notes": "d", "syncd": "e",
    }  # fmt: skip
    assert missing(SCHEMA) == (
        "delivered is not shown: the property “Delivered” is of type number, not date or text",
        "owner is not shown: add a property “Owner” of type text or select",
    )


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2027-03-04", "2027-03-04", None),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2027-Q4", "2027-10-01", "2027-12-31"),
    ],
)
def test_a_month_and_a_quarter_are_spans_and_read_back_as_such(value: str, start: str, end: str | None) -> None:
    column = Column("b", "Due", "date")
    body = column.body(value)
    assert body == {"date": {"start": start, "end": end}}
    assert column.read(body) == column.fit(value) == value


def test_days_that_the_partner_chose_are_read_as_they_are() -> None:
    column = Column("b", "Due", "date")
    assert column.read({"date": {"start": "2027-03-04T10:00:00+01:00", "end": None}}) == "2027-03-04"
    assert column.read({"date": {"start": "2027-03-01", "end": "2027-03-30"}}) == "2027-03-01/2027-03-30"
    assert column.fit("soon") is None


def test_a_status_holds_its_options_alone_and_a_select_any_word() -> None:
    status = Column("a", "Status", "status", ("Planned",))
    assert (status.fit("Planned"), status.fit(""), status.fit("Delivered")) == ("Planned", "", None)
    select = Column("a", "Status", "select")
    assert select.fit("A, B" + "x" * 200) == ("A; B" + "x" * 200)[:99] + "…"
    assert select.body("") == {"select": None}


@given(ANY)
@example({"notes": "0\n\x850"})
@example({"status": "0\n\x850"})
def test_any_value_is_read_back_as_it_was_written(values: dict[str, str]) -> None:
    for name, value in values.items():
        for type_ in TYPES[name]:
            column = Column("a", name, type_, ("Planned",))
            if (fit := column.fit(value)) is not None:
                assert column.read(given_back(column.body(fit))) == fit


def given_back(body: dict[str, Any]) -> dict[str, Any]:
    """As Notion gives what was sent: text with its plain form."""
    return {
        type_: [{**piece, "plain_text": piece["text"]["content"]} for piece in said] if isinstance(said, list) else said
        for type_, said in body.items()
    }


def test_long_text_goes_in_pieces_and_is_read_back_whole() -> None:
    column = Column("d", "Notes", "rich_text")
    text = "Words and words. " * 300
    value = column.fit(text)
    assert value is not None
    body = column.body(value)
    assert all(len(piece["text"]["content"]) <= 2000 for piece in body["rich_text"])
    assert column.read(given_back(body)) == value
    assert len(column.body("x" * 100_000)["rich_text"]) == 100
