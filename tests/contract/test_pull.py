"""What is there arrives, once and cheaply, whatever happens while it is read."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from connectors.base import Known, Stream
from tests.contract.conftest import Make
from tests.contract.reader import Reader, ids
from tests.contract.rows import differences, read
from tests.contract.worlds import Act, World

NIGHT = 8 * 3600.0
"""Seconds; longer than every overlap."""


def stream_of(world: World, reader: Reader, place: str) -> Stream:
    """The stream that brings a place's items."""
    alone = (stream for stream in reader.streams if world.container(place) in (stream.name, stream.native_id))
    return next(alone, reader.streams[0])


def in_order(world: World, place: str) -> list[str]:
    """Ids of a place's items, the oldest first."""
    rows = [row for row in world.truth().values() if row["container"] == world.container(place)]
    return [row["native_id"] for row in sorted(rows, key=lambda row: row["created_at"])]


def test_discovery_gives_the_configured_places_for_at_most_three_requests_a_stream(
    world: World, reader: Reader
) -> None:
    streams = reader.discover()
    assert not reader.problems
    assert len({stream.native_id for stream in streams}) == len(streams)
    assert all(any(place in stream.name for stream in streams) for place in world.places)
    assert not any(world.outside in stream.name for stream in streams)
    assert reader.requests == world.requests() <= 3 * len(streams)


def test_the_first_pull_brings_exactly_the_truth(world: World, reader: Reader) -> None:
    reader.everything()
    assert len(reader.items) > 150
    assert differences(world.truth(), reader.rows()) == []
    assert not reader.problems


