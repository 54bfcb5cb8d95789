"""Saved views: a name for an address, for oneself or for everybody."""

import pytest

from syncd.review.models import SavedView
from tests.review.pages.conftest import text, toast

pytestmark = pytest.mark.django_db


def save(client, name: str, query: str = "", **more: str):
    return client.post("/review/views/", {"name": name, "query": query, **more})


def test_a_view_is_a_name_that_leads_to_the_filters_that_were_set(stream, browser, ana):
    client = browser(ana)
    answer = save(client, "Old ones of Pia", "age=30&owner=Pia&q=&tab=review")
    assert answer.headers["Location"] == "/review/?owner=Pia&age=30"
    assert "Saved: Old ones of Pia" in toast(client, answer)
    page = client.get("/review/").content.decode()
    assert 'href="/review/?owner=Pia&amp;age=30"' in page


def test_the_same_name_again_is_the_other_list_from_then_on(browser, ana):
    client = browser(ana)
    save(client, "Mine", "owner=Pia")
    save(client, "Mine", "owner=Quinn")
    assert [view.query for view in SavedView.objects.all()] == ["owner=Quinn"]


def test_a_private_view_is_ones_own_and_a_shared_one_everybodys(browser, ana, omar):
    client = browser(ana)
    save(client, "For me", "q=a")
    save(client, "For all", "q=b", shared="1")
    said = text(browser(omar).get("/review/"))
    assert "For me" not in said
    assert "For all shared by ana@acme.example" in said


def test_sharing_is_switched_by_its_owner_alone(browser, ana, omar):
    client = browser(ana)
    save(client, "Mine", "q=a")
    view = SavedView.objects.get()
    assert browser(omar).post(f"/review/views/{view.id}/share/").status_code == 404
    client.post(f"/review/views/{view.id}/share/")
    view.refresh_from_db()
    assert view.shared
    client.post(f"/review/views/{view.id}/share/")
    view.refresh_from_db()
    assert not view.shared


def test_who_only_looks_saves_for_themselves(browser, vera):
    client = browser(vera)
    assert save(client, "Mine", "q=a").status_code == 303
    assert save(client, "All", "q=a", shared="1").status_code == 403
    view = SavedView.objects.get()
    assert client.post(f"/review/views/{view.id}/share/").status_code == 403
    assert "Everybody sees it" not in text(client.get("/review/"))


def test_a_view_is_removed_by_its_owner_and_a_shared_one_by_an_operator(browser, ana, omar, vera):
    client = browser(ana)
    save(client, "Private", "q=a")
    save(client, "Shared", "q=b", shared="1")
    private, shared = SavedView.objects.order_by("id")
    assert browser(omar).post(f"/review/views/{private.id}/remove/").status_code == 404
    assert browser(vera).post(f"/review/views/{shared.id}/remove/").status_code == 403
    browser(omar).post(f"/review/views/{shared.id}/remove/")
    client.post(f"/review/views/{private.id}/remove/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name_that_fits(name, browser, ana):
    client = browser(ana)
    assert "give the view a name" in toast(client, save(client, name, "q=a"))
    assert not SavedView.objects.exists()


def test_a_view_of_nothing_there_is_refused(browser, ana):
    assert save(browser(ana), "Bad", "tab=sleeping").status_code == 400
    assert not SavedView.objects.exists()
