"""Every property type to a plain value: one line a case."""

import pytest

from connectors.notion.properties import cut, plain, uuid, whole, words
from tests.connectors.notion.notion_world import ANA, page_id, related, rich

ONE, TWO = page_id(1), page_id(2)
BOT = {"object": "user", "id": ONE, "name": "syncd", "type": "bot", "bot": {}}
HIDDEN = {"object": "user", "id": ONE}
GROUP = {"object": "group", "id": TWO, "name": "Platform"}
DAY = {"start": "2026-12-01", "end": None, "time_zone": None}
RANGE = {"start": "2026-12-01", "end": "2026-12-15", "time_zone": None}
MENTION = {"type": "mention", "mention": {"type": "user", "user": ANA}, "plain_text": "@Ana", "href": None}
FILE = {"name": "plan.pdf", "type": "file", "file": {"url": "https://files.example/plan.pdf?signature=1"}}


def array(*values):
    return {"type": "array", "array": list(values), "function": "show_original"}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("title", rich("Clinics ", "go live"), "Clinics go live"),
        ("title", [], ""),
        ("rich_text", [*rich("ask "), MENTION], "ask @Ana"),
        ("rich_text", [{"type": "equation", "equation": {"expression": "e=mc^2"}, "plain_text": "e=mc^2"}], "e=mc^2"),
        ("number", 3, 3),
        ("number", 2.5, 2.5),
        ("number", 0, 0),
        ("number", None, None),
        ("select", {"id": "1", "name": "High", "color": "red"}, "High"),
        ("select", None, None),
        ("multi_select", [{"id": "1", "name": "web"}, {"id": "2", "name": "api"}], ["web", "api"]),
        ("multi_select", [], []),
        ("status", {"id": "1", "name": "In progress", "color": "blue"}, "In progress"),
        ("status", None, None),
        ("date", DAY, "2026-12-01"),
        ("date", RANGE, "2026-12-01/2026-12-15"),
        ("date", DAY | {"start": "2026-12-01T09:30:00.000+02:00"}, "2026-12-01T09:30:00.000+02:00"),
        ("date", None, None),
        ("people", [ANA, HIDDEN, GROUP], ["Ana", ONE, "Platform"]),
        ("people", [], []),
        ("files", [FILE, {"name": "site", "type": "external", "external": {"url": "https://x"}}], ["plan.pdf", "site"]),
        ("checkbox", True, True),
        ("checkbox", False, False),
        ("url", "https://acme.example", "https://acme.example"),
        ("url", None, None),
        ("email", "ana@acme.example", "ana@acme.example"),
        ("phone_number", "+43 1 234", "+43 1 234"),
        ("formula", {"type": "string", "string": "late"}, "late"),
        ("formula", {"type": "string", "string": None}, None),
        ("formula", {"type": "number", "number": 4.5}, 4.5),
        ("formula", {"type": "boolean", "boolean": True}, True),
        ("formula", {"type": "date", "date": RANGE}, "2026-12-01/2026-12-15"),
        ("formula", {"type": "date", "date": None}, None),
        ("formula", {"type": "unsupported", "unsupported": {}}, None),
        ("relation", [{"id": ONE}, {"id": TWO.upper()}], [f"notion:{ONE}", f"notion:{TWO}"]),
        ("relation", [], []),
        ("rollup", {"type": "number", "number": 12, "function": "sum"}, 12),
        ("rollup", {"type": "number", "number": None, "function": "sum"}, None),
        ("rollup", {"type": "date", "date": RANGE, "function": "date_range"}, "2026-12-01/2026-12-15"),
        ("rollup", {"type": "incomplete", "incomplete": {}, "function": "sum"}, None),
        ("rollup", {"type": "unsupported", "unsupported": {}, "function": "sum"}, None),
        ("rollup", array(), []),
        ("rollup", array({"type": "title", "title": rich("A")}, {"type": "title", "title": rich("B")}), ["A", "B"]),
        ("rollup", array({"type": "number", "number": 2}, {"type": "number", "number": 2.5}), ["2", "2.5"]),
        ("rollup", array({"type": "checkbox", "checkbox": True}, {"type": "select", "select": None}), ["true"]),
        ("rollup", array({"type": "relation", "relation": [{"id": ONE}]}), [f"notion:{ONE}"]),
        ("rollup", array({"type": "relation", "relation": {"id": ONE}}), [f"notion:{ONE}"]),
        (
            "rollup",
            array({"type": "people", "people": ANA}, {"type": "people", "people": [GROUP]}),
            ["Ana", "Platform"],
        ),
        ("created_time", "2026-09-01T08:00:00.000Z", "2026-09-01T08:00:00.000Z"),
        ("created_by", ANA, "Ana"),
        ("created_by", HIDDEN, ONE),
        ("last_edited_time", "2026-09-01T08:00:00.000Z", "2026-09-01T08:00:00.000Z"),
        ("last_edited_by", BOT, "syncd"),
        ("last_edited_by", None, None),
        ("unique_id", {"prefix": "TASK", "number": 12}, "TASK-12"),
        ("unique_id", {"prefix": None, "number": 12}, "12"),
        ("unique_id", {"prefix": "TASK", "number": None}, None),
        ("unique_id", None, None),
        ("verification", {"state": "verified", "date": DAY, "verified_by": ANA}, "verified"),
        ("verification", {"state": "unverified", "date": None, "verified_by": None}, "unverified"),
        ("verification", None, None),
        ("button", {}, None),
        ("place", {"lat": 48.2, "lon": 16.4, "name": "Vienna", "address": "Graben 1"}, "Vienna"),
        ("place", {"lat": 48.2, "lon": 16.4, "name": None, "address": "Graben 1"}, "Graben 1"),
        ("place", {"lat": 48.2, "lon": 16.4}, "48.2,16.4"),
        ("place", None, None),
        ("last_visited_time", "2026-09-01T08:00:00.000Z", None),
        ("hologram", {"depth": 3}, None),
    ],
)
def test_a_property_becomes_a_plain_value(kind, value, expected):
    assert plain({"id": "x", "type": kind, kind: value}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ()), ("", ()), ("a", ("a",)), (["a", "b"], ("a", "b")), (3, ("3",)), (3.0, ("3",)), (True, ("true",))],
)
def test_plain_values_have_words(value, expected):
    assert words(value) == expected


