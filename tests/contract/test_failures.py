"""What goes wrong is one of the four errors, heals where it can, and gives nothing away."""

import re
import time

import pytest

from connectors.base import AuthFailed, BadResponse, ConnectorError, Finding, RateLimited, Stream, Unavailable
from tests.contract.conftest import Make
from tests.contract.reader import Reader
from tests.contract.rows import differences
from tests.contract.test_absence import census, known, lose
from tests.contract.test_pull import NIGHT, in_order, stream_of
from tests.contract.worlds import World

HEALING = ("500", "502", "503", "504", "reset", "cut", "drop_after_effect")


@pytest.fixture
def stream(world: World, reader: Reader) -> Stream:
    """One to pull, with nothing but discovery behind it."""
    reader.discover()
    world.sandbox.journal.reset()
    return stream_of(world, reader, world.places[0])


def fails(world: World, reader: Reader, stream: Stream) -> ConnectorError:
    """The error a pull ends with; it holds no secret."""
    with pytest.raises(ConnectorError) as caught:
        reader.pull(stream)
    assert world.service.token not in f"{caught.value}{caught.value.__cause__}{caught.value.__context__}"
    return caught.value


def undisturbed(world: World, stream: Stream) -> Reader:
    """How the same pull goes when nothing happens."""
    other = Reader(world.connector())
    other.pull(stream)
    world.sandbox.journal.reset()
    return other


def test_a_wrong_token_is_auth_failed_for_everything(world: World, synced: Reader) -> None:
    stream, one = synced.streams[0], known(synced, next(iter(synced.items)))
    wrong = Reader(world.connector(token="wrong"))
    wrong.streams = [stream]
    for ask in (wrong.discover, wrong.pull_all, lambda: census(wrong), lambda: wrong.connector.look_up(stream, [one])):
        with pytest.raises(AuthFailed) as caught:
            ask()
        assert caught.value.status == 401


@pytest.mark.parametrize("retry_after", [1, "date:1"])
def test_nothing_is_asked_before_the_time_that_retry_after_names(
    world: World, reader: Reader, stream: Stream, retry_after: int | str
) -> None:
    plain = undisturbed(world, stream)
    world.fail(429, retry_after=retry_after)
    began = time.monotonic()
    reader.pull(stream)
    assert 1.0 <= time.monotonic() - began < 3.0
    assert differences(plain.rows(), reader.rows()) == []
    assert reader.requests == plain.requests + 1


def test_a_wait_beyond_the_deadline_is_told_at_once(world: World, reader: Reader, stream: Stream) -> None:
    world.fail(429, retry_after=3600, times=None)
    began = time.monotonic()
    error = fails(world, reader, stream)
    assert isinstance(error, RateLimited)
    assert 3590 < error.retry_after <= 3600
    assert time.monotonic() - began < 1.0
    assert world.requests() == 1


@pytest.mark.parametrize("kind", HEALING)
def test_what_passes_heals_unnoticed(world: World, reader: Reader, stream: Stream, kind: str) -> None:
    plain = undisturbed(world, stream)
    world.fail(kind, times=2)
    reader.pull(stream)
    assert differences(plain.rows(), reader.rows()) == []
    assert not reader.problems


@pytest.mark.parametrize("kind", HEALING)
def test_what_stays_is_unavailable_after_a_few_tries(world: World, reader: Reader, stream: Stream, kind: str) -> None:
    world.fail(kind, times=None)
    assert isinstance(fails(world, reader, stream), Unavailable)
    assert 2 <= world.requests() <= 10


@pytest.mark.parametrize("kind", ["html", "wrong_type", "400", "422"])
def test_an_answer_that_is_not_what_it_says_is_refused_at_once(
    world: World, reader: Reader, stream: Stream, kind: str
) -> None:
    world.fail(kind, times=None)
    assert isinstance(fails(world, reader, stream), BadResponse)
    assert world.requests() <= 1 + len(world.places)
    assert not reader.items


def test_a_redirect_to_another_host_is_refused_and_never_followed(
    make: Make, world: World, reader: Reader, stream: Stream
) -> None:
    elsewhere = make(1)
    world.fail("redirect", times=None, location=f"{elsewhere.sandbox.root(world.prefix)}/rest/api/3/search/jql")
    assert isinstance(fails(world, reader, stream), BadResponse)
    assert elsewhere.requests() == 0


@pytest.mark.parametrize("kind", ["html", "wrong_type", "redirect", "reset", "503", "401"])
def test_discovery_tells_in_words_whatever_it_meets(world: World, reader: Reader, kind: str) -> None:
    """For the whole tracker, or for each place."""
    world.fail(kind, match=".", times=None)
    try:
        reader.discover()
    except ConnectorError as error:
        told = str(error)
    else:
        assert len(reader.problems) >= len(world.places)
        assert not reader.streams
        told = " ".join(str(problem.error) for problem in reader.problems)
    assert told
    assert world.service.token not in told


def test_an_error_in_the_middle_loses_nothing_of_what_came_before(make: Make) -> None:
    world = make(120, portion=7)
    reader = Reader(world.connector())
    for stream in reader.discover():
        world.fail("html", times=1, after=3)
        fails(world, reader, stream)
        assert reader.items
        reader.pull(stream)
    assert differences(world.truth(), reader.rows()) == []


def test_a_poll_that_failed_is_made_good_by_the_next(world: World, synced: Reader) -> None:
    world.clock.advance(NIGHT)
    world.act("edit", id=in_order(world, world.places[0])[2], title="Edited before the failure")
    stream = stream_of(world, synced, world.places[0])
    for kind in ("html", "503", "cut"):
        world.fail(kind, times=None)
        fails(world, synced, stream)
        world.sandbox.faults.clear()
        synced.connector = world.connector()  # whose breaker has forgotten
        world.clock.advance(NIGHT)
    synced.pull_all()
    assert differences(world.truth(), synced.rows()) == []


def test_reading_sends_no_write(world: World, reader: Reader) -> None:
    """Everything a read-only installation ever does, held against what the tracker was asked."""
    reader.everything()
    world.act("delete", id=in_order(world, world.places[0])[0])
    reader.pull_all()
    census(reader)
    for stream in reader.streams:
        reader.connector.look_up(stream, [known(reader, id_) for id_ in list(reader.items)[:20]])
    list(reader.connector.check())
    operations = world.sandbox.journal.to_json()["counts"][world.prefix]
    assert [name for name in operations if not re.match(world.reads, name)] == []


def test_check_finds_nothing_wrong_where_nothing_is(world: World, reader: Reader) -> None:
    findings = list(reader.connector.check())
    assert [finding for finding in findings if finding.ok is False] == []
    assert len(findings) >= 4
    assert all(finding.name and finding.says for finding in findings)


def test_check_says_which_place_cannot_be_read(world: World, reader: Reader) -> None:
    lose(world)
    wrong = [finding for finding in reader.connector.check() if finding.ok is False]
    assert any(world.container(world.places[1]) in f"{finding.name} {finding.says}" for finding in wrong)


@pytest.mark.parametrize("kind", ["401", "503", "html", "reset", "429"])
def test_check_tells_a_failure_and_raises_nothing(world: World, reader: Reader, kind: str) -> None:
    world.fail(kind, match=".", times=None, retry_after=3600 if kind == "429" else None)
    *_, last = reader.connector.check()
    assert isinstance(last, Finding)
    assert last.ok is False
