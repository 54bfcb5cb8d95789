"""What is no longer there is told apart from what merely cannot be seen."""

import pytest

from connectors.base import AuthFailed, Census, ConnectorError, Fate, Known, Stream
from tests.contract.reader import Reader
from tests.contract.rows import differences, read
from tests.contract.test_pull import NIGHT, in_order, stream_of
from tests.contract.worlds import World


def known(reader: Reader, native_id: str) -> Known:
    item = reader.items[native_id]
    return Known(native_id, item.key, item.container)


def census(reader: Reader) -> list[Census]:
    return [page for stream in reader.streams for page in reader.connector.census(stream)]


def seen(reader: Reader) -> dict[str, str]:
    return {one.native_id: one.key for page in census(reader) for one in page.seen}


def an_issue(world: World) -> str:
    """Of the first place; pull requests cannot be transferred."""
    rows = world.truth()
    return next(id_ for id_ in in_order(world, world.places[0])[3:] if rows[id_]["kind"] != "pull_request")


def fate_of(world: World, reader: Reader, stream: Stream, native_id: str) -> Fate | None:
    """And nothing but its fate: an item beside it comes as it is."""
    beside = next(id_ for id_ in in_order(world, world.places[0]) if id_ != native_id)
    found = reader.connector.look_up(stream, [known(reader, native_id), known(reader, beside)])
    truth = {beside: world.truth()[beside] | {"parent": None}}
    assert differences(truth, read(found.items)) == []
    assert found.fates.keys() <= {native_id}
    return found.fates.get(native_id)


def lose(world: World) -> None:
    """The second place can no longer be read."""
    world.act("forbid", place=world.places[1])
    world.clock.advance(NIGHT)


def test_a_census_sees_exactly_what_exists(world: World, synced: Reader) -> None:
    assert seen(synced) == {id_: row["key"] for id_, row in world.truth().items()}
    world.act("delete", id=in_order(world, world.places[0])[0])
    world.act("move", id=an_issue(world), to=world.outside)
    world.create(world.places[1])
    assert seen(synced) == {id_: row["key"] for id_, row in world.truth().items()}


@pytest.mark.parametrize("deed", ["delete", "trash", "move"])
def test_what_became_of_an_item_is_told_by_its_id(world: World, synced: Reader, deed: str) -> None:
    if deed not in world.fates:
        pytest.skip("it has no trash")
    native_id = an_issue(world)
    world.act(deed, id=native_id, **({"to": world.outside} if deed == "move" else {}))
    assert native_id not in seen(synced)
    stream = stream_of(world, synced, world.places[0])
    assert fate_of(world, synced, stream, native_id) == world.fates[deed]


def test_a_trashed_item_that_is_restored_comes_back(world: World, synced: Reader) -> None:
    if "trash" not in world.fates:
        pytest.skip("it has no trash")
    native_id = in_order(world, world.places[0])[3]
    world.act("trash", id=native_id)
    world.clock.advance(NIGHT)
    world.act("restore", id=native_id)
    del synced.items[native_id]
    synced.pull_all()
    assert differences(world.truth(), synced.rows()) == []


def test_an_item_that_is_still_there_is_looked_up_as_it_is_now(world: World, synced: Reader) -> None:
    """Past every index, whatever the store calls it."""
    if world.looks_past_the_index and world.lags:
        world.act("lag", seconds=world.lags)
    native_id = in_order(world, world.places[0])[3]
    world.act("edit", id=native_id, title="Just now")
    found = synced.connector.look_up(stream_of(world, synced, world.places[0]), [known(synced, native_id)])
    assert [item.title for item in found.items] == ["Just now"]
    assert not found.fates


def test_a_look_up_of_nothing_asks_nothing(world: World, synced: Reader) -> None:
    found = synced.connector.look_up(synced.streams[0], [])
    assert (list(found.items), dict(found.fates), world.requests()) == ([], {}, 0)


def test_a_place_that_cannot_be_read_is_named_and_the_others_come(world: World, reader: Reader) -> None:
    lose(world)
    reader.discover()
    reader.pull_all()
    assert differences(world.truth(), reader.rows()) == []
    assert reader.items
    assert {type(problem.error) for problem in reader.problems} == {AuthFailed}
    assert any(world.container(world.places[1]) in str(problem.where) for problem in reader.problems)


def test_a_place_that_is_lost_later_stops_nobody_else(world: World, synced: Reader) -> None:
    lose(world)
    edited = in_order(world, world.places[0])[0]
    world.act("edit", id=edited, title="Still here")
    named = set()
    for stream in synced.streams:
        try:
            synced.pull(stream)
        except AuthFailed as error:
            named.add(error.where)
    assert named | {problem.where for problem in synced.problems} == {world.places[1]}
    assert synced.items[edited].title == "Still here"


def test_what_is_in_a_lost_place_never_looks_deleted(world: World, synced: Reader) -> None:
    """A census fails there, or names it; a look-up says forbidden, which proves nothing, or nothing at all."""
    hidden = in_order(world, world.places[1])
    lose(world)
    named = set()
    for stream in synced.streams:
        try:
            named |= {problem.where for page in synced.connector.census(stream) for problem in page.unreadable}
        except ConnectorError as error:
            named.add(error.where)
    assert named == {world.places[1]}
    stream = stream_of(world, synced, world.places[1])
    found = synced.connector.look_up(stream, [known(synced, native_id) for native_id in hidden[:5]])
    assert (list(found.items), set(found.fates.values()) - {"forbidden"}) == ([], set())


def test_a_place_that_is_given_back_comes_with_what_changed_meanwhile(world: World, synced: Reader) -> None:
    edited, *_ = in_order(world, world.places[1])
    lose(world)
    for stream in synced.streams:
        try:
            synced.pull(stream)
        except AuthFailed:
            continue
    world.act("edit", id=edited, title="Behind closed doors")
    world.create(world.places[1], "New behind closed doors")
    world.clock.advance(NIGHT)
    world.act("allow", place=world.places[1])
    synced.connector = world.connector()
    synced.discover()
    synced.pull_all()
    assert differences(world.truth(), synced.rows()) == []