@pytest.mark.parametrize("spelling", [ONE, ONE.upper(), ONE.replace("-", "")])
def test_ids_have_one_spelling(spelling):
    assert uuid(spelling) == ONE


PEOPLE_24 = {"type": "people", "people": [ANA] * 24}
PEOPLE_25 = {"type": "people", "people": [ANA] * 25}
FULL = {"type": "relation", "relation": [{"id": ONE}] * 25}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (related(1, has_more=True), True),
        (related(1), False),
        (FULL | {"has_more": False}, False),
        (FULL, True),
        (PEOPLE_24, False),
        (PEOPLE_25, True),
        ({"type": "rich_text", "rich_text": [MENTION] * 25}, True),
        ({"type": "rich_text", "rich_text": [MENTION] * 24 + rich("x", "y")}, False),
        ({"type": "title", "title": rich(*"abcdefghijklmnopqrstuvwxyz")}, False),
        ({"type": "rollup", "rollup": {"type": "incomplete", "incomplete": {}}}, True),
        ({"type": "rollup", "rollup": array(*[{"type": "number", "number": 1}] * 25)}, True),
        ({"type": "rollup", "rollup": {"type": "number", "number": 1}}, False),
        ({"type": "multi_select", "multi_select": [{"name": "x"}] * 30}, False),
    ],
)
def test_what_a_page_gives_only_in_part_is_noticed(value, expected):
    assert bool(cut({"P": {"id": "p", **value}}, {})) is expected


def test_a_rollup_along_a_cut_relation_is_cut_as_well():
    values = {
        "R": {"id": "r", **related(1, has_more=True)},
        "S": {"id": "s", "type": "rollup", "rollup": {"type": "number"}},
    }
    assert [name for name, _ in cut(values, {"s": "r"})] == ["R", "S"]
    assert [name for name, _ in cut(values, {"s": "other"})] == ["R"]


def test_an_array_rollup_is_made_of_the_listed_items():
    value = {"id": "s", "type": "rollup", "rollup": {"type": "array", "array": []}}
    items = [{"object": "property_item", "type": "number", "number": n} for n in range(30)]
    summary = {"type": "rollup", "rollup": {"type": "array", "array": [], "function": "show_original"}}
    assert plain(whole(value, items, summary)) == [str(n) for n in range(30)]
