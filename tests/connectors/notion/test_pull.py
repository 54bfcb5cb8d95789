"""Back-fill, delta and what interrupts them, over HTTP."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from connectors.base import BadResponse, Cursor, Page, Stream, Window
from connectors.calls import metered
from connectors.notion import walk
from connectors.notion.client import Rows
from connectors.notion.connector import Notion
from tests.connectors.notion.notion_world import (
    ANA,
    NOW,
    SCHEMA,
    T0,
    World,
    data_source,
    error,
    page,
    page_id,
    related,
    rich,
    stamp,
)

MINUTE = timedelta(minutes=1)


def pulled(notion: Notion, stream: Stream, cursor: Cursor | None = None) -> tuple[list[Page], Cursor]:
    pages = list(notion.pull(stream, cursor or Cursor()))
    return pages, pages[-1].cursor


def ids(pages: list[Page]) -> list[str]:
    return [item.native_id for page in pages for item in page.items]


def wait_until(met: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not met() and time.monotonic() < ends:
        time.sleep(0.005)


def test_a_source_of_one_page_costs_one_request(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(100)
    pages, cursor = pulled(notion, tasks)
    assert sorted(ids(pages)) == sorted(world.pages)
    assert len(world.asked) == 1
    assert cursor == Cursor(high_water=NOW, backfilled=True)


def test_an_empty_source_gives_one_empty_page(notion: Notion, tasks: Stream) -> None:
    pages, cursor = pulled(notion, tasks)
    assert (ids(pages), len(pages), cursor.backfilled) == ([], 1, True)


@pytest.mark.parametrize("count", [101, 200, 201, 1000, 1001, 2500])
@pytest.mark.parametrize("every", [timedelta(0), timedelta(seconds=7), timedelta(hours=5)])
def test_a_backfill_brings_every_row_once_in_few_requests(
    notion: Notion, tasks: Stream, world: World, count: int, every: timedelta
) -> None:
    world.fill(count, every)
    pages, cursor = pulled(notion, tasks)
    assert sorted(ids(pages)) == sorted(world.pages)
    assert len(world.asked) + 1 <= -(-count // 100) + 5  # one more for discovery
    assert cursor.high_water == NOW


def test_crowded_minutes_at_both_ends_stay_within_the_requests(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(120, timedelta(0))
    middle = (page(number, T0 + number * MINUTE) for number in range(121, 4121))
    world.add(*middle, *(page(number, T0 + timedelta(days=9)) for number in range(4121, 4241)))
    pages, _ = pulled(notion, tasks)
    assert set(ids(pages)) == set(world.pages)
    assert len(world.asked) + 1 <= -(-4240 // 100) + 5


def test_a_backfill_walks_four_windows_that_do_not_overlap(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(1000)
    first = next(pages := notion.pull(tasks, Cursor()))
    pages.close()
    windows = first.cursor.windows
    assert len(windows) == 4
    assert all(left.end == right.at for left, right in pairwise(windows))
    assert first.cursor.started == NOW


@pytest.mark.parametrize("kill_after", range(1, 15, 2))
def test_a_backfill_killed_at_any_page_goes_on_from_its_cursor(
    notion: Notion, tasks: Stream, world: World, kill_after: int
) -> None:
    world.fill(1000, timedelta(seconds=20))
    first_try = notion.pull(tasks, Cursor())
    kept = [one for one, _ in zip(first_try, range(kill_after), strict=False)]
    first_try.close()
    stored = Cursor.from_json(kept[-1].cursor.to_json())
    rest = list(notion.pull(tasks, stored)) if not stored.backfilled else []
    assert set(ids(kept + rest)) == set(world.pages)
    assert (kept + rest)[-1].cursor.backfilled


def test_every_page_lost_in_turn_still_ends(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(700, timedelta(seconds=50))
    cursor, seen = Cursor(), set()
    for _ in range(60):
        steps = notion.pull(tasks, cursor)
        one = next(steps)
        steps.close()
        cursor = one.cursor
        seen |= {item.native_id for item in one.items}
        if cursor.backfilled:
            break
    assert seen == set(world.pages)
    assert cursor.backfilled


def test_an_idle_poll_is_one_request_and_one_empty_page(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(250)
    _, cursor = pulled(notion, tasks)
    world.asked.clear()
    world.now = NOW + timedelta(minutes=2)
    pages, after = pulled(notion, tasks, cursor)
    assert (len(world.asked), len(pages), ids(pages)) == (1, 1, [])
    assert after.high_water == world.now


def test_ten_changes_are_one_request_from_the_minute_before_the_overlap(
    notion: Notion, tasks: Stream, world: World
) -> None:
    world.fill(250)
    _, cursor = pulled(notion, tasks)
    world.add(*(page(number, T0 + 3 * number * MINUTE, NOW) for number in range(1, 11)))
    world.asked.clear()
    pages, _ = pulled(notion, tasks, cursor)
    assert sorted(ids(pages)) == sorted(page_id(number) for number in range(1, 11))
    assert world.queries() == [
        {
            "page_size": 100,
            "sorts": [{"timestamp": "created_time", "direction": "ascending"}],
            "filter": {
                "timestamp": "last_edited_time",
                "last_edited_time": {"on_or_after": "2026-11-20T11:55:00.000Z"},
            },
        }
    ]


def test_an_edit_during_the_backfill_is_in_the_first_delta(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(450)
    steps = notion.pull(tasks, Cursor())
    first = next(steps)
    world.now = NOW + timedelta(hours=3)
    world.add(page(1, T0 + 3 * MINUTE, NOW + timedelta(hours=1)))
    cursor = [first, *steps][-1].cursor
    assert cursor.high_water == NOW
    pages, _ = pulled(notion, tasks, cursor)
    assert ids(pages) == [page_id(1)]


def test_the_servers_clock_counts_not_ours(notion: Notion, tasks: Stream, world: World) -> None:
    world.now = NOW - timedelta(days=400)
    _, cursor = pulled(notion, tasks)
    assert cursor.high_water == world.now
    _, cursor = pulled(notion, tasks, cursor)
    assert cursor.high_water == world.now


@pytest.mark.parametrize("tells", [True, False])
def test_windows_continue_past_the_cap(
    notion: Notion, tasks: Stream, world: World, monkeypatch: pytest.MonkeyPatch, tells: bool
) -> None:
    world.cap, world.tells_cap = 300, tells
    monkeypatch.setattr(walk, "ROWS_PER_QUERY", 300)
    world.fill(2000, timedelta(seconds=20))
    pages, _ = pulled(notion, tasks)
    assert Counter(ids(pages)) == Counter(list(world.pages))


def test_a_cap_on_the_very_first_page_is_noticed(notion: Notion, tasks: Stream, world: World) -> None:
    world.cap = 50
    world.fill(220)
    pages, _ = pulled(notion, tasks)
    assert set(ids(pages)) == set(world.pages)


def test_a_delta_continues_past_the_cap(notion: Notion, tasks: Stream, world: World) -> None:
    _, cursor = pulled(notion, tasks)
    world.cap = 300
    world.add(*(page(number, T0 + number // 7 * MINUTE, NOW) for number in range(1, 1500)))
    pages, after = pulled(notion, tasks, cursor)
    assert Counter(ids(pages)) == Counter(list(world.pages))
    assert after.started is None


def test_a_minute_with_more_rows_than_the_cap_is_refused_by_name(notion: Notion, tasks: Stream, world: World) -> None:
    world.cap = 200
    world.fill(500, timedelta(0))
    with pytest.raises(BadResponse, match="2026-09-01 08:00"):
        pulled(notion, tasks)


def test_an_expired_cursor_goes_on_by_the_minute_reached(notion: Notion, tasks: Stream, world: World) -> None:
    _, cursor = pulled(notion, tasks)
    world.add(*(page(number, T0 + number * MINUTE, NOW) for number in range(1, 351)))
    steps = notion.pull(tasks, cursor)
    first = next(steps)
    wait_until(lambda: len(world.queries()) == 3)  # the walk reads two pages ahead, and then waits
    world.cursors.clear()
    pages = [first, *steps]
    assert Counter(ids(pages)) == Counter(list(world.pages))
    assert pages[-1].cursor.started is None


def test_cursors_that_never_hold_are_refused(notion: Notion, tasks: Stream, world: World) -> None:
    _, cursor = pulled(notion, tasks)
    world.add(*(page(number, T0, NOW) for number in range(1, 351)))
    world._cursor = lambda *_: "of-no-use"  # type: ignore[method-assign]
    with pytest.raises(BadResponse, match="start_cursor"):
        pulled(notion, tasks, cursor)


def test_more_than_25_relations_and_people_come_whole(notion: Notion, tasks: Stream, world: World) -> None:
    people = [{**ANA, "id": page_id(number), "name": f"P{number}"} for number in range(130)]
    world.add(page(1, Related=related(*range(2, 27), has_more=True), Owner={"type": "people", "people": people[:25]}))
    listed = [{"object": "property_item", "type": "relation", "relation": {"id": page_id(n)}} for n in range(2, 232)]
    world.items[page_id(1), "Rel"] = (listed, {"id": "Rel", "type": "relation", "relation": {}})
    items = [{"object": "property_item", "type": "people", "people": person} for person in people]
    world.items[page_id(1), "Own"] = (items, {"id": "Own", "type": "people", "people": {}})
    (only,), _ = pulled(notion, tasks)
    assert len(only.items[0].fields["Related"]) == 230
    assert len(only.items[0].assignees) == 130
    assert len(world.asked) == 1 + 3 + 2


def test_text_with_25_mentions_comes_whole(notion: Notion, tasks: Stream, world: World) -> None:
    def mention(number: int) -> dict[str, object]:
        target = {"type": "page", "page": {"id": page_id(number)}}
        return {"type": "mention", "mention": target, "plain_text": f"@{number} ", "href": None}

    world.add(page(1, Notes={"type": "rich_text", "rich_text": [mention(number) for number in range(25)]}))
    listed = [{"object": "property_item", "type": "rich_text", "rich_text": mention(number)} for number in range(40)]
    world.items[page_id(1), "Nt"] = (listed, {"id": "Nt", "type": "rich_text", "rich_text": {}})
    (only,), _ = pulled(notion, tasks)
    assert only.items[0].body.split() == [f"@{number}" for number in range(40)]


def test_a_rollup_along_a_cut_relation_takes_the_last_answer(notion: Notion, world: World) -> None:
    rollup = {"relation_property_id": "Rel", "function": "sum"}
    schema = data_source()["properties"] | {"Sum": {"id": "Sm", "name": "Sum", "type": "rollup", "rollup": rollup}}
    world.sources = {key: data_source(key, schema=schema) for key in world.sources}
    value = {"id": "Sm", "type": "rollup", "rollup": {"type": "number", "number": 25, "function": "sum"}}
    world.add(page(1, Related=related(*range(2, 27), has_more=True), Sum=value))
    listed = [{"object": "property_item", "type": "relation", "relation": {"id": page_id(n)}} for n in range(2, 42)]
    world.items[page_id(1), "Rel"] = (listed, {"id": "Rel", "type": "relation", "relation": {}})
    world.items[page_id(1), "Sm"] = (listed, {"id": "Sm", "type": "rollup", "rollup": value["rollup"] | {"number": 40}})
    (only,), _ = pulled(notion, notion.discover(()).streams[0])
    assert only.items[0].fields["Sum"] == 40


def test_what_notion_refuses_of_a_property_is_told_and_the_rest_kept(
    notion: Notion, tasks: Stream, world: World
) -> None:
    world.add(page(1, Related=related(*range(2, 27), has_more=True)))
    (only,), _ = pulled(notion, tasks)
    assert len(only.items[0].fields["Related"]) == 25
    assert 'page bbbbbbbb-0000-4000-8000-000000000001: "Related" is known only in part' in only.problems[0].error.what


def test_a_page_that_cannot_be_read_is_named_and_the_others_come(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1), page(2, Name={"type": "title", "title": "not a list"}), page(3))
    (only,), cursor = pulled(notion, tasks)
    assert ids([only]) == [page_id(1), page_id(3)]
    assert page_id(2) in only.problems[0].error.what
    assert cursor.backfilled


def test_a_wiki_lists_data_sources_which_are_skipped_by_name(notion: Notion, tasks: Stream, world: World) -> None:
    nested = {**data_source(page_id(9), "Nested"), "created_time": "2026-09-01T08:00:00.000Z"}
    world.add(page(1), {**nested, "last_edited_time": nested["created_time"], "parent": page(1)["parent"]})
    (only,), _ = pulled(notion, tasks)
    assert (ids([only]), only.problems) == ([page_id(1)], ())


def test_the_requests_of_all_windows_are_counted(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(1000)
    with metered() as meter:
        pulled(notion, tasks)
    assert meter.requests == len(world.asked)


def test_an_error_in_one_window_reaches_the_caller(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(1000)
    steps = notion.pull(tasks, Cursor())
    next(steps)
    world.faults.append(error(400, "validation_error", "body failed validation"))
    with pytest.raises(BadResponse, match="body failed validation"):
        list(steps)


def test_titles_of_several_pieces_are_one(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1, Name={"type": "title", "title": rich("Clinics ", "go live")}))
    (only,), _ = pulled(notion, tasks)
    assert only.items[0].title == "Clinics go live"


def test_a_page_that_cannot_be_read_is_told_and_the_others_come(notion: Notion, tasks: Stream, world: World) -> None:
    world.fill(150)
    first, second, last = page_id(1), page_id(2), page_id(150)
    world.pages[first]["properties"] = None
    world.pages[second]["id"] = None
    del world.pages[last]["url"]
    pages, cursor = pulled(notion, tasks)
    assert set(ids(pages)) == world.pages.keys() - {first, second, last}
    assert cursor.backfilled
    told = {problem.error.what.partition(" which")[0] for page in pages for problem in page.problems}
    assert told == {f"cannot read {first},", f"cannot read {world.pages[second]['url']},", f"cannot read {last},"}


def test_a_page_that_tells_no_creation_time_hides_none_of_the_others() -> None:
    rows = [page(1), page(2) | {"created_time": None}]
    answers = iter([Rows(rows, "next", capped=False, as_of=NOW), Rows([page(3)], "", capped=False, as_of=NOW)])
    steps = list(walk.Walk(lambda **_: next(answers), Window(None)))
    assert [row["id"] for step in steps for row in step.rows] == [page_id(1), page_id(2), page_id(3)]
    assert [window.at for window in walk.windows_between(rows, rows)] == [T0]


def test_a_census_sees_a_page_that_cannot_be_read(notion: Notion, tasks: Stream, world: World) -> None:
    world.add(page(1), page(2), page(3))
    world.pages[page_id(1)]["properties"] = {"ID": {"id": SCHEMA["ID"]["id"]}}
    world.pages[page_id(2)]["id"] = "2"
    seen = [one for census in notion.census(tasks) for one in census.seen]
    assert [(one.native_id, one.key) for one in seen] == [(page_id(1), ""), (page_id(3), "TASK-3")]


def test_a_clock_of_notions_that_is_ahead_lets_nothing_be_passed_over(
    notion: Notion, tasks: Stream, world: World
) -> None:
    world.fill(3)
    world.now = datetime.now(UTC) + timedelta(hours=2)
    _, cursor = pulled(notion, tasks)
    world.pages[page_id(2)]["last_edited_time"] = stamp(datetime.now(UTC))
    assert ids(pulled(notion, tasks, cursor)[0]) == [page_id(2)]


@pytest.mark.parametrize("odd", [{"id": "related", "type": "relation", "relation": None}, "large", {}])
def test_a_property_without_a_part_that_cannot_be_read_is_told_and_the_page_comes(
    notion: Notion, tasks: Stream, world: World, odd: Any
) -> None:
    world.add(page(1))
    world.pages[page_id(1)]["properties"]["Related"] = odd
    [only], _ = pulled(notion, tasks)
    assert [(item.title, item.status) for item in only.items] == [("Work 1", "Idea")]
    [problem] = only.problems
    assert problem.error.what == f'page {page_id(1)}: cannot read "Related", which is left empty'
    assert problem.partial


def test_a_property_with_a_part_that_cannot_be_read_overwrites_nothing(
    notion: Notion, tasks: Stream, world: World
) -> None:
    world.add(page(1, Epic={"type": "relation", "relation": [{}]}), page(2))
    [only], _ = pulled(notion, tasks)
    assert ids([only]) == [page_id(2)]
    assert only.problems[0].error.what.startswith(f"cannot read {page_id(1)}, which is left as it was: ")
