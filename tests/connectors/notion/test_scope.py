"""Discovery, census, look-up and check, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import AuthFailed, Cursor, Known, RateLimited, Seen, Stream, Unavailable
from connectors.notion.connector import Notion
from tests.connectors.notion.notion_world import (
    DATABASE,
    NOW,
    OTHER_SOURCE,
    SOURCE,
    T0,
    World,
    data_source,
    error,
    page,
    page_id,
)


def known(*numbers: int) -> list[Known]:
    return [Known(page_id(number), f"TASK-{number}", SOURCE) for number in numbers]


def trashed(number: int) -> dict[str, object]:
    return page(number) | {"in_trash": True}


def moved(number: int, **parent: str) -> dict[str, object]:
    return page(number) | {"parent": {"type": next(iter(parent)), **parent}}


def test_a_data_source_costs_one_request(notion: Notion, world: World) -> None:
    found = notion.discover(())
    assert [(stream.native_id, stream.name) for stream in found.streams] == [(SOURCE, "Tasks")]
    assert len(world.asked) == 1


def test_a_database_means_all_its_data_sources_each_once(connect, world: World) -> None:
    world.sources[OTHER_SOURCE] = data_source(OTHER_SOURCE, "Epics")
    world.databases[DATABASE] = [SOURCE, OTHER_SOURCE]
    notion = connect(scope={"data_sources": [SOURCE.replace("-", "")], "databases": [DATABASE]})
    assert [stream.name for stream in notion.discover(()).streams] == ["Tasks", "Epics"]
    assert len(world.asked) == 3


def test_one_that_is_not_shared_is_named_and_the_others_go_on(connect, world: World) -> None:
    found = connect(scope={"data_sources": [OTHER_SOURCE, SOURCE]}).discover(())
    assert [stream.name for stream in found.streams] == ["Tasks"]
    assert found.problems[0].where == f"data source {OTHER_SOURCE}"
    assert "share the page with the connection" in found.problems[0].error.what
    assert "a database's id belongs under scope.databases" in found.problems[0].error.what


def test_a_database_without_sources_of_its_own_is_a_problem(connect, world: World) -> None:
    world.databases[DATABASE] = []
    found = connect(scope={"data_sources": [SOURCE], "databases": [DATABASE]}).discover(())
    assert "share the original database" in found.problems[0].error.what
    assert len(found.streams) == 1


def test_a_trashed_data_source_is_a_problem(notion: Notion, world: World) -> None:
    world.sources[SOURCE]["in_trash"] = True
    assert "is in the trash" in notion.discover(()).problems[0].error.what


def test_a_schema_of_another_shape_is_a_problem(notion: Notion, world: World) -> None:
    world.sources[SOURCE]["properties"] = {"Name": {"type": "title"}}
    assert "schema cannot be read" in notion.discover(()).problems[0].error.what


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (error(401, "unauthorized"), AuthFailed),
        (error(429, "rate_limited"), RateLimited),
    ],
)
def test_what_concerns_the_whole_tracker_is_raised(notion: Notion, world: World, fault, kind) -> None:
    fault.headers["Retry-After"] = "600"
    world.faults.append(fault)
    with pytest.raises(kind):
        notion.discover(())


def test_a_notion_that_is_down_gives_no_empty_scope(notion: Notion, world: World) -> None:
    world.faults.extend([error(500, "internal_server_error")] * 6)
    with pytest.raises(Unavailable):
        notion.discover(())


def test_the_meta_of_a_stream_is_json_and_never_read_again(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(3)
    world.sources.clear()
    world.sources[SOURCE] = {}
    list(notion.pull(tasks, Cursor()))
    assert [path for _, path, _ in world.asked] == [f"/v1/data_sources/{SOURCE}/query"]


def test_a_census_tells_ids_and_keys_alone(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(250)
    pages = list(notion.census(tasks))
    seen = [one for census in pages for one in census.seen]
    assert sorted(one.native_id for one in seen) == sorted(world.pages)
    assert Seen(page_id(7), "TASK-7") in seen
    assert {path.partition("?")[2] for _, path, _ in world.asked} == {"filter_properties=Uq"}
    assert len(world.asked) == 3 + 1


def test_a_census_passes_the_cap(notion: Notion, tasks: Stream, world: World) -> None:
    world.cap = 200
    world.fill(900, timedelta(seconds=20))
    seen = [one.native_id for census in notion.census(tasks) for one in census.seen]
    assert sorted(seen) == sorted(world.pages)


def test_trashed_rows_are_not_seen(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1), trashed(2))
    assert [one.key for census in notion.census(tasks) for one in census.seen] == ["TASK-1"]


def test_a_row_still_listed_that_the_trash_lists_too_is_not_seen(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1), page(2))
    listed = notion._client.query(SOURCE)
    queries = iter([listed, *[listed] * 2])
    notion._client.query = lambda *_, trash=False, **__: (  # type: ignore[method-assign]
        type(listed)([page(2)], "", capped=False, as_of=T0) if trash else next(queries)
    )
    assert [one.key for census in notion.census(tasks) for one in census.seen] == ["TASK-1"]


def test_an_empty_census_is_one_page(notion: Notion, tasks: Stream) -> None:
    assert [list(census.seen) for census in notion.census(tasks)] == [[]]


def test_without_a_unique_id_a_census_asks_for_the_title(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1))
    bare = Stream(tasks.native_id, tasks.name, tasks.meta | {"properties": {"title": "title"}})
    assert [one.key for census in notion.census(bare) for one in census.seen] == ["bbbbbbbb"]
    assert {path.partition("?")[2] for _, path, _ in world.asked} == {"filter_properties=title"}


def test_a_look_up_tells_items_and_fates(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1), trashed(2), moved(3, data_source_id=OTHER_SOURCE), moved(4, page_id=page_id(9)))
    found = notion.look_up(tasks, known(1, 2, 3, 4, 5))
    assert [item.key for item in found.items] == ["TASK-1"]
    assert found.fates == {page_id(2): "trashed", page_id(3): "moved", page_id(4): "moved", page_id(5): "forbidden"}


def test_a_look_up_that_is_forbidden_says_so(notion: Notion, tasks: Stream, world: World) -> None:
    world.faults.append(error(403, "restricted_resource"))
    assert notion.look_up(tasks, known(1)).fates == {page_id(1): "forbidden"}


def test_a_look_up_with_a_refused_token_is_no_fate(notion: Notion, tasks: Stream, world: World) -> None:
    world.faults.append(error(401, "unauthorized"))
    with pytest.raises(AuthFailed):
        notion.look_up(tasks, known(1))


@pytest.mark.parametrize("scope", [{"data_sources": [SOURCE, OTHER_SOURCE]}, {"databases": [DATABASE]}])
def test_a_page_that_moved_within_the_scope_is_read_by_the_schema_there(connect, world: World, scope) -> None:
    schema = {"Task": {"id": "title", "type": "title", "title": {}}}
    world.sources[OTHER_SOURCE] = data_source(OTHER_SOURCE, "Others", schema)
    world.databases[DATABASE] = [SOURCE, OTHER_SOURCE]
    notion = connect(scope=scope, properties={})
    tasks = notion.discover(()).streams[0]
    world.add(moved(3, data_source_id=OTHER_SOURCE, database_id=DATABASE))
    found = notion.look_up(tasks, known(3))
    assert [(item.container, item.key) for item in found.items] == [(OTHER_SOURCE, "bbbbbbbb")]


def test_a_page_that_is_there_and_cannot_be_read_is_neither(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1, Name={"type": "title", "title": "not a list"}))
    found = notion.look_up(tasks, known(1))
    assert (found.items, found.fates) == ([], {})


def test_a_check_answers_every_question(connect, world: World) -> None:
    world.now = datetime.now(UTC)
    world.add(page(1), page(2, T0 + timedelta(days=1)))
    notion = connect(scope={"data_sources": [SOURCE, OTHER_SOURCE]})
    findings = {finding.name: finding for finding in notion.check()}
    assert findings["sign-in"].says == "signed in as syncd in the workspace Acme"
    assert findings["clock"].ok is True
    assert findings["people"].ok is True
    assert findings["Tasks"].says.startswith("readable; newest: TASK-2 'Work 2', Idea; title is 'Name'")
    assert findings[f"data source {OTHER_SOURCE}"].ok is False
    assert findings["rate limit"].ok is None
    assert findings["writing"].ok is None


def test_a_check_sends_nothing_but_reads(notion: Notion, world: World) -> None:
    list(notion.check())
    assert {(method, "query" in path) for method, path, _ in world.asked} <= {("GET", False), ("POST", True)}


def test_a_check_with_a_refused_token_says_so_and_ends(notion: Notion, world: World) -> None:
    world.faults.append(error(401, "unauthorized"))
    (finding,) = notion.check()
    assert (finding.ok, "current token" in finding.says) == (False, True)


def test_a_check_notices_a_clock_that_is_off(notion: Notion, world: World) -> None:
    world.now = NOW - timedelta(days=1000)
    assert {finding.name: finding.ok for finding in notion.check()}["clock"] is False


def test_a_check_without_user_information_cannot_tell_names(notion: Notion, world: World) -> None:
    steps = notion.check()
    next(steps)
    next(steps)
    world.faults.append(error(403, "restricted_resource"))
    assert next(steps).ok is None


def test_a_check_of_an_empty_source(notion: Notion) -> None:
    assert "it is empty" in {finding.name: finding.says for finding in notion.check()}["Tasks"]