def test_a_first_sync_costs_a_request_for_each_hundred_items_and_five_more(world: World, reader: Reader) -> None:
    reader.discover()
    cost = reader.requests
    for stream in reader.streams:
        items = len(set(ids(reader.pull(stream))))
        cost += reader.requests
        assert cost <= -(-items // 100) + 5
        cost = 0


def test_a_pull_with_nothing_changed_is_one_request_and_one_empty_page(world: World, synced: Reader) -> None:
    world.clock.advance(NIGHT)
    for stream in synced.streams:
        (page,) = synced.pull(stream)
        assert (list(page.items), synced.requests, page.cursor.started) == ([], 1, None)
    assert world.requests() == len(synced.streams)


def test_ten_edits_cost_at_most_two_requests_and_bring_exactly_the_ten(world: World, synced: Reader) -> None:
    world.clock.advance(NIGHT)
    synced.pull_all()
    edited = set(in_order(world, world.places[0])[5:55:5])
    for number, native_id in enumerate(sorted(edited)):
        world.act("edit", id=native_id, title=f"Edited {number}", labels=["edited"])
    stream = stream_of(world, synced, world.places[0])
    assert set(ids(synced.pull(stream))) == edited
    assert synced.requests <= 2
    assert differences(world.truth(), synced.rows()) == []


def test_new_items_and_every_value_of_theirs_come_with_the_next_pull(world: World, synced: Reader) -> None:
    world.clock.advance(NIGHT)
    epic = world.create(world.places[0], "An epic", kind="epic")
    values = {
        "labels": ["one", "two"],
        "people": ["Ana Lima"],
        "points": 3.0,
        "due": "2027-01-15",
        "body": "Why\n\nHow",
    }
    child = world.create(world.places[0], "A story", kind="story", parent=epic, goal="activation", **values)
    world.act("edit", id=child, status="in_progress")
    done = world.create(world.places[1], "A bug", kind="bug", priority="High")
    world.act("edit", id=done, status="done")
    synced.pull_all()
    assert synced.rows()[child]["parent"] == epic
    assert differences(world.truth(), synced.rows()) == []


def test_a_pull_closed_after_every_page_goes_on_from_its_cursor_and_loses_nothing(make: Make) -> None:
    world = make(120, portion=7)
    reader = Reader(world.connector())
    for stream in reader.discover():
        closed = 0
        while reader.under_way(stream):
            reader.connector = world.connector()
            reader.pull(stream, pages=1)
            closed += 1
        assert closed > 1 or world.kind == "github"  # which gives as much at once as fits
    assert differences(world.truth(), reader.rows()) == []


def test_an_edit_during_the_back_fill_is_seen_at_the_latest_by_the_next_pull(make: Make) -> None:
    world = make(120, portion=7)
    reader = Reader(world.connector())
    reader.discover()
    early = [native_id for place in world.places for native_id in in_order(world, place)]
    late = early[::-1]

    def edit(act: Act) -> None:
        world.clock.advance(1)
        act("edit", id=early.pop(), title="Edited, the newest first")
        act("edit", id=late.pop(), title="Edited, the oldest first")

    world.meanwhile = edit
    reader.pull_all()
    assert 10 < len(early) < 110
    world.meanwhile = None
    reader.pull_all()
    assert differences(world.truth(), reader.rows()) == []


def test_a_deletion_during_the_back_fill_hides_no_other_item(make: Make) -> None:
    world = make(120, portion=7)
    reader = Reader(world.connector())
    reader.discover()
    doomed = [native_id for place in world.places for native_id in in_order(world, place)[9::-1]]

    def delete(act: Act) -> None:
        if doomed:
            with suppress(KeyError):  # it went with its parent
                act("delete", id=doomed.pop())

    world.meanwhile = delete
    reader.pull_all()
    assert len(doomed) < 15
    truth = world.truth()
    assert differences(truth, read(reader.items[id_] for id_ in truth.keys() & reader.items.keys())) == []


def test_items_of_one_instant_all_come(make: Make) -> None:
    world = make()
    world.plant_alike(350, timedelta(days=30))
    reader = Reader(world.connector())
    reader.everything()
    assert len(reader.items) > 350
    assert differences(world.truth(), reader.rows()) == []


def test_items_edited_in_one_instant_all_come(make: Make) -> None:
    world = make()
    world.plant_alike(250, timedelta(days=30))
    reader = Reader(world.connector())
    reader.everything()
    world.clock.advance(NIGHT)
    for native_id in in_order(world, world.places[0]):
        world.act("edit", id=native_id, labels=["bulk"])
    reader.pull_all()
    assert differences(world.truth(), reader.rows()) == []


def test_an_edit_that_the_index_shows_late_comes_once_it_shows(world: World, synced: Reader) -> None:
    if not world.lags:
        pytest.skip("its lists are read from the database")
    world.clock.advance(NIGHT)
    world.act("lag", seconds=world.lags)
    late = in_order(world, world.places[0])[3]
    world.act("edit", id=late, title="Shows late")
    world.clock.advance(world.lags - 1)
    synced.pull_all()
    assert synced.items[late].title != "Shows late"
    world.clock.advance(60)
    synced.pull_all()
    assert differences(world.truth(), synced.rows()) == []


def test_an_item_moved_within_the_scope_comes_with_its_new_names(world: World, synced: Reader) -> None:
    world.clock.advance(NIGHT)
    moved = in_order(world, world.places[0])[0]
    now = str(world.act("move", id=moved, to=world.places[1]))
    synced.pull_all()
    assert synced.items[now].container == world.container(world.places[1])
    if now != moved:  # a transfer makes another item of it
        del synced.items[moved]
    assert differences(world.truth(), synced.rows()) == []


def test_another_name_for_the_place_or_its_parts_changes_no_identity(world: World, synced: Reader) -> None:
    """Discovery follows what has another name; what its items are called now is told by a census."""
    before = {stream.native_id for stream in synced.streams}
    world.clock.advance(NIGHT)
    world.rename()
    world.act("edit", id=in_order(world, world.places[0])[0], title="Edited since", status="done")
    assert {stream.native_id for stream in synced.discover()} == before
    assert not synced.problems
    synced.pull_all()
    for stream in synced.streams:
        looked_up(synced, stream)
    assert differences(world.truth(), synced.rows()) == []


def looked_up(reader: Reader, stream: Stream) -> None:
    """What the worker's sweep does with keys that are not as they were."""
    keys = {seen.native_id: seen.key for census in reader.connector.census(stream) for seen in census.seen}
    other = [Known(id_, key, "") for id_, key in keys.items() if reader.items[id_].key != key]
    found = reader.connector.look_up(stream, other)
    reader.items |= {item.native_id: item for item in found.items}


def test_pulls_at_the_same_time_do_not_mix(world: World, reader: Reader) -> None:
    jobs = list(reader.discover()) * 3
    readers = [Reader(reader.connector) for _ in jobs]
    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(lambda one, stream: one.pull(stream), readers, jobs))
    truth = world.truth()
    for one, stream in zip(readers, jobs, strict=True):
        alone = Reader(world.connector())
        alone.pull(stream)
        assert one.items.keys() == alone.items.keys()
        assert one.requests <= alone.requests + 1
        assert differences({id_: truth[id_] for id_ in one.items}, one.rows()) == []


def test_closing_a_pull_stops_its_requests_and_leaves_no_thread(make: Make) -> None:
    world = make(120, portion=7)
    reader = Reader(world.connector())
    reader.discover()
    # the sandbox has a thread for each connection that a client keeps open
    before = {thread for thread in threading.enumerate() if "process_request" not in thread.name}
    reader.pull(reader.streams[0], pages=1)
    requests = world.requests()
    left = {thread for thread in threading.enumerate() if "process_request" not in thread.name} - before
    assert not left
    threading.Event().wait(0.05)
    assert world.requests() == requests
