from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.item import Item as Incoming
from connectors.item import Person as Somebody
from connectors.item import Ref
from syncd.trackers import doc, names, presence, store
from syncd.trackers.models import Alias, Due, Item, Person, Reference, Stream, Tracker, Version
from tests.trackers.conftest import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Incoming]
LATER = NOW + timedelta(hours=1)


def upsert(stream: Stream, *items: Incoming, now=NOW) -> tuple[int, int, int]:
    written = store.upsert(stream, items, now)
    return written.new, written.changed, written.same


def stored(key: str) -> Item:
    return Item.objects.get(key=key)


def settle() -> None:
    """As if everything had been judged."""
    Due.objects.all().delete()


def due() -> set[str]:
    return set(Due.objects.values_list("item__key", flat=True))


def test_a_page_is_stored_once_however_often_it_comes(stream: Stream, make: Make) -> None:
    items = [make(1), make(2)]
    assert upsert(stream, *items) == (2, 0, 0)
    assert upsert(stream, *items, now=LATER) == (0, 0, 2)
    assert Item.objects.count() == 2
    assert Version.objects.count() == 0
    assert stored("WEB-1").known_at == NOW


def test_a_change_keeps_what_was_before_with_both_its_times(stream: Stream, make: Make) -> None:
    before = make(1, labels=("a",))
    after = make(1, labels=("b",), status="Doing", status_category="in_progress", updated_at=NOW)
    upsert(stream, before)
    assert upsert(stream, after, now=LATER) == (0, 1, 0)
    version = Version.objects.get()
    assert doc.thaw("acme-jira", version.doc) == before
    assert (version.valid_from, version.valid_to) == (before.updated_at, after.updated_at)
    assert (version.known_from, version.known_to) == (NOW, LATER)
    assert stored("WEB-1").status_since == after.updated_at


def test_an_older_version_that_arrives_late_changes_nothing(stream: Stream, make: Make) -> None:
    upsert(stream, make(1, title="New", updated_at=NOW))
    assert upsert(stream, make(1, title="Old", updated_at=NOW - timedelta(seconds=1))) == (0, 0, 1)
    assert stored("WEB-1").title == "New"


def test_of_two_versions_on_one_page_the_newer_wins(stream: Stream, make: Make) -> None:
    upsert(stream, make(1, title="New", updated_at=NOW), make(1, title="Old"))
    assert stored("WEB-1").title == "New"


def test_a_stamp_that_moved_alone_is_kept_and_is_no_change(stream: Stream, make: Make) -> None:
    upsert(stream, make(1))
    settle()
    assert upsert(stream, make(1, updated_at=NOW)) == (0, 0, 1)
    assert stored("WEB-1").updated_at == NOW
    assert not due()


def test_a_child_finds_its_parent_in_whatever_order_they_come(stream: Stream, make: Make) -> None:
    upsert(stream, make(2, parent="jira:WEB-1"))
    settle()
    upsert(stream, make(1), make(3, parent="jira:WEB-1"))
    assert stored("WEB-2").parent == stored("WEB-3").parent == stored("WEB-1")
    assert due() == {"WEB-1", "WEB-2", "WEB-3"}


def test_a_parent_is_found_by_the_key_it_once_had(stream: Stream, make: Make) -> None:
    upsert(stream, make(1))
    upsert(stream, make(1, key="PAY-9", address="jira:PAY-9", container="PAY", updated_at=NOW))
    upsert(stream, make(2, parent="jira:WEB-1"))
    assert Alias.objects.get().address == "jira:WEB-1"
    assert stored("WEB-2").parent == stored("PAY-9")


def test_an_item_that_names_itself_as_parent_has_none(stream: Stream, make: Make) -> None:
    upsert(stream, make(1, parent="jira:WEB-1"))
    assert stored("WEB-1").parent is None


def test_readers_of_a_changed_item_are_judged_anew(stream: Stream, make: Make) -> None:
    points = (Ref("closes", "jira:WEB-1", "body"),)
    upsert(stream, make(1), make(2, parent="jira:WEB-1"), make(3, refs=points), make(4))
    settle()
    upsert(stream, make(1, title="Other", updated_at=NOW))
    assert due() == {"WEB-1", "WEB-2", "WEB-3"}


def test_who_waited_for_an_address_is_judged_when_it_arrives(stream: Stream, make: Make) -> None:
    upsert(stream, make(3, refs=(Ref("mentions", "jira:WEB-1", "title"),)))
    settle()
    upsert(stream, make(1))
    assert due() == {"WEB-1", "WEB-3"}


