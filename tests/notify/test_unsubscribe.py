"""A digest ends by one click, without script and without signing in."""

import re

import pytest

from syncd.accounts.models import AuditEvent
from syncd.notify import unsubscribe
from syncd.notify.models import Silenced, Subscription
from tests.notify.conftest import MONDAY

pytestmark = pytest.mark.django_db


def path(row: Subscription | Silenced) -> str:
    return unsubscribe.address(row.key).removeprefix("https://syncd.acme.example")


def ended(row: Subscription) -> bool:
    row.refresh_from_db()
    return row.ended_at is not None


def test_a_mail_program_ends_it_with_one_request(subscribe, browser):
    row = subscribe()
    answer = browser(checks_forms=True).post(path(row), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert ended(row)
    assert row.ended_because == "by the link in a message"


def test_a_program_that_looks_at_links_ends_nothing(subscribe, browser):
    row = subscribe()
    for method in ("get", "head"):
        assert getattr(browser(), method)(path(row)).status_code == 200
    assert not ended(row)


def test_a_person_presses_the_button_that_the_link_shows(subscribe, browser):
    row, nobody = subscribe(), browser(checks_forms=True)
    page = nobody.get(path(row)).content.decode()
    assert re.search(r'<form class="form" method="post">', page)
    assert "Unsubscribe" in page
    assert "ana@" not in page  # whoever is sent the mail on learns no more than what it says
    assert "You are unsubscribed" in nobody.post(path(row)).content.decode()
    assert ended(row)


def test_other_digests_of_the_same_person_stay(subscribe, browser):
    weekly, monthly = subscribe(), subscribe()
    browser().post(path(weekly))
    assert (ended(weekly), ended(monthly)) == (True, False)


def test_twice_is_once(subscribe, browser):
    row = subscribe()
    for _ in range(2):
        assert browser().post(path(row)).status_code == 200
    assert AuditEvent.objects.filter(verb="unsubscribed").count() == 1


def test_the_link_of_an_alert_ends_alerts(omar, browser):
    row = Silenced.objects.create(person=omar)
    assert "No alerts" in browser().get(path(row)).content.decode()
    browser().post(path(row))
    row.refresh_from_db()
    assert row.at is not None


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda _: "none", lambda t: t.partition("~")[0]]
)
def test_a_link_that_is_none_of_ours_ends_nothing(subscribe, browser, change):
    row = subscribe()
    answer = browser().post(f"/unsubscribe/{change(unsubscribe.token(row.key))}/")
    assert answer.status_code == 404
    assert not ended(row)


def test_the_link_is_not_passed_on(subscribe, browser):
    answer = browser().get(path(subscribe()))
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_works_long_after(subscribe, browser):
    row = subscribe(since=MONDAY.replace(year=2020))
    assert browser().post(path(row)).status_code == 200
