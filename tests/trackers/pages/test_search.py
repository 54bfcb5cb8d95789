"""What people type is found, whatever they type, and no common word makes the search read everything."""

import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncd.trackers import names, presence, search
from syncd.trackers.models import Item, SearchMark
from syncd.trackers.search import finding, indexing, table
from syncd.trackers.search.wording import Asked, asked
from tests.trackers.pages.conftest import LUCIA, text


def found(person, words, **how):
    return [hit.item.key if hit.item else hit.goal.id for hit in search.find(person, words, **how).hits]


@pytest.fixture
def shelf(company):
    company.put(
        1, title="Onboarding assistant for the café", labels=("goal:activation",), body="It asks for the tariff"
    )
    company.put(2, title="Claims are printed", assignees=(LUCIA,), status="Done", status_category="done")
    company.put(3, title="Printing claims on paper")
    company.put(12, title="Paper feeds")
    company.read()
    return company


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("onboarding", ["WEB-1"]),
        ("ONBOARDING Cafe", ["WEB-1"]),
        ("onbo", ["WEB-1"]),
        ("onboardin", ["WEB-1"]),
        ("lucia ortega", ["WEB-2"]),
        ("goal:activation", ["WEB-1"]),
        ("tariff", ["WEB-1"]),
        ("paper", ["WEB-12", "WEB-3"]),
        ("claims paper", ["WEB-3"]),
        ("claims onboarding", []),
        ("WEB-12", ["WEB-12"]),
        ("web-12", ["WEB-12"]),
        ("https://acme.example/browse/WEB-12", ["WEB-12"]),
        ("", []),
        ("   ", []),
        ("-", []),
    ],
)
def test_words_beginnings_people_and_keys_are_found(words, keys, shelf, vera):
    assert found(vera, words, kinds=("item",)) == keys


def test_what_is_called_so_comes_first_and_open_work_before_closed(shelf, vera):
    shelf.put(4, title="About WEB-12")
    shelf.read()
    assert found(vera, "WEB-12")[:2] == ["WEB-12", "WEB-4"]
    assert found(vera, "claims", kinds=("item",)) == ["WEB-3", "WEB-2"]


def test_goals_are_found_by_title_and_reason(shelf, vera):
    assert found(vera, "claims acc") == ["claims"]
    assert found(vera, "insurers late") == ["claims"]
    assert found(vera, "activation", kinds=("goal",)) == ["activation"]


def test_a_key_that_an_item_had_before_still_leads_to_it(shelf, vera):
    shelf.put(12, key="PAY-9", address="jira:PAY-9", container="PAY", title="Paper feeds")
    assert found(vera, "WEB-12")[0] == "PAY-9"


def test_what_changed_is_found_by_its_new_words_and_not_by_the_old(shelf, vera):
    shelf.put(3, title="Letters")
    assert found(vera, "letters") == []
    shelf.read()
    assert found(vera, "letters") == ["WEB-3"]
    assert found(vera, "printing") == []


def test_what_went_leaves_the_index(shelf, vera):
    item = Item.objects.get(key="WEB-12")
    presence.bury([item.id], "gone", shelf.now)
    Item.objects.filter(id=item.id).update(deleted_at=shelf.now)
    shelf.read()
    assert found(vera, "feeds") == []
    assert table.hashes([item.id]) == {}


def test_what_comes_back_is_found_again(shelf, vera):
    presence.bury([Item.objects.get(key="WEB-12").id], "trashed", shelf.now)
    shelf.read()
    shelf.put(12, title="Paper feeds")
    shelf.read()
    assert found(vera, "feeds") == ["WEB-12"]


def test_a_renamed_container_is_found_by_its_new_name(company, vera):
    company.put(1, container="acme/web", key="acme/web#1", address="github:acme/web#1")
    company.read()
    SearchMark.objects.update(known_at=company.now)
    names.rename(company.stream, "acme/web", "acme/site")
    company.read()
    assert found(vera, "acme site") == ["acme/site#1"]


def test_the_mark_stays_behind_so_that_a_late_commit_is_not_missed(shelf, vera):
    mark = SearchMark.objects.get()
    assert indexing.timezone.now() - mark.known_at >= indexing.BEHIND
    assert search.index().items == 0


def test_a_slice_ends_and_the_next_goes_on(company, vera, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    for number in range(1, 8):
        company.put(number)
    slices = 0
    while search.index(1e-9).more:
        slices += 1
        assert slices < 20
    assert slices >= 3
    assert len(found(vera, "story")) == 7


HOSTILE = [
    "'", '"', '""', "'; DROP TABLE trackers_search; --", "a AND OR NOT", "NEAR(a b)", "a*", "*", "a:b", "{name}:a", "^a",
    "a | b & !c <-> d", ":*", "\\", "%", "_", "\0", "a\0b", "(((((", "x" * 10_000, "a " * 5_000, "🦀", "\ud800", "\u202eabc",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_find_nothing_worse_than_nothing(words, shelf, client):
    for path in ("/search/", "/items/"):
        answer = client.get(path, {"q": words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}, follow=True)
        assert answer.status_code == 200
    assert Item.objects.count() == 4


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
def test_no_text_breaks_the_search(words, shelf, vera):
    found(vera, words)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=3, max_size=20))
