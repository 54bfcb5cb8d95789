import pytest

from connectors.notion.schema import category_of, stream_of
from connectors.notion.settings import Properties
from tests.connectors.notion.notion_world import SCHEMA, SOURCE, data_source, rich


def read(schema=SCHEMA, known=None, **wanted):
    stream, problems = stream_of(data_source(schema=schema), Properties(**wanted), known)
    return stream, [problem.error.what for problem in problems]


def prop(kind, property_id, **more):
    return {"id": property_id, "type": kind, kind: more}


def test_what_only_one_property_can_be_is_found_by_type():
    stream, problems = read()
    assert stream.meta["properties"] == {"title": "title", "key": "Uq", "status": "St%3Aa", "assignees": "Own"}
    assert problems == []


def test_two_status_properties_are_not_guessed():
    stream, _ = read(SCHEMA | {"Phase": prop("status", "Ph", options=[], groups=[])})
    assert "status" not in stream.meta["properties"]


def test_people_that_are_not_called_owner_or_assignee_are_not_assignees():
    schema = {name: spec for name, spec in SCHEMA.items() if name != "Owner"} | {"Reviewer": prop("people", "Rv")}
    assert "assignees" not in read(schema)[0].meta["properties"]


@pytest.mark.parametrize("word", ["Status", "St%3Aa", "St:a"])
def test_a_property_is_configured_by_name_or_id(word):
    assert read(status=word)[0].meta["properties"]["status"] == "St%3Aa"


def test_the_stream_is_named_and_identified():
    source = data_source() | {"id": SOURCE.replace("-", "").upper(), "title": rich("Road", "map")}
    stream, _ = stream_of(source, Properties(), None)
    assert (stream.native_id, stream.name) == (SOURCE, "Roadmap")


def test_a_source_without_title_is_named_by_its_id():
    stream, _ = stream_of(data_source() | {"title": []}, Properties(), None)
    assert stream.name == SOURCE


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"status": "Statsu"}, 'no property "Statsu" for status: did you mean "Status"?'),
        ({"parent": "Wrong"}, 'no property "Wrong" for parent: did you mean "Epic"?'),
        ({"points": "Size"}, 'no property "Size" for points: it has none of type number or formula or rollup'),
        ({"status": "Notes"}, 'the property "Notes" is of type rich_text: status needs status or select or checkbox'),
    ],
)
def test_a_property_that_does_not_fit_is_a_problem_with_the_remedy(wanted, expected):
    stream, problems = read(**wanted)
    assert problems == [expected]
    assert next(iter(wanted)) not in stream.meta["properties"]


def test_a_problem_names_the_data_source():
    _, problems = stream_of(data_source(title="Roadmap"), Properties(goal="Goal"), None)
    assert problems[0].where == "Roadmap"


def renamed(old, new):
    return {new if name == old else name: spec for name, spec in SCHEMA.items()}


def test_a_renamed_property_is_followed_by_its_id():
    known, _ = read(parent="Epic")
    stream, problems = read(renamed("Epic", "Initiative"), known, parent="Epic")
    assert stream.meta["properties"]["parent"] == "%7CEp"
    assert problems == []


def test_a_renamed_property_is_still_followed_after_a_second_discovery():
    known, _ = read(parent="Epic")
    for _ in range(2):
        known, problems = read(renamed("Epic", "Initiative"), known, parent="Epic")
    assert (known.meta["properties"]["parent"], problems) == ("%7CEp", [])


def test_a_name_that_was_never_there_is_not_followed():
    known, _ = read(parent="Epic")
    _, problems = read(SCHEMA, known, parent="Topic")
    assert len(problems) == 1


def test_a_property_that_has_the_configured_name_now_comes_first():
    known, _ = read(parent="Epic")
    schema = renamed("Epic", "Old epic") | {"Epic": prop("relation", "New")}
    assert read(schema, known, parent="Epic")[0].meta["properties"]["parent"] == "New"


def test_a_removed_property_is_a_problem_also_when_it_was_known():
    known, _ = read(parent="Epic")
    _, problems = read({name: spec for name, spec in SCHEMA.items() if name != "Epic"}, known, parent="Epic")
    assert problems == ['no property "Epic" for parent: did you mean "Related"?']


def test_an_unknown_type_is_told_and_does_no_harm():
    stream, problems = read(SCHEMA | {"Depth": prop("hologram", "Ho")})
    assert problems == ['the property "Depth" has the unknown type hologram: it is left empty']
    assert stream.meta["schema"]["Ho"] == {"name": "Depth", "type": "hologram"}


def test_statuses_follow_their_group_and_cancelled_is_told_by_name():
    assert read()[0].meta["statuses"] == {"s1": "todo", "s2": "in_progress", "s3": "done", "s4": "cancelled"}


def test_groups_in_another_language_are_told_by_their_order():
    groups = [
        {"id": str(n), "name": name, "option_ids": [f"o{n}"]} for n, name in enumerate(["Offen", "Läuft", "Fertig"])
    ]
    schema = {"Stand": prop("status", "St", options=[], groups=groups)}
    assert read(schema)[0].meta["statuses"] == {"o0": "todo", "o1": "in_progress", "o2": "done"}


def test_rollups_remember_the_relation_they_run_along():
    schema = SCHEMA | {"Sum": prop("rollup", "Sm", relation_property_id="Rel", function="sum")}
    assert read(schema)[0].meta["rollups"] == {"Sm": "Rel"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Done", "done"), ("Complete", "done"), ("Completed ✅", "done"), ("Shipped", "done"), ("Released", "done"),
        ("Closed", "done"), ("Live", "done"), ("Delivered", "done"), ("Archived", "done"),
        ("Cancelled", "cancelled"), ("Canceled", "cancelled"), ("Won't do", "cancelled"), ("Won’t fix", "cancelled"),
        ("Dropped", "cancelled"), ("Duplicate", "cancelled"),
        ("In progress", "in_progress"), ("Doing", "in_progress"), ("In review", "in_progress"), ("Started", "in_progress"),
        ("Testing", "in_progress"), ("In development", "in_progress"), ("Active", "in_progress"),
        ("Not started", "todo"), ("To do", "todo"), ("To-do", "todo"), ("Todo", "todo"), ("Backlog", "todo"),
        ("To be released", "todo"), ("Not done", "todo"), ("Unstarted", "todo"), ("Incomplete", "todo"), ("", "todo"),
        ("Under review", "in_progress"), ("Inactive", "todo"), ("Idea", "todo"),
    ],
)  # fmt: skip
def test_a_status_has_the_category_it_sounds_like(status, expected):
    assert category_of(status) == expected
