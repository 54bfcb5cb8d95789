from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from connectors.base import AuthFailed, BadResponse, Problem, Stream, Unavailable
from connectors.registry import settings_class
from connectors.settings import TrackerSettings
from syncd.trackers import store
from syncd.trackers.models import Item, Tracker
from syncd.worker import discover
from tests.trackers.conftest import made
from tests.worker.fake import FakeTracker

pytestmark = pytest.mark.django_db
WEB, API = Stream("1", "acme/web", named_after=True), Stream("2", "acme/api", named_after=True)


def settings(**scope: list[str]) -> TrackerSettings:
    values = {"name": "acme", "kind": "github", "url": "https://github.example", "auth": {"token": {"env": "T"}}}
    return settings_class("github").model_validate({**values, "scope": scope or {"organizations": ["acme"]}})


@pytest.fixture
def tracker() -> Tracker:
    return Tracker.objects.create(name="acme", kind="github", url="https://github.example")


def names(tracker: Tracker) -> set[str]:
    return set(tracker.streams.filter(active=True).values_list("name", flat=True))


def test_each_stream_has_a_row_and_keeps_it(tracker: Tracker) -> None:
    for _ in range(2):
        discover.discover(settings(), FakeTracker(streams=(WEB, API)))
    assert names(tracker) == {"acme/web", "acme/api"}


def test_a_stream_that_left_the_scope_is_retired_with_its_items_and_comes_back_whole(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(WEB, API)))
    row = tracker.streams.get(name="acme/api")
    row.cursor = {"backfilled": True}
    row.save()
    store.upsert(row, [made(1, tracker="acme")], timezone.now())
    discover.discover(settings(), FakeTracker(streams=(WEB,)))
    assert names(tracker) == {"acme/web"}
    assert Item.objects.get().fate == "moved"
    discover.discover(settings(), FakeTracker(streams=(WEB, API)))
    row.refresh_from_db()
    assert (row.active, row.cursor) == (True, {})


def test_nothing_leaves_the_scope_while_a_part_of_it_cannot_be_read(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(WEB, API)))
    hidden = Problem("acme/api", AuthFailed("not there", status=404))
    with capture_logs() as logs:
        for _ in range(2):
            discover.discover(settings(), FakeTracker(streams=(WEB,), problems=(hidden,)))
    assert [entry["event"] for entry in logs] == ["scope_unreadable"]
    assert names(tracker) == {"acme/web", "acme/api"}
    tracker.refresh_from_db()
    assert tracker.problems == [{"where": "acme/api", "what": "not there"}]


def test_a_mere_property_that_is_missing_does_not_keep_old_streams(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(WEB, API)))
    missing = Problem("acme/web", BadResponse("no property Goal"), partial=True)
    discover.discover(settings(), FakeTracker(streams=(WEB,), problems=(missing,)))
    assert names(tracker) == {"acme/web"}


def test_an_outage_is_on_record_and_changes_nothing(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(WEB,)))
    down = FakeTracker(fails_after=(-1, Unavailable("no answer")))
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(Unavailable):
                discover.discover(settings(), down)
        discover.discover(settings(), FakeTracker(streams=(WEB,)))
    assert [entry["event"] for entry in logs] == ["tracker_broken", "tracker_recovered"]
    assert names(tracker) == {"acme/web"}


def test_a_renamed_repository_takes_its_items_along_and_a_site_with_more_projects_does_not(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(Stream("site", "WEB"), WEB)))
    of = {"tracker": "acme", "key": "acme/web#1", "address": "github:acme/web#1", "container": "acme/web"}
    store.upsert(tracker.streams.get(name="acme/web"), [made(1, **of)], timezone.now())
    store.upsert(tracker.streams.get(name="WEB"), [made(2, tracker="acme")], timezone.now())
    renamed = (Stream("site", "WEB, PAY"), replace(WEB, name="acme/site"))
    discover.discover(settings(), FakeTracker(streams=renamed))
    assert names(tracker) == {"WEB, PAY", "acme/site"}
    assert set(Item.objects.values_list("container", flat=True)) == {"WEB", "acme/site"}


def test_discovery_is_due_daily_and_when_the_scope_changed_and_soon_where_something_was_hidden(
    tracker: Tracker,
) -> None:
    now = timezone.now()
    assert discover.due(settings(), tracker, now)
    discover.discover(settings(), FakeTracker(streams=(WEB,)))
    tracker.refresh_from_db()
    assert not discover.due(settings(), tracker, now + timedelta(hours=23))
    assert discover.due(settings(), tracker, now + timedelta(hours=25))
    assert discover.due(settings(repositories=["acme/api"]), tracker, now)
    hidden = Problem("acme/api", AuthFailed("not there", status=404))
    discover.discover(settings(), FakeTracker(streams=(WEB,), problems=(hidden,)))
    tracker.refresh_from_db()
    assert discover.due(settings(), tracker, now + timedelta(minutes=20))


def test_a_changed_scope_reads_everything_anew(tracker: Tracker) -> None:
    discover.discover(settings(), FakeTracker(streams=(WEB,)))
    tracker.streams.update(cursor={"backfilled": True})
    discover.discover(settings(), FakeTracker(streams=(WEB,)))
    assert tracker.streams.get().cursor == {"backfilled": True}
    discover.discover(settings(repositories=["acme/web"]), FakeTracker(streams=(WEB,)))
    assert tracker.streams.get().cursor == {}


def test_what_a_shutdown_cut_short_is_asked_anew(tracker: Tracker) -> None:
    stop = Event()
    stop.set()
    cut = Problem("acme/api", Unavailable("shutting down"))
    with capture_logs() as logs:
        discover.discover(settings(), FakeTracker(streams=(WEB,), problems=(cut,)), stop)
        with pytest.raises(Unavailable):
            discover.discover(settings(), FakeTracker(fails_after=(-1, Unavailable("shutting down"))), stop)
    assert logs == []
    tracker.refresh_from_db()
    assert (tracker.discovered_at, tracker.broken_since) == (None, None)
    assert names(tracker) == set()
