"""Feeds and the calendar, read by other people's parsers."""

import json
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from syncd.partners.desk.models import Key, Visit
from syncd.partners.models import Item, Link, Partner
from tests.partners import world

pytestmark = [world.SIDE, pytest.mark.any_store]

ATOM = "{http://www.w3.org/2005/Atom}"


def subscribed(client) -> dict[str, str]:
    """Makes addresses as a visitor does. :returns: their paths by ending"""
    page = world.send(client, "/p/subscribe/").content.decode()
    found = [part.partition("</code>")[0] for part in page.split("<code>")[1:]]
    assert len(found) == 3, page
    return {url.rpartition(".")[2]: url.partition("//")[2].partition("/")[2] for url in found}


@pytest.fixture
def feeds(globex):
    return {ending: f"/{path}" for ending, path in subscribed(world.signed_in(globex)).items()}


def test_atom_is_what_the_standard_says(globex, feeds, client):
    answer = client.get(feeds["atom"])
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == "Acme and Globex Health: changes"
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) == 4
    for element in [feed, *entries]:
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}"), name
        updated = datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
        assert (updated.hour, updated.minute, updated.second, updated.utcoffset()) == (0, 0, 0, timedelta(0)), (
            "by the day"
        )
    assert feed.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") for entry in entries)
    assert any(globex.item.id in of for of in ids)
    assert all(of.startswith("urn:syncd:") for of in ids)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].endswith(feeds["atom"])


def test_json_feed_says_the_same(globex, feeds, client):
    answer = client.get(feeds["json"])
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith(feeds["json"])
    atom = ET.fromstring(client.get(feeds["atom"]).content)
    assert [item["id"] for item in feed["items"]] == [one.findtext(f"{ATOM}id") for one in atom.findall(f"{ATOM}entry")]
    for item in feed["items"]:
        assert item["url"]
        assert item["content_html"].startswith("<ul>")
        assert datetime.fromisoformat(item["date_modified"]).time() == datetime.min.time()


def test_the_calendar_has_due_dates_and_commitments(globex, feeds, client):
    world.item(globex.partner, "Coarse", due="2027-Q1")
    answer = client.get(feeds["ics"])
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == {
        "Single sign-on for globex", "Coarse (by the end of Q1 2027)", "Acme: Sign-on for staff of globex",
        "Globex Health: A list of your staff", "Acme: Reports by clinic",
    }  # fmt: skip
    due = events["Single sign-on for globex"]
    assert due.decoded("dtstart") == date(2026, 12, 15)
    assert due.decoded("dtend") == date(2026, 12, 16)
    assert str(due["uid"]) == f"{globex.item.id}@syncd"
    assert str(due["url"]).endswith(f"/p/items/{globex.item.id}/")
    assert due.decoded("dtstamp") == datetime(2026, 11, 20, tzinfo=UTC)
    assert events["Coarse (by the end of Q1 2027)"].decoded("dtstart") == date(2027, 3, 31)
    assert answer.content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_same_copy_gives_the_same_bytes_and_a_program_need_not_fetch_them_twice(globex, feeds, client):
    for path in feeds.values():
        first, second = client.get(path), client.get(path)
        assert first.content == second.content
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert client.head(path).headers["ETag"] == first.headers["ETag"] == second.headers["ETag"]
        asked = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (asked.status_code, asked.content) == (304, b"")
        zipped = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert client.get(path, headers={"If-None-Match": zipped.headers["ETag"]}).status_code == 304
    Item.objects.filter(id=globex.item.id).update(title="Another", changed_on=date(2026, 11, 27))
    assert client.get(feeds["ics"], headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_nothing_has_changed_yet(globex, feeds, client):
    globex.partner.changes.all().delete()
    globex.partner.steps.all().delete()
    assert ET.fromstring(client.get(feeds["atom"]).content).findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"
    assert json.loads(client.get(feeds["json"]).content)["items"] == []


def test_hostile_words_break_nothing(globex, feeds, client):
    bad = "</title><script>x</script>\r\nBEGIN:VEVENT\r\n& \x0b ]]>"
    Item.objects.filter(id=globex.item.id).update(title=bad, values={"title": bad, "due": "2026-12-15"})
    assert ET.fromstring(client.get(feeds["atom"]).content) is not None
    assert json.loads(client.get(feeds["json"]).content)
    calendar = icalendar.Calendar.from_ical(client.get(feeds["ics"]).content)
    assert len(calendar.walk("VEVENT")) == 4


@pytest.mark.parametrize("how", ["ended", "link revoked", "closed"])
def test_an_address_ends_with_the_way_in_or_when_its_owner_says_so(globex, how):
    client = world.signed_in(globex)
    path = f"/{subscribed(client)['atom']}"
    assert Client().get(path).status_code == 200
    if how == "ended":
        [_, rest] = client.get("/p/subscribe/").content.decode().split('action="/p/subscribe/')
        end = world.send(client, "/p/subscribe/", "/p/subscribe/" + rest.partition('"')[0])
        assert end.status_code == 303
    elif how == "link revoked":
        Link.objects.update(revoked_at=timezone.now())
    else:
        Partner.objects.update(open=False)
    assert Client().get(path).status_code == 404


def test_only_the_hash_is_kept_and_only_so_many_can_be_made(globex):
    client = world.signed_in(globex)
    path = subscribed(client)["atom"]
    assert Key.objects.get().digest not in path
    for _ in range(19):
        subscribed(client)
    assert world.send(client, "/p/subscribe/").status_code == 409
    assert Key.objects.count() == 20


def test_who_reads_along_is_noted(globex, feeds, client):
    for path in feeds.values():
        client.get(path)
    assert set(Visit.objects.filter(who=globex.link.id).values_list("what", flat=True)) >= {"feed", "calendar"}


def test_another_partners_key_shows_that_partners_feed_alone(globex, initech, feeds):
    theirs = f"/{subscribed(world.signed_in(initech))['atom']}"
    assert b"globex" not in Client().get(theirs).content
    assert b"initech" not in Client().get(feeds["atom"]).content
