"""What a partner sees of an item, field by field, and by which clause."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.match import BadCondition
from rules.model import Case
from rules.model.partners import Agreement, Public, Role, Shared, Withheld
from rules.sharing.projection import Sharing, share
from rules.sharing.redactor import MARK
from rules.sharing.transforms import FIELDS
from tests.rules.cast import ANA, NOW, OMAR, item

AGREED = Agreement(
    partner="globex",
    name="Globex",
    owner="pia@acme.example",
    where={"label": "partner/globex"},
    fields={
        "title": "public_title",
        "status": "status",
        "due": "month",
        "delivered": "day",
        "notes": "public_notes",
        "owner": "role",
    },
    statuses={"todo": "Planned", "in_progress": "In progress", "done": "Delivered"},
    roles=(Role("Engineering", ("ana@acme.example",)), Role("Design", ("u-2",))),
)


def seen(agreement=AGREED, **values):
    """The cells of an item that is shared, by field."""
    made = share(case(**values), agreement, NOW)
    assert isinstance(made, Shared)
    return {cell.field: cell for cell in made.cells}


def case(**values):
    return Case(item(**{"labels": ("partner/globex",), **values}))


def body(text):
    return f"Internal first.\n{text}\nInternal last."


def test_only_what_is_named_is_shown():
    only = replace(AGREED, fields={"due": "month"})
    made = share(case(due=date(2026, 12, 15), fields={"Public title": "Sign-on"}), only, NOW)
    assert made.values == {"due": "2026-12"}
    unnamed = {cell.field: cell.because for cell in made.cells if cell.field != "due"}
    assert set(unnamed) == set(FIELDS) - {"due"}
    assert set(unnamed.values()) == {"the agreement does not name it"}


@pytest.mark.parametrize(
    ("how", "shown"), [("day", "2026-12-15"), ("month", "2026-12"), ("quarter", "2026-Q4")]
)  # fmt: skip
def test_dates_are_as_exact_as_agreed(how, shown):
    agreed = replace(AGREED, fields={"due": how, "delivered": how})
    closed = datetime(2026, 12, 16, 0, 30, tzinfo=UTC) - timedelta(hours=1)
    cells = seen(agreed, due=date(2026, 12, 15), status_category="done", closed_at=closed)
    assert (cells["due"].value, cells["delivered"].value) == (shown, shown)
    assert cells["due"].clause == f"share.fields.due: {how}"


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)])
def test_quarters_are_those_of_the_calendar(month, quarter):
    assert seen(replace(AGREED, fields={"due": "quarter"}), due=date(2027, month, 1))["due"].value == f"2027-Q{quarter}"


@pytest.mark.parametrize("state", ["todo", "in_progress", "cancelled"])
def test_what_is_not_done_was_not_delivered(state):
    cell = seen(status_category=state, closed_at=NOW)["delivered"]
    assert (cell.value, cell.because) == ("", "it is not delivered, or when is not known")


def test_a_state_is_told_in_the_partners_words_or_not_at_all():
    assert seen(status="Doing", status_category="in_progress")["status"].value == "In progress"
    cell = seen(status="Won't do", status_category="cancelled")["status"]
    assert (cell.value, cell.because) == ("", "statuses has no word for its state")
    assert seen(status_category="paused")["status"].value == ""


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"fields": {"Public title": " Sign-on "}}, "Sign-on"),
        ({"fields": {"PUBLIC TITLE": "Sign-on"}}, "Sign-on"),
        ({"body": body("Public title: Sign-on")}, "Sign-on"),
        ({"body": body("## Public title: Sign-on")}, "Sign-on"),
        ({"body": body("**Public title:** Sign-on")}, "Sign-on"),
        ({"body": body("h3. Public Title: Sign-on")}, "Sign-on"),
        ({"fields": {"Public title": "One"}, "body": body("Public title: Two")}, "One"),
        ({"fields": {"Public title": ""}, "body": body("Public title: Two")}, "Two"),
        ({}, ""),
        ({"fields": {"Public title": ""}}, ""),
        ({"fields": {"Public title": None}}, ""),
        ({"body": body("Public title:")}, ""),
        ({"body": body("Our public title: none yet")}, ""),
        ({"body": body("> Public title: quoted")}, ""),
        ({"body": body("Public titles: none")}, ""),
    ],
)
def test_the_public_title_is_read_where_it_is_written_and_nowhere_else(values, title):
    assert seen(title="Internal", **values)["title"].value == title


@pytest.mark.parametrize("value", [["Sign-on"], 7, True, {"text": "Sign-on"}])
def test_a_public_field_that_holds_no_text_is_dropped_and_reported(value):
    cell = seen(fields={"Public title": value}, body=body("Public title: Two"))["title"]
    assert cell.value == ""
    assert cell.because.startswith("the field “Public title” holds no text but a ")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Public notes:\nOne\n\nTwo\nEnd of public notes", "One\n\nTwo"),
        ("### Public notes\nOne\n### End of public notes", "One"),
        ("**Public notes:** One\n**End of public notes**", "One"),
        ("Public notes: One\r\nTwo\r\nEnd of public notes.", "One\nTwo"),
        ("Public notes:\n\nEnd of public notes", ""),
        ("Public notes:\nOne", ""),
        ("Public notes:\nOne\nEnd of public notes\nPublic notes:\nTwo\nEnd of public notes", ""),
        ("End of public notes\nPublic notes:\nOne", ""),
        ("Public notes are missing\nEnd of public notes", ""),
    ],
)
def test_the_public_notes_are_a_block_with_an_end(text, notes):
    cell = seen(body=body(text))["notes"]
    assert cell.value == notes
    assert bool(notes) or cell.because


def test_other_fields_may_hold_the_public_text():
    agreed = replace(AGREED, public=Public(("Customer headline", "Public title"), ("Customer text",), body=False))
    cells = seen(
        agreed,
        fields={"Customer headline": "A", "Public title": "B"},
        body=body("Public notes:\nC\nEnd of public notes"),
    )
    assert (cells["title"].value, cells["notes"].value) == ("A", "")


def test_an_owner_is_told_by_role_and_never_by_name():
    assert seen(assignees=(OMAR, ANA))["owner"].value == "Engineering, Design"
    assert seen(assignees=(ANA, ANA))["owner"].value == "Engineering"
    stranger = seen(assignees=(replace(OMAR, native_id="u-9"),))["owner"]
    assert (stranger.value, stranger.because) == ("", "roles names nobody it is assigned to")


def test_unknown_fields_and_transforms_are_dropped_and_reported():
    odd = replace(AGREED, fields={"priority": "text", "due": "hour", "title": "title"})
    cells = seen(odd, priority="High", due=date(2026, 12, 15))
    assert {name: cell.because for name, cell in cells.items() if name in odd.fields} == {
        "priority": "dropped: there is no such field",
        "due": "dropped: there is no transform hour for it",
        "title": "dropped: there is no transform title for it",
    }
    assert share(case(priority="High"), odd, NOW).values == {}


def test_a_due_date_of_an_unknown_type_is_dropped_and_reported():
    cell = seen(due=NOW)["due"]
    assert (cell.value, cell.because) == ("", "dropped: a datetime is not a day")


@pytest.mark.parametrize(
    ("where", "because"),
    [
        ({"label": "partner/initech"}, "the filter of the agreement does not hold"),
        ({"points": {"min": 3}}, "the filter of the agreement is not known to hold"),
        ({"in_state": {"older_than": "1d"}}, "the filter of the agreement is not known to hold"),
        ({"none": [{"points": {"min": 3}}]}, "the filter of the agreement is not known to hold"),
        ({"parent": {"label": "x"}}, "the filter of the agreement is not known to hold"),
    ],
)
def test_what_is_not_known_to_match_is_not_shared(where, because):
    assert share(case(parent="jira:WEB-9"), replace(AGREED, where=where), NOW) == Withheld(because)


def test_an_age_in_the_filter_follows_the_moment():
    agreed = replace(AGREED, where={"age": {"older_than": "40d"}})
    assert isinstance(share(case(), agreed, NOW), Withheld)
    assert isinstance(share(case(), agreed, NOW + timedelta(days=30)), Shared)


def test_when_time_alone_shares_an_item_is_known_before():
    sharing = Sharing(replace(AGREED, where={"age": {"older_than": "40d"}}))
    at = sharing.turns(case(), NOW)
    assert isinstance(sharing.share(case(), at), Shared)
    assert isinstance(sharing.share(case(), at - timedelta(microseconds=1)), Withheld)
    assert sharing.turns(case(), at) is None
    assert Sharing(AGREED).turns(case(), NOW) is None


def test_why_an_item_is_shared_is_told_to_us_with_what_matched():
    assert Sharing(AGREED).why(case(), NOW) == (True, "label is partner/globex")
    assert Sharing(AGREED).why(case(labels=("x",)), NOW).matched is False


def test_a_filter_that_cannot_be_read_is_refused():
    with pytest.raises(BadCondition):
        Sharing(replace(AGREED, where={"labels": "x"}))


def test_shared_text_is_redacted_and_the_cell_tells_what_went():
    cell = seen(fields={"Public title": "Sign-on, see WEB-12"})["title"]
    assert cell.value == f"Sign-on, see {MARK}"
    assert [one.text for one in cell.taken] == ["WEB-12"]
    assert cell.because == "shown by public_title, with 1 taken out"


def test_a_text_of_which_nothing_is_left_is_not_shown():
    cell = seen(fields={"Public title": "WEB-12!"})["title"]
    assert (cell.value, cell.because) == ("", "all of it was taken out")


def test_a_title_is_one_line():
    assert seen(fields={"Public title": "One\ntwo\tthree"})["title"].value == "One two three"
