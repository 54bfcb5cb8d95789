"""Coming in by a password, and not coming in by guessing one."""

import re

import pytest
from axes.models import AccessAttempt

from tests.accounts.cast import PASSWORD


@pytest.fixture
def ana(ana, with_password):
    return with_password(ana)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestThePassword:
    def test_its_form_asks_for_it_in_the_words_of_other_pages_and_once(self, db, browser):
        page = browser().get("/sign-in/").content.decode()
        assert re.findall(r"<label[^>]*>([^<]*)</label>", page) == ["E-mail address", "Password"]
        assert "placeholder" not in page

    def test_the_forms_for_a_new_one_have_labels_like_those_of_other_forms(self, ana, vera, browser):
        """Of somebody who has one, and of somebody who has none."""
        for person, path, labels in (
            (ana, "/account/password/", ["Current password", "New password", "The same again"]),
            (vera, "/account/password/new/", ["Password", "The same again"]),
        ):
            page = browser(person).get(path, follow=True).content.decode()
            assert re.findall(r"<label[^>]*>([^<]*)</label>", page[page.index("<main") :]) == labels

    def test_the_right_one_lets_in_and_leads_to_where_one_wanted(self, ana, browser, sent, happened):
        client = browser(checks_forms=True)
        answer = sent(client, "/sign-in/?next=/account/", login="ana@acme.example", password=PASSWORD, next="/account/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
        assert "ana@acme.example" in words(client.get("/account/"))
        assert happened() == [("ana@acme.example", "signed_in", "")]

    def test_letters_in_another_case_are_the_same_address(self, ana, browser):
        answer = browser().post("/sign-in/", {"login": "Ana@ACME.example", "password": PASSWORD})
        assert answer.headers["Location"] == "/"

    def test_a_wrong_one_is_told_without_saying_whether_the_account_exists(self, ana, browser, happened):
        wrong = browser().post("/sign-in/", {"login": "ana@acme.example", "password": "guess"})
        nobody = browser().post("/sign-in/", {"login": "nobody@acme.example", "password": "guess"})
        assert wrong.status_code == nobody.status_code == 200
        assert "not correct" in words(wrong)
        assert words(wrong).count("not correct") == words(nobody).count("not correct")
        assert [row[1:] for row in happened()] == [
            ("sign_in_failed", "ana@acme.example"),
            ("sign_in_failed", "nobody@acme.example"),
        ]

    def test_it_never_leads_to_another_site(self, ana, browser):
        form = {"login": "ana@acme.example", "password": PASSWORD, "next": "https://evil.example/"}
        assert browser().post("/sign-in/", form).headers["Location"] == "/"

    def test_who_was_shut_out_is_told_so_and_stays_out(self, ana, browser):
        ana.shut_out()
        client = browser()
        answer = client.post("/sign-in/", {"login": "ana@acme.example", "password": PASSWORD}, follow=True)
        assert "shut out" in words(answer)
        assert client.get("/account/").status_code == 302

    def test_signing_in_gives_the_browser_a_new_session(self, ana, browser):
        client = browser()
        client.get("/sign-in/")
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        client.cookies["syncd"] = session.session_key
        client.post("/sign-in/", {"login": "ana@acme.example", "password": PASSWORD})
        assert client.cookies["syncd"].value != session.session_key

    def test_nobody_signs_up(self, browser, db):
        assert browser().get("/sign-up/").status_code == 404
        assert browser().get("/accounts/signup/").status_code == 404

    def test_a_short_or_common_password_is_not_taken(self, vera, browser):
        client = browser(vera)
        for bad in ("short", "password1234", "vera@acme.example"):
            answer = client.post("/account/password/new/", {"password1": bad, "password2": bad})
            assert answer.status_code == 200, bad
        answer = client.post("/account/password/new/", {"password1": PASSWORD, "password2": PASSWORD})
        assert answer.status_code == 302
        vera.refresh_from_db()
        assert vera.check_password(PASSWORD)
        assert client.get("/account/").status_code == 200, "the browser in which it was set stays signed in"


class TestGuessing:
    def test_ten_tries_lock_the_account_for_that_address_even_for_the_right_password(self, ana, browser, happened):
        client = browser()
        form = {"login": "ana@acme.example", "password": "guess"}
        answers = [client.post("/sign-in/", form | {"password": f"guess {n}"}).status_code for n in range(10)]
        assert answers == [200] * 9 + [429]
        answer = client.post("/sign-in/", form | {"password": PASSWORD})
        assert answer.status_code == 429
        assert "for 15 minutes" in words(answer)
        assert answer.headers["Retry-After"] == "900"
        assert [row[1:] for row in happened()].count(("sign_in_locked", "ana@acme.example")) == 1

    def test_from_elsewhere_its_owner_still_comes_in(self, ana, browser):
        for n in range(11):
            browser().post("/sign-in/", {"login": "ANA@acme.example", "password": f"guess {n}"})
        form = {"login": "ana@acme.example", "password": PASSWORD}
        assert browser().post("/sign-in/", form, REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_the_lock_ends(self, ana, browser, settings):
        form = {"login": "ana@acme.example", "password": "guess"}
        for _ in range(10):
            browser().post("/sign-in/", form)
        for attempt in AccessAttempt.objects.all():
            attempt.attempt_time -= settings.AXES_COOLOFF_TIME
            attempt.save()
        assert browser().post("/sign-in/", form | {"password": PASSWORD}).status_code == 302

    def test_no_password_that_was_tried_is_kept(self, ana, browser):
        browser().post("/sign-in/", {"login": "ana@acme.example", "password": "almost my real one"})
        kept = str(list(AccessAttempt.objects.values()))
        assert "ana@acme.example" in kept
        assert "almost my real one" not in kept

    def test_many_accounts_from_one_address_are_slowed_down_as_well(self, db, browser):
        client = browser()
        answers = [
            client.post("/sign-in/", {"login": f"p{n}@acme.example", "password": "x"}).status_code for n in range(31)
        ]
        assert answers == [200] * 30 + [429]
