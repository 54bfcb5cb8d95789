"""A query that is written once answers as the ORM would, whatever it is given."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from connectors.item import Item as Incoming
from syncd.trackers import store
from syncd.trackers.kept import Given, Kept, kept
from syncd.trackers.models import Item, Stream, Version
from tests.trackers.conftest import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Incoming]


@pytest.fixture
def items(stream: Stream, make: Make) -> list[Item]:
    store.upsert(stream, [make(number, updated_at=NOW + timedelta(hours=number)) for number in range(5)], NOW)
    return list(Item.objects.select_related("tracker", "stream").order_by("id"))


def test_its_objects_are_those_of_the_orm_with_what_stands_around_them(items: list[Item]) -> None:
    query = Kept(Item.objects.select_related("tracker", "stream").filter(id=Given("item", Item)))
    for item in items:
        found = query.one(item=item.id)
        assert found is not None
        with CaptureQueriesContext(
            connection,
        ) as more:
            assert found.__dict__ | {"_state": None} == item.__dict__ | {"_state": None}
            assert (found.tracker, found.stream) == (item.tracker, item.stream)
        assert not more.captured_queries
        assert not found._state.adding
        assert found._state.db == item._state.db


def test_what_it_is_given_is_made_fit_for_the_database_like_any_value(items: list[Item]) -> None:
    column = Item._meta.get_field("updated_at")
    later = Kept(Item.objects.filter(updated_at__gt=Given("moment", column)).order_by("id"))
    for item in items:
        expected = list(Item.objects.filter(updated_at__gt=item.updated_at).order_by("id"))
        assert later.rows(moment=item.updated_at) == expected


def test_what_was_left_out_is_read_when_somebody_looks_at_it(items: list[Item]) -> None:
    found = Kept(Item.objects.only("key").filter(id=Given("item", Item))).one(item=items[0].id)
    assert found is not None
    assert "title" in found.get_deferred_fields()
    assert (found.key, found.title) == (items[0].key, items[0].title)


def test_json_comes_as_what_it_says(items: list[Item]) -> None:
    versions = Kept(Version.objects.filter(item=Given("item", Item))).rows(item=items[0].id)
    assert [version.doc for version in versions] == [version.doc for version in Version.objects.filter(item=items[0])]


def test_nobody_is_one_who_is_not_there(items: list[Item]) -> None:
    query = Kept(Item.objects.filter(id=Given("item", Item)))
    assert query.one(item=items[-1].id + 1) is None
    assert query.rows(item=items[-1].id + 1) == []


@pytest.mark.parametrize("number", [-(2**63) - 1, -1, 2**63, 10**40])
def test_a_number_that_no_row_can_have_is_asked_for_in_vain(number: int, items: list[Item]) -> None:
    assert Kept(Item.objects.filter(id=Given("item", Item))).one(item=number) is None


def test_what_can_have_no_rows_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Kept(Item.objects.none()).rows() == []
        assert Kept(Item.objects.filter(id__in=[])).one() is None
    assert not asked.captured_queries


def test_what_is_no_part_of_an_object_is_refused() -> None:
    with pytest.raises(ValueError, match="Item: only objects"):
        Kept(Item.objects.annotate(number=Count("flags")))
    with pytest.raises(ValueError, match="Item: only objects"):
        Kept(Item.objects.values("key"))  # type: ignore[type-var]


def test_a_name_is_written_once_and_means_one_query(items: list[Item]) -> None:
    written = []

    def by_id() -> "Kept[Item]":
        def build():
            written.append(1)
            return Item.objects.filter(id=Given("item", Item))

        return kept(("by id", stream_of(items)), build)

    assert [by_id().one(item=item.id) for item in items] == items
    assert len(written) == 1


def stream_of(items: list[Item]) -> int:
    """Another one in every test: what is kept outlives it."""
    return items[0].stream_id


@pytest.mark.django_db(transaction=True)
def test_threads_share_it(items: list[Item]) -> None:
    query = Kept(Item.objects.select_related("tracker").filter(id=Given("item", Item)))

    def look(item: Item) -> bool:
        try:
            found = query.one(item=item.id)
            return found == item and found.updated_at == item.updated_at
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(look, items * 8))