def test_references_follow_the_newest_version(stream: Stream, make: Make) -> None:
    upsert(stream, make(3, refs=(Ref("mentions", "jira:WEB-1", "title"), Ref("links", "jira:WEB-2", "blocks"))))
    upsert(stream, make(3, refs=(Ref("closes", "jira:WEB-2", "body"),), updated_at=NOW))
    assert list(Reference.objects.values_list("kind", "address", "where")) == [("closes", "jira:WEB-2", "body")]


def test_a_branch_that_was_told_once_is_kept_while_the_tracker_cannot_tell_it(stream: Stream, make: Make) -> None:
    closes = (Ref("closes", "jira:WEB-9", "closingIssuesReferences"),)
    upsert(stream, make(1, kind="pull_request", branch="web-9", refs=closes))
    assert upsert(stream, make(1, kind="pull_request", branch=None)) == (0, 0, 1)
    upsert(stream, make(1, kind="pull_request", branch=None, title="Other", updated_at=NOW))
    item = doc.unpack("acme-jira", Item.objects.values().get(), stored("WEB-1").doc)
    assert (item.title, item.branch, item.refs) == ("Other", "web-9", closes)


def test_people_are_known_by_their_last_name(stream: Stream, make: Make) -> None:
    upsert(stream, make(1, assignees=(Somebody("u1", "Ana"),), reporter=Somebody("u2", "Omar")))
    upsert(stream, make(1, assignees=(Somebody("u1", "Ana Maria", "ana@acme.example"),), updated_at=NOW))
    assert set(Person.objects.values_list("name", "email")) == {("Ana Maria", "ana@acme.example"), ("Omar", "")}


def test_the_same_id_in_two_trackers_is_two_items(stream: Stream, make: Make) -> None:
    other = Tracker.objects.create(name="globex", kind="jira", url="https://globex.example")
    elsewhere = Stream.objects.create(tracker=other, native_id="site", name="WEB")
    upsert(stream, make(1), make(2, parent="jira:WEB-1"))
    assert upsert(elsewhere, make(1, tracker="globex", title="Theirs")) == (1, 0, 0)
    assert Item.objects.get(key="WEB-2").parent.tracker_id == stream.tracker_id


def test_a_renamed_container_takes_its_items_along(stream: Stream, make: Make) -> None:
    of = {"container": "acme/web", "key": "acme/web#7", "address": "github:acme/web#7"}
    upsert(stream, make(1, **of, url="https://github.example/acme/web/issues/7"), make(2))
    assert names.rename(stream, "acme/web", "acme/site") == 1
    item = stored("acme/site#7")
    assert (item.container, item.address) == ("acme/site", "github:acme/site#7")
    assert item.url == "https://github.example/acme/site/issues/7"
    assert Alias.objects.get(item=item).address == "github:acme/web#7"
    of = {"container": "acme/site", "key": "acme/site#7", "address": "github:acme/site#7"}
    assert upsert(stream, make(1, **of, url="https://github.example/acme/site/issues/7")) == (0, 0, 1)


def test_a_buried_item_keeps_its_row_and_comes_back_when_it_is_seen(stream: Stream, make: Make) -> None:
    upsert(stream, make(1), make(2, parent="jira:WEB-1"))
    settle()
    presence.bury([stored("WEB-1").id], "trashed", NOW)
    assert due() == {"WEB-1", "WEB-2"}
    assert (stored("WEB-1").deleted_at, stored("WEB-1").fate) == (NOW, "trashed")
    assert upsert(stream, make(1)) == (0, 1, 0)
    assert stored("WEB-1").deleted_at is None


def test_an_index_that_lags_does_not_bring_back_what_is_gone_for_good(stream: Stream, make: Make) -> None:
    upsert(stream, make(1))
    presence.bury([stored("WEB-1").id], "gone", NOW)
    upsert(stream, make(1))
    assert stored("WEB-1").deleted_at == NOW


def test_a_page_costs_the_same_statements_for_ten_items_and_for_a_hundred(
    stream: Stream, make: Make, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        upsert(stream, *(make(number) for number in range(1, 11)))
    with django_assert_max_num_queries(12):
        upsert(stream, *(make(number, parent="jira:WEB-1") for number in range(11, 111)))


def test_a_version_dated_in_the_future_does_not_keep_out_what_follows(stream: Stream, make: Make) -> None:
    upsert(stream, make(1, title="Wrong clock", updated_at=NOW + timedelta(hours=2)))
    assert upsert(stream, make(1, title="Right again", updated_at=NOW), now=NOW) == (0, 1, 0)
    assert stored("WEB-1").title == "Right again"