def test_an_item_is_found_by_its_own_title(title, company, vera):
    company.put(77, title=title)
    company.read()
    if asked(title).phrases:
        assert "WEB-77" in found(vera, title, kinds=("item",))


@pytest.mark.parametrize("after", ["x", "1", "1.", ".x", "-1.0", "9" * 40 + ".0", "1.999", "१.0"])
def test_a_place_that_is_none_is_refused(after, shelf, client):
    assert client.get("/search/", {"q": "claims", "after": after}).status_code == 400


def test_the_pages_of_what_is_found_hold_everything_once(company, vera, monkeypatch):
    monkeypatch.setattr(finding, "WINDOW", 5)
    for number in range(1, 13):
        company.put(number, title="Claims")
    company.read()
    seen, after = [], ""
    while True:
        page = search.find(vera, "claims", ("item",), after, 2)
        seen += [hit.item.key for hit in page.hits]
        after = page.older
        if not after:
            break
    assert sorted(seen) == sorted(f"WEB-{number}" for number in range(1, 13))


def test_the_page_names_what_was_found_and_where_to_go_on(shelf, client):
    page = text(client.get("/search/?q=claims"))
    assert "Search: claims" in page
    assert "Goals Claims accepted" in page
    assert re.search(r"Items 2 items Printing claims on paper .* Claims are printed", page)
    assert "Nothing found" in text(client.get("/search/?q=nonesuch"))
    assert "What are you looking for?" in text(client.get("/search/"))


@pytest.fixture
def crowd(company):
    """20,000 items of which every one has the same word."""
    texts = {
        id_: table.Text(f"WEB-{id_} claims rare{id_ % 5000}", "Ana", "goal", "tariff", "h") for id_ in range(1, 20_001)
    }
    table.put(texts)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE trackers_search")
    return company


def test_a_word_of_every_item_gives_a_window_of_the_newest(crowd, vera):
    ids = table.matching(asked("claims"), finding.WINDOW + 1)
    assert ids == list(range(20_000, 20_000 - finding.WINDOW - 1, -1))
    assert table.matching(asked("claims"), 3, below=100) == [99, 98, 97]
    assert table.matching(asked("clai"), 2) == [20_000, 19_999]
    assert table.matching(asked("rare7"), 10, whole=True) == [15_007, 10_007, 5_007, 7]
    assert table.matching(Asked((("ana",),)), 1, part=table.PEOPLE) == [20_000]


def test_however_many_match_the_same_is_read(crowd, vera):
    with CaptureQueriesContext(connection) as common:
        search.find(vera, "claims")
    with CaptureQueriesContext(connection) as rare:
        search.find(vera, "rare7")
    assert len(rare) - len(common) in ((0,) if connection.vendor == "sqlite" else (0, 1))
    assert all("COUNT(" not in each["sql"].upper() for each in common)


def test_a_common_word_is_read_from_the_newest_and_never_sorted(crowd):
    with CaptureQueriesContext(connection) as captured:
        table.matching(asked("claims"), 10)
    [query] = [each["sql"] for each in captured]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{query}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
    assert ("VIRTUAL TABLE INDEX" if connection.vendor == "sqlite" else "Index Scan Backward") in plan


def test_however_postgresql_goes_about_it_the_same_is_found(crowd, monkeypatch):
    for glance, often in itertools.product((1, 7, 5_000), (1, 50)):
        monkeypatch.setattr(table, "GLANCE", glance)
        monkeypatch.setattr(table, "OFTEN", often)
        assert table.matching(asked("claims"), 9, below=100) == list(range(99, 90, -1))
        assert table.matching(asked("rare7"), 10, whole=True) == [15_007, 10_007, 5_007, 7]
        assert table.matching(asked("rare7"), 2, below=10_007, whole=True) == [5_007, 7]


def test_a_beginning_that_few_have_is_not_looked_for_in_every_item(crowd):
    """PostgreSQL takes beginnings of words for frequent."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE trackers_search")
        with CaptureQueriesContext(connection) as captured:
            table.matching(asked("rare499"), 200)
        last = captured[-1]["sql"]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {last}")
            assert "Index Scan Backward" not in " ".join(str(row) for row in cursor.fetchall())


def test_a_beginning_is_found_without_reading_all_words_that_begin_so(shelf):
    """Beginnings are words of their own: nothing is merged while somebody waits."""
    if connection.vendor == "sqlite":
        with CaptureQueriesContext(connection) as captured:
            table.matching(asked("onboa"), 10)
        assert "*" not in captured[0]["sql"].partition("MATCH")[2]
