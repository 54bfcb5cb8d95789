"""The list of items keeps what was asked for, page by page, at the same price."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.trackers import listing, presence
from syncd.trackers.listing import Filters
from syncd.trackers.models import Item, Tracker
from tests.trackers.pages.conftest import LUCIA, follow, keys, text
from tests.web.sending import sent


@pytest.fixture
def work(company):
    """Six items that differ in everything that can be asked for."""
    company.decide(company.put(1, kind="epic", title="Claims desk"), "claims")
    company.decide(company.put(2, status="Done", status_category="done"), "activation")
    company.decide(company.put(3, container="PAY", key="PAY-3", address="jira:PAY-3"))
    company.decide(company.put(4, assignees=(LUCIA,), labels=("import",)), exempt="maintenance")
    company.put(5, title="Café at the front desk")
    gone = company.put(6)
    presence.bury([gone.id], "gone", company.now)
    company.read()
    return company


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["WEB-5", "WEB-4", "PAY-3", "WEB-2", "WEB-1"]),
        ("q=cafe", ["WEB-5"]),
        ("q=desk", ["WEB-5", "WEB-1"]),
        ("text=LAIMS+d", ["WEB-1"]),
        ("tracker=acme-jira&kind=epic", ["WEB-1"]),
        ("tracker=another", []),
        ("container=PAY", ["PAY-3"]),
        ("container=PAY&container=WEB&status=todo", ["WEB-5", "WEB-4", "PAY-3", "WEB-1"]),
        ("status=done", ["WEB-2"]),
        ("goal=claims", ["WEB-1"]),
        ("goal=claims&goal=activation", ["WEB-2", "WEB-1"]),
        ("goal=claims&status=done", []),
        ("unlinked=1", ["PAY-3"]),
        ("exempt=1", ["WEB-4"]),
        ("owner=Luc%C3%ADa+Ortega", ["WEB-4"]),
        ("owner=Luc%C3%ADa", []),
        ("label=import", ["WEB-4"]),
        ("label=import&unlinked=1", []),
        ("deleted=1", ["WEB-6"]),
    ],
)
def test_a_filter_keeps_what_fits_and_nothing_else(query, found, work, client):
    answer = client.get(f"/items/?{query}")
    assert answer.status_code == 200
    assert keys(answer) == found
    assert ("No item matches" in text(answer)) is not bool(found)


def test_what_the_form_has_no_field_for_is_sent_with_it(work, client):
    page = client.get("/items/?text=laims").content.decode()
    form = page[page.index('<form class="filters"') :].partition("</form>")[0]
    assert '<input type="hidden" name="text" value="laims">' in form


@pytest.mark.parametrize(
    "asked",
    [
        "q=desk&text=laims&tracker=acme-jira&container=WEB&container=PAY&kind=epic&kind=story&since=2026-01-02",
        "status=todo&status=done&unlinked=1&owner=Luc%C3%ADa+Ortega&owner=Ana&label=import&label=urgent&deleted=1",
    ],
)
def test_sending_the_form_as_it_stands_asks_for_the_same(asked, work, client):
    page = client.get(f"/items/?{asked}")
    assert page.status_code == 200, "that is its one address"
    answer = client.get(f"/items/?{sent(page.content.decode(), 'filters')}")
    assert answer.headers["Location"] == f"/items/?{asked}"


def test_since_keeps_what_changed_on_that_day_or_later(work, client):
    day = work.now.date()
    assert len(keys(client.get(f"/items/?since={day}"))) == 5
    assert keys(client.get("/items/?since=2199-01-01")) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("kind=storry", "kind=storry"),
        ("status=open", "status=open"),
        ("since=yesterday", "expected a day"),
        ("unlinked=yes", "expected unlinked=1"),
        ("goal=claims&unlinked=1", "exclude one another"),
        ("after=nowhere", "open the list without"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_words(query, says, company, client):
    answer = client.get(f"/items/?{query}")
    assert answer.status_code == 400
    assert says in text(answer)


def test_an_address_that_says_more_than_it_must_leads_to_the_one_that_does_not(company, client):
    answer = client.get("/items/?q=&status=todo&owner=&theme=dark")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/items/?status=todo")


@pytest.mark.parametrize("query", ["", "goal=claims", "container=WEB", "q=story", "owner=Luc%C3%ADa+Ortega"])
def test_the_pages_hold_everything_once(query, company, client, monkeypatch):
    for number in range(1, 8):
        company.decide(company.put(number, assignees=(LUCIA,)), "claims")
    company.read()
    everything = keys(client.get(f"/items/?{query}"))
    real = listing.rows
    monkeypatch.setattr(listing, "rows", lambda person, filters, after: real(person, filters, after, 3))
    pages = follow(client, query, "Next")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [key for page in pages for key in page] == everything == [f"WEB-{number}" for number in range(7, 0, -1)]


def test_the_way_back_leads_over_the_same_pages(company, vera):
    for number in range(1, 8):
        company.put(number)
    there = [listing.rows(vera, Filters(), size=3)]
    while there[-1].older:
        there.append(listing.rows(vera, Filters(), there[-1].older, 3))
    back = [there[-1]]
    while back[-1].newer:
        back.append(listing.rows(vera, Filters(), back[-1].newer, 3))
    assert [[row.item.id for row in page.rows] for page in reversed(back)] == [
        [row.item.id for row in page.rows] for page in there
    ]


def test_where_few_fit_a_page_ends_and_says_how_far_it_looked(company, client, monkeypatch):
    for number in range(1, 8):
        company.put(number, kind="epic" if number == 1 else "story")
    monkeypatch.setattr(listing.listing, "GLANCE", 1)
    monkeypatch.setattr(listing.listing, "LOOK", 2)
    monkeypatch.setattr(listing.listing, "STRETCH", 3)
    answer = client.get("/items/?kind=epic")
    assert "0 items among 3 that were looked at" in text(answer)
    assert follow(client, "kind=epic", "Next") == [[], [], ["WEB-1"]]
    back = follow(client, f"kind=epic&after={last(client)}", "Previous")
    assert back == [["WEB-1"], [], []], "over stretches where nothing fits, and no further than to the beginning"


def last(client):
    """The cursor of the last page of the epics."""
    path = "/items/?kind=epic"
    while link := re.search(r'href="([^"]+)" rel="next"', client.get(path).content.decode()):
        path = f"/items/{html.unescape(link[1])}"
    return path.rpartition("after=")[2]


@pytest.mark.parametrize("number", [3, 7])
def test_a_page_reached_backwards_leads_on_in_both_directions(number, company, client, monkeypatch):
    """Of seven, the third or the one that changed last is an epic."""
    for each in range(1, 8):
        company.put(each, kind="epic" if each == number else "story")
    for name in ("GLANCE", "LOOK", "STRETCH"):
        monkeypatch.setattr(listing.listing, name, 2)
    there = follow(client, "kind=epic", "Next")
    back = follow(client, f"kind=epic&after={last(client)}", "Previous")
    assert [key for page in there for key in page] == [key for page in back for key in page] == [f"WEB-{number}"]
    forth = client.get(f"/items/?kind=epic&after={last(client)}")
    while link := re.search(r'href="([^"]+)" rel="prev"', forth.content.decode()):
        forth = client.get(f"/items/{html.unescape(link[1])}")
        assert 'rel="next"' in forth.content.decode()


def test_the_end_of_the_list_says_so_and_leads_back(company, client, monkeypatch):
    for number in range(1, 4):
        company.put(number, kind="epic" if number == 3 else "story")
    for name in ("GLANCE", "LOOK", "STRETCH"):
        monkeypatch.setattr(listing.listing, name, 2)
    answer = client.get(f"/items/?kind=epic&after={last(client)}")
    assert "No further item matches" in text(answer)
    assert 'href="/items/?kind=epic"' in answer.content.decode()
    assert 'rel="prev"' in answer.content.decode()


def test_twice_the_items_cost_the_same_queries(company, client):
    def queries(query):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/items/?{query}").status_code == 200
        return len(captured)

    asked = ["", "goal=claims&status=todo", "q=story&kind=story", "owner=Luc%C3%ADa+Ortega", "container=WEB"]
    for number in range(1, 6):
        company.decide(company.put(number, assignees=(LUCIA,)), "claims")
    company.read()
    queries("")  # what a process learns once
    before = [queries(query) for query in asked]
    for number in range(6, 11):
        company.decide(company.put(number, assignees=(LUCIA,)), "claims")
    company.read()
    assert [queries(query) for query in asked] == before
    assert max(before) < 20


@pytest.mark.parametrize("filters", [Filters(), Filters(container=("WEB",)), Filters(deleted=True)])
def test_the_list_is_walked_along_its_index(filters, company, vera):
    company.put(1)
    with CaptureQueriesContext(connection) as captured:
        listing.rows(vera, filters)
    [walk] = [each["sql"] for each in captured if "ORDER BY" in each["sql"] and "LIMIT" in each["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {walk}")
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")  # of one row it thinks nothing
            cursor.execute(f"EXPLAIN {walk}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "item_" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_tracker_that_left_the_configuration_takes_its_items_along(work, client):
    Tracker.objects.update(active=False)
    assert keys(client.get("/items/")) == []
    assert keys(client.get("/items/?goal=claims")) == []
    item = Item.objects.get(key="WEB-1")
    assert client.get(f"/items/{item.id}/").status_code == 404


def test_the_list_says_what_an_item_serves(work, client):
    said = text(client.get("/items/"))
    for words in ("Claims accepted", "Exempt", "No goal", "Not judged yet", "Lucía Ortega", "Nobody"):
        assert words in said


def test_before_the_first_sync_it_says_what_to_do(db, client):
    assert "syncd sync" in text(client.get("/items/"))


@pytest.mark.parametrize("key", ["WEB-1", "web-1", "https://acme.example/browse/WEB-1"])
def test_a_key_leads_to_its_item(key, work, client):
    answer = client.get("/items/", {"key": key})
    assert answer.headers["Location"] == f"/items/{Item.objects.get(key='WEB-1').id}/"


def test_a_key_that_nothing_has_leads_to_the_search(work, client):
    answer = client.get("/items/?key=WEB-99")
    assert answer.headers["Location"] == "/search/?q=WEB-99"
