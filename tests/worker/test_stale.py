"""What we know of a stale stream is out of date: nothing is flagged or resolved on it."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import files
from syncd.review.models import Flag
from syncd.strategy.models import Decision
from syncd.trackers import health, store
from syncd.trackers.models import Due, Stream, Tracker
from syncd.worker.judge import Bench, Judged
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

SYNCD = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("broken", "succeeded", "every", "stale"),
    [
        (None, None, 60, False),
        (None, 14 * MINUTE, 60, False),
        (None, 16 * MINUTE, 60, True),
        (None, 44 * MINUTE, 900, False),
        (None, 46 * MINUTE, 900, True),
        (MINUTE, MINUTE, 60, True),
        (MINUTE, None, 60, True),
    ],
)
def test_a_stream_is_stale_when_it_is_broken_or_missed_three_polls_and_a_quarter_of_an_hour(
    broken: timedelta | None, succeeded: timedelta | None, every: float, stale: bool
) -> None:
    since, last = broken and NOW - broken, succeeded and NOW - succeeded
    assert health.is_stale(since, last, every, NOW) is stale


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "syncd.yaml").write_text(SYNCD)
    (tmp_path / "strategy.yaml").write_text("goals: [{id: a, kind: theme, title: A, accepts: {labels: [a]}}]")
    return tmp_path


@pytest.fixture
def other() -> Stream:
    tracker = Tracker.objects.create(name="acme-github", kind="github", url="https://github.example")
    return Stream.objects.create(tracker=tracker, native_id="1", name="acme/web", last_success_at=NOW)


def judge(folder: Path, **asked) -> Judged:
    return Bench(files.load(folder), lambda: NOW).judge(**asked)


def flagged() -> set[str]:
    return set(Flag.objects.filter(state="open", rule="unlinked").values_list("item__key", flat=True))


def put(stream: Stream, other: Stream, **changes) -> None:
    store.upsert(stream, [made(1, **changes)], NOW)
    store.upsert(other, [made(2, tracker="acme-github", address="github:acme/web#2", key="acme/web#2", **changes)], NOW)


def test_items_of_a_stale_stream_open_and_resolve_no_flag_until_it_is_back(
    stream: Stream, other: Stream, folder: Path
) -> None:
    put(stream, other)
    Tracker.objects.filter(id=stream.tracker_id).update(broken_since=NOW)
    assert judge(folder).items == 1
    assert flagged() == {"acme/web#2"}
    assert Decision.objects.count() == 1
    Tracker.objects.update(broken_since=None)
    assert judge(folder).items == 1
    assert flagged() == {"WEB-1", "acme/web#2"}
    Stream.objects.filter(id=stream.id).update(broken_since=NOW)
    put(stream, other, labels=("a",), updated_at=NOW)
    judge(folder)
    assert flagged() == {"WEB-1"}
    assert Due.objects.get().item.key == "WEB-1"
    Stream.objects.update(broken_since=None)
    judge(folder)
    assert flagged() == set()


def test_a_stream_that_succeeded_in_this_pass_is_fresh_however_long_the_pass_takes(
    stream: Stream, other: Stream, folder: Path
) -> None:
    put(stream, other)
    Stream.objects.update(last_success_at=NOW - 40 * MINUTE)
    assert judge(folder).items == 0
    assert judge(folder, since=NOW - 30 * MINUTE).items == 0
    assert judge(folder, since=NOW - 50 * MINUTE).items == 2


def test_deleted_items_of_a_stale_stream_are_forgotten(stream: Stream, other: Stream, folder: Path) -> None:
    put(stream, other)
    judge(folder)
    Stream.objects.filter(id=stream.id).update(broken_since=NOW)
    from syncd.trackers import presence

    presence.bury([stream.items.get().id], "gone", NOW)
    assert judge(folder).resolved == 1
    assert flagged() == {"acme/web#2"}


def test_items_of_a_project_that_is_hidden_wait_while_the_rest_of_their_stream_is_judged(
    stream: Stream, folder: Path
) -> None:
    seen, unseen = made(1), made(2, container="PAY", key="PAY-2", address="jira:PAY-2")
    store.upsert(stream, [seen, unseen], NOW)
    Stream.objects.filter(id=stream.id).update(problems=[{"where": "PAY", "what": "it is not there, or hidden"}])
    assert judge(folder).items == 1
    assert flagged() == {"WEB-1"}
    Stream.objects.update(problems=[])
    assert judge(folder).items == 1
    assert flagged() == {"WEB-1", "PAY-2"}


def test_a_stream_that_tells_of_trouble_with_all_of_itself_was_read(stream: Stream, folder: Path) -> None:
    store.upsert(stream, [made(1)], NOW)
    Stream.objects.filter(id=stream.id).update(problems=[{"where": stream.name, "what": "some branches are not told"}])
    assert judge(folder).items == 1
