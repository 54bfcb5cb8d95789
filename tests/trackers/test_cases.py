from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.item import Item as Incoming
from connectors.item import Ref
from rules.model import Crowd, Ruling
from syncd.trackers import cases, crowds, presence, store
from syncd.trackers.models import Item, Stream
from tests.trackers.conftest import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Incoming]


def put(stream: Stream, *items: Incoming, now: datetime = NOW) -> None:
    store.upsert(stream, items, now)


def row(key: str) -> int:
    return int(Item.objects.get(key=key).id)


def case(key: str) -> cases.Case:
    return cases.load([row(key)])[row(key)]


def test_an_item_comes_with_the_children_of_its_ancestors_in_numbers(stream: Stream, make: Make) -> None:
    below = [make(n, parent="jira:WEB-1", status_category="todo" if n < 5 else "done") for n in range(2, 7)]
    put(stream, make(1), *below)
    presence.bury([row("WEB-2")], "gone", NOW)
    assert case("WEB-3").crowds == {"acme-jira:10001": Crowd(children=4, open=2, components=0)}


def test_a_large_crowd_tells_how_many_components_it_has_and_labels_where_nobody_has_one(
    stream: Stream, make: Make
) -> None:
    numbers = range(10, 10 + crowds.FLOOR)
    put(stream, make(1), make(2), *(make(n, parent="jira:WEB-1", components=(f"c{n % 3}",)) for n in numbers))
    put(stream, *(make(n + 100, parent="jira:WEB-2", labels=(f"l{n % 4}", "all")) for n in numbers))
    assert case("WEB-1").crowds["acme-jira:10001"].components == 3
    assert case("WEB-2").crowds["acme-jira:10002"].components == 5


def test_work_began_with_the_version_that_came_into_progress_last(stream: Stream, make: Make) -> None:
    def at(hours: int, category: str, title: str) -> None:
        when = NOW + timedelta(hours=hours)
        item = make(1, title=title, status=category, status_category=category, updated_at=when)
        put(stream, item, now=when)

    at(0, "todo", "Idea")
    at(1, "in_progress", "First try")
    at(2, "todo", "Put off")
    at(3, "in_progress", "As begun")
    put(stream, make(2, parent="jira:WEB-1", created_at=NOW + timedelta(hours=2)))
    put(stream, make(3, parent="jira:WEB-1", created_at=NOW + timedelta(hours=4)))
    start = case("WEB-1").start
    assert start
    assert (start.at, start.item.title, start.grown) == (NOW + timedelta(hours=3), "As begun", 1)
    at(5, "in_progress", "Another thing")
    start = case("WEB-1").start
    assert start
    assert (start.at, start.item.title) == (NOW + timedelta(hours=3), "As begun")
    at(6, "done", "Another thing")
    assert case("WEB-1").start is None


def test_work_that_began_before_we_knew_it_has_no_start(stream: Stream, make: Make) -> None:
    working = {"status": "Doing", "status_category": "in_progress"}
    put(stream, make(1, **working))
    put(stream, make(1, **working, title="Other", updated_at=NOW))
    assert case("WEB-1").start is None


LATER = NOW + timedelta(days=2)


@pytest.mark.parametrize(
    ("before", "after", "old"),
    [
        ({}, {"title": "Other"}, True),
        ({}, {"labels": ("ux",)}, True),
        ({"status_category": "todo"}, {"status_category": "in_progress"}, True),
        ({"status_category": "done"}, {"status_category": "todo"}, False),
        ({"labels": ("ux", "web")}, {"labels": ("web",)}, False),
        ({"goals": ("Claims",)}, {"goals": ()}, False),
        ({"parent": "jira:WEB-9"}, {"parent": ""}, False),
        ({"parent": "jira:WEB-9"}, {"parent": "jira:WEB-8"}, True),
    ],
)
def test_what_was_there_at_the_first_sync_is_old_until_it_changes_for_the_worse(
    before: dict, after: dict, old: bool, stream: Stream, make: Make
) -> None:
    put(stream, make(1, **before))
    assert case("WEB-1").old  # the first sync is still under way
    stream.filled_at = NOW + timedelta(days=1)
    stream.save()
    put(stream, make(1, **before | after, updated_at=LATER), make(2), now=LATER)
    assert case("WEB-1").old is old
    assert not case("WEB-2").old


def test_an_item_that_was_closed_and_opened_since_is_not_old(stream: Stream, make: Make) -> None:
    put(stream, make(1))
    Stream.objects.update(filled_at=NOW + timedelta(hours=1))
    for hours, category in enumerate(("done", "todo"), start=2):
        when = NOW + timedelta(hours=hours)
        put(stream, make(1, status_category=category, updated_at=when), now=when)
    assert not case("WEB-1").old


def test_rulings_come_for_everything_that_is_read(stream: Stream, make: Make) -> None:
    closes = (Ref("closes", "jira:WEB-4", "body"),)
    put(stream, make(1), make(2, parent="jira:WEB-1", refs=closes), make(3), make(4, parent="jira:WEB-3"), make(5))
    ruling = Ruling(kind="link", target="claims", author="Ana", made_at=NOW)
    asked: list[int] = []

    def rulings(ids):
        asked.extend(ids)
        return {id_: (ruling,) for id_ in ids if id_ != row("WEB-2")}

    [found] = cases.load([row("WEB-2")], rulings).values()
    assert found.rulings == {f"acme-jira:1000{number}": (ruling,) for number in (1, 3, 4)}
    assert row("WEB-5") not in asked
    assert cases.read_by([row("WEB-2")]) == {row("WEB-2"): {row(f"WEB-{n}") for n in (1, 2, 3, 4)}}


def test_a_batch_costs_the_same_queries_for_three_items_and_for_sixty(stream: Stream, make: Make) -> None:
    Stream.objects.update(filled_at=NOW - timedelta(days=1))
    doing = {"status": "Doing", "status_category": "in_progress", "updated_at": NOW}
    for number in (1, 100):
        refs = (Ref("links", f"jira:WEB-{number}", "body"),)
        many = range(number + 1, number + (3 if number == 1 else 60))
        put(stream, make(number), *(make(n, parent=f"jira:WEB-{number}", refs=refs) for n in many))
        put(stream, *(make(n, parent=f"jira:WEB-{number}", refs=refs, **doing) for n in many))
    ids = list(Item.objects.values_list("id", flat=True))
    queries = []
    for some in (ids[:3], ids[3:]):
        with CaptureQueriesContext(connection) as counted:
            cases.load(some)
        queries.append(len(counted))
    assert queries[1] <= queries[0] + 1  # a crowd is large enough to be asked for its components
    assert queries[0] <= 10
