"""One-time links: they work once, not for long, and only for who presses the button."""

import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory

from syncd.accounts import links
from syncd.accounts.models import OneTimeLink, Role, Session, User


def path(link: str) -> str:
    return urlsplit(link).path


def secret(link: str) -> str:
    return path(link).strip("/").rpartition("/")[2]


class TestALink:
    def test_it_signs_its_person_in_and_then_opens_nothing(self, ana, browser, sent, happened):
        link = path(links.make("syncd", ana))
        answer = sent(browser(checks_forms=True), link)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        again = browser().get(link)
        assert again.status_code == 404
        assert "does not work any more" in again.content.decode()
        assert happened() == [
            ("syncd", "link_made", "ana@acme.example"),
            ("", "link_redeemed", "ana@acme.example"),
            ("ana@acme.example", "signed_in", ""),
            ("", "link_refused", ""),
        ]

    def test_programs_that_look_at_links_do_not_use_them_up(self, ana, browser):
        link = path(links.make("syncd", ana))
        for _ in range(3):
            assert browser().get(link).status_code == 200
            assert browser().head(link).status_code == 200
        assert browser().post(link).status_code == 302

    def test_it_ends_after_its_time(self, ana, browser):
        link = path(links.make("syncd", ana, lasts=timedelta(seconds=-1)))
        assert browser().post(link).status_code == 404

    def test_of_two_that_come_at_the_same_time_one_is_refused(self, ana, monkeypatch):
        made = secret(links.make("syncd", ana))
        seen = links.look(made)
        request = RequestFactory().post("/")
        assert links.redeem(request, made) == ana
        monkeypatch.setattr(links, "look", lambda _secret: seen)  # the other had looked before
        with pytest.raises(links.Refused):
            links.redeem(request, made)

    def test_the_store_holds_no_secret(self, ana):
        made = secret(links.make("syncd", ana))
        assert len(made) == 43, "256 bits"
        assert made not in str(list(OneTimeLink.objects.values()))

    def test_who_was_shut_out_does_not_come_in_by_an_old_one(self, ana, browser):
        link = path(links.make("syncd", ana))
        ana.shut_out()
        ana.let_in()
        assert browser().post(link).status_code == 404

    def test_guessing_is_slowed_down_for_its_address_and_a_right_one_waits_as_well(self, ana, browser):
        link = path(links.make("syncd", ana))
        for n in range(10):
            assert browser().get(f"/sign-in/link/{n}/").status_code == 404
        assert browser().get("/sign-in/link/10/").status_code == 429
        assert browser().post(link).status_code == 429
        assert browser().post(link, REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_its_address_is_told_to_nobody(self, ana, browser):
        answer = browser().get(path(links.make("syncd", ana)))
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]

    def test_whoever_was_signed_in_in_this_browser_is_not_any_more(self, ana, vera, browser):
        client = browser(vera)
        client.post(path(links.make("syncd", ana)))
        assert "ana@acme.example" in client.get("/account/").content.decode()


class TestTheFirstOperator:
    def test_whoever_opens_the_link_becomes_operator(self, db, browser, sent):
        link = path(links.first_operator())
        answer = sent(browser(checks_forms=True), link, email="Omar@acme.example", name="Omar")
        assert answer.status_code == 302
        omar = User.objects.get()
        assert (omar.email, omar.name, omar.role) == ("omar@acme.example", "Omar", Role.OPERATOR)
        assert not omar.has_usable_password()

    def test_there_is_no_link_once_there_is_an_operator(self, omar):
        assert links.first_operator() == ""

    def test_a_link_of_an_earlier_start_opens_nothing_once_there_is_one(self, db, browser):
        earlier, later = path(links.first_operator()), path(links.first_operator())
        assert browser().post(later, {"email": "omar@acme.example"}).status_code == 302
        assert browser().post(earlier, {"email": "eve@acme.example"}).status_code == 404
        assert User.objects.count() == 1

    def test_an_address_that_is_none_leaves_the_link_as_it_was(self, ana, browser):
        link = path(links.first_operator())
        assert browser().post(link, {"email": "omar"}).status_code == 200
        taken = browser().post(link, {"email": "ana@acme.example"})
        assert "Somebody here has this address already." in taken.content.decode()
        assert browser().post(link, {"email": "omar@acme.example"}).status_code == 302

    def test_where_it_leads_is_where_the_pages_are(self, db):
        assert links.first_operator("https://syncd.acme.example/").startswith(
            "https://syncd.acme.example/sign-in/link/"
        )


def test_an_address_is_checked_before_anybody_is_added(db):
    with pytest.raises(ValidationError):
        User.objects.add("no address", Role.VIEWER)
    with pytest.raises(ValidationError):
        User.objects.add("x@acme.example", "boss")


def test_what_is_long_over_is_not_kept(ana, vera, browser):
    old = links.make("syncd", ana, lasts=timedelta(days=-8))
    spent = browser(vera)
    spent.get("/account/")
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(days=1))
    browser().post(path(links.make("syncd", ana)))
    assert OneTimeLink.objects.count() == 1
    assert links.look(secret(old)) is None
    assert [session.user for session in Session.objects.exclude(user=None)] == [ana]


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
def test_of_two_links_for_the_first_operator_that_are_opened_at_once_one_makes_one(monkeypatch):
    made = [secret(links.first_operator()) for _ in range(2)]
    together, outcomes = threading.Barrier(2), []
    add = type(User.objects).add

    def slowly(*what, **how):
        time.sleep(0.3)  # meanwhile the other one looks whether there is an operator
        return add(*what, **how)

    monkeypatch.setattr(type(User.objects), "add", slowly)

    def come(number: int) -> None:
        together.wait()
        try:
            outcomes.append(links.redeem(RequestFactory().post("/"), made[number], email=f"o{number}@acme.example"))
        except links.Refused:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert User.objects.operators().count() == 1
    assert outcomes.count(None) == 1
