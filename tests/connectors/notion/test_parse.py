"""From JSON to item: one line a case."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connectors.base import Stream
from connectors.item import Person, Ref
from connectors.notion.parse import Layout, key_of, moment, to_item
from tests.connectors.notion.notion_world import ANA, SOURCE, page, page_id, related, rich

ROLES = {
    "title": "title", "key": "Uq", "status": "St%3Aa", "kind": "Kind", "parent": "%7CEp", "goal": "Goal", "labels": "Tags",
    "assignees": "Own", "due": "Due", "points": "Points", "priority": "Prio", "sprint": "Sprint", "body": "Nt",
}  # fmt: skip
STATUSES = {"s1": "todo", "s2": "in_progress", "s3": "done", "s4": "cancelled"}
META = {"properties": ROLES, "statuses": STATUSES, "rollups": {}}
LAYOUT = Layout.of("acme-notion", Stream(SOURCE, "Tasks", META))
ONE = f"notion:{page_id(1)}"
TWO, THREE = f"notion:{page_id(2)}", f"notion:{page_id(3)}"


def select(name):
    return {"type": "select", "select": {"id": "o", "name": name} if name else None}


def status(option, name):
    return {"type": "status", "status": {"id": option, "name": name}}


def date_of(start, end=None):
    return {"type": "date", "date": {"start": start, "end": end, "time_zone": None}}


def text(*parts):
    return {"type": "rich_text", "rich_text": list(parts)}


def link(words, href):
    return {"type": "text", "text": {"content": words}, "plain_text": words, "href": href}


def mention(number):
    return {
        "type": "mention",
        "mention": {"type": "page", "page": {"id": page_id(number)}},
        "plain_text": "x",
        "href": None,
    }


def tags(*names):
    return {"type": "multi_select", "multi_select": [{"id": name, "name": name} for name in names]}


NAMELESS = {"object": "user", "id": "u2"}
GROUP = {"object": "group", "id": "g1", "name": "Platform"}
ANA_AS_PERSON = Person(ANA["id"], "Ana", "ana@acme.example")
REFS_OF_TITLE = (Ref("mentions", "jira:WEB-12", "title"),)


@pytest.mark.parametrize(
    ("property_", "value", "field", "expected"),
    [
        ("Name", {"type": "title", "title": rich("Clinics ", "live")}, "title", "Clinics live"),
        ("Name", {"type": "title", "title": []}, "title", ""),
        ("Name", {"type": "title", "title": rich("Do WEB-12")}, "refs", REFS_OF_TITLE),
        ("ID", {"type": "unique_id", "unique_id": {"prefix": "TASK", "number": 7}}, "key", "TASK-7"),
        ("ID", {"type": "unique_id", "unique_id": {"prefix": None, "number": 7}}, "key", "7"),
        ("ID", {"type": "unique_id", "unique_id": {"prefix": None, "number": None}}, "key", "bbbbbbbb"),
        ("Status", status("s2", "Cooking"), "status", "Cooking"),
        ("Status", status("s2", "Cooking"), "status_category", "in_progress"),
        ("Status", status("s4", "Won't do"), "status_category", "cancelled"),
        ("Status", status("new", "Shipped"), "status_category", "done"),
        ("Status", {"type": "status", "status": None}, "status", ""),
        ("Status", {"type": "status", "status": None}, "status_category", "todo"),
        ("Status", select("In review"), "status_category", "in_progress"),
        ("Status", {"type": "checkbox", "checkbox": True}, "status_category", "done"),
        ("Status", {"type": "checkbox", "checkbox": True}, "status", "Checked"),
        ("Status", {"type": "checkbox", "checkbox": False}, "status_category", "todo"),
        ("Status", text(*rich("Done")), "status_category", "done"),
        ("Kind", select("Bug"), "kind", "bug"),
        ("Kind", select("Initiative"), "kind", "epic"),
        ("Kind", select("Project"), "kind", "epic"),
        ("Kind", select("Feature"), "kind", "story"),
        ("Kind", select("Feature"), "type", "Feature"),
        ("Kind", select("Risk"), "kind", "page"),
        ("Kind", select("Risk"), "type", "Risk"),
        ("Kind", select(None), "type", "Page"),
        ("Epic", related(2), "parent", TWO),
        ("Epic", related(2), "refs", ()),
        ("Epic", related(), "parent", ""),
        ("Goal", select("activation"), "goals", ("activation",)),
        ("Goal", tags("activation", "growth"), "goals", ("activation", "growth")),
        ("Goal", related(2, 3), "goals", (TWO, THREE)),
        ("Goal", related(2, 3), "refs", ()),
        ("Goal", text(*rich("activation")), "goals", ("activation",)),
        ("Goal", text(), "goals", ()),
        ("Tags", tags("web", "goal:activation"), "labels", ("web", "goal:activation")),
        ("Tags", select("web"), "labels", ("web",)),
        ("Owner", {"type": "people", "people": [ANA]}, "assignees", (ANA_AS_PERSON,)),
        ("Owner", {"type": "people", "people": [NAMELESS]}, "assignees", (Person("u2", ""),)),
        ("Owner", {"type": "people", "people": [GROUP]}, "assignees", (Person("g1", "Platform"),)),
        ("Owner", text(*rich("Ana")), "assignees", ()),
        ("Due", date_of("2026-12-01"), "due", date(2026, 12, 1)),
        ("Due", date_of("2026-12-01", "2026-12-15"), "due", date(2026, 12, 15)),
        ("Due", date_of("2026-12-01T23:30:00.000+02:00"), "due", date(2026, 12, 1)),
        ("Due", {"type": "date", "date": None}, "due", None),
        ("Due", {"type": "formula", "formula": {"type": "string", "string": "soon"}}, "due", None),
        ("Points", {"type": "number", "number": 5}, "points", 5.0),
        ("Points", {"type": "number", "number": None}, "points", None),
        ("Points", {"type": "formula", "formula": {"type": "boolean", "boolean": True}}, "points", None),
        ("Prio", select("High"), "priority", "High"),
        ("Sprint", select("Sprint 12"), "sprint", "Sprint 12"),
        ("Sprint", tags("12", "13"), "sprint", "12, 13"),
        ("Notes", text(*rich("Because clinics ", "wait")), "body", "Because clinics wait"),
        ("Notes", text(*rich("see WEB-12")), "refs", (Ref("mentions", "jira:WEB-12", "body"),)),
        ("Notes", text(mention(2)), "refs", (Ref("mentions", TWO, "body"),)),
        ("Notes", text(mention(1)), "refs", ()),
        ("Notes", text(link("the PR", "https://github.com/acme/web/pull/3")), "refs",
         (Ref("mentions", "github:acme/web#3", "body"),)),
        ("Notes", text(link("that page", f"/{page_id(3).replace('-', '')}?pvs=4")), "refs", (Ref("mentions", THREE, "body"),)),
        ("Notes", text(link("elsewhere", "https://acme.example/x")), "refs", ()),
        ("Related", related(2), "refs", (Ref("links", TWO, "Related"),)),
        ("Issue", {"type": "url", "url": "https://acme.atlassian.net/browse/WEB-9"}, "refs",
         (Ref("links", "jira:WEB-9", "Issue"),)),
        ("Issue", {"type": "url", "url": None}, "refs", ()),
        ("More", text(*rich("fixes https://github.com/acme/web/issues/4")), "refs",
         (Ref("closes", "github:acme/web#4", "More"),)),
    ],
)  # fmt: skip
def test_a_property_becomes_its_part_of_the_item(property_, value, field, expected):
    assert getattr(to_item(page(1, **{property_: value}), LAYOUT), field) == expected


def test_the_further_properties_are_fields_by_their_present_name():
    item = to_item(page(1, Related=related(2), Link={"type": "url", "url": "https://x.example"}), LAYOUT)
    assert dict(item.fields) == {"Related": [TWO], "Link": "https://x.example"}


def test_the_page_itself():
    item = to_item(page(1, datetime(2026, 9, 1, 8, 0, tzinfo=UTC), datetime(2026, 9, 2, 9, 1, tzinfo=UTC)), LAYOUT)
    assert (item.id, item.address, item.container) == (f"acme-notion:{page_id(1)}", ONE, SOURCE)
    assert item.url == "https://www.notion.so/Work-bbbbbbbb000040008000000000000001"
    assert (item.created_at, item.updated_at) == (
        datetime(2026, 9, 1, 8, tzinfo=UTC),
        datetime(2026, 9, 2, 9, 1, tzinfo=UTC),
    )
    assert item.reporter == Person(ANA["id"], "")
    assert item.closed_at is None


def test_one_property_can_play_two_parts():
    stream = Stream(SOURCE, "Tasks", META | {"properties": {"title": "title", "labels": "Tags", "goal": "Tags"}})
    item = to_item(page(1, Tags=tags("activation")), Layout.of("acme-notion", stream))
    assert (item.labels, item.goals) == (("activation",), ("activation",))


def test_times_are_turned_to_utc():
    assert moment("2026-09-01T10:00:00.000+02:00") == datetime(2026, 9, 1, 8, tzinfo=UTC)
    assert moment("2026-09-01T10:00:00.000+02:00").tzinfo is UTC


def test_the_key_of_a_narrowed_page_is_that_of_the_item():
    whole, none = page(1), page(1, ID={"type": "unique_id", "unique_id": {"prefix": None, "number": None}})
    narrow = {**whole, "properties": {"ID": whole["properties"]["ID"]}}
    assert key_of(narrow, LAYOUT) == to_item(whole, LAYOUT).key == "TASK-1"
    assert key_of(none, LAYOUT) == to_item(none, LAYOUT).key
    bare = replace(LAYOUT, roles={"title": ("title",)})
    assert key_of(whole, bare) == to_item(whole, bare).key == "bbbbbbbb"


def test_equal_pages_give_equal_items_whatever_the_order_of_their_properties():
    one = page(1, Related=related(3, 2), Notes=text(*rich("WEB-1 PAY-2")))
    other = {**one, "properties": dict(reversed(one["properties"].items()))}
    assert to_item(one, LAYOUT) == to_item(other, LAYOUT)
