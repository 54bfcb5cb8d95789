"""The second factor: an authenticator app, recovery codes, and what an operator does when they are lost."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from syncd.accounts import links, people
from syncd.accounts.adapters import SecondFactor
from tests.accounts.cast import PASSWORD


def code(secret: str, steps: int = 0) -> str:
    """What the app shows; ``steps`` half minutes later. RFC 6238."""
    counter = int(time.time() // 30) + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up(client) -> str:
    """An authenticator app. :returns: its secret"""
    page = client.get("/account/second-factor/app/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert secret
    answer = client.post("/account/second-factor/app/", {"code": code(secret[1])})
    assert answer.headers["Location"] == "/account/second-factor/codes/"
    return secret[1]


@pytest.fixture
def ana(ana, with_password):
    return with_password(ana)


@pytest.fixture
def secret(ana, browser, django_capture_on_commit_callbacks) -> str:
    """Ana has set up her app."""
    with django_capture_on_commit_callbacks(execute=True):
        return set_up(browser(ana))


def entered(browser, **form: str):
    """Ana after her password; gives the browser and the answer to the second step."""
    client = browser()
    first = client.post("/sign-in/", {"login": "ana@acme.example", "password": PASSWORD})
    assert first.headers["Location"] == "/sign-in/second-factor/"
    return client, client.post("/sign-in/second-factor/", form)


class TestTheApp:
    def test_the_password_alone_does_not_let_in_any_more(self, secret, browser):
        client = browser()
        client.post("/sign-in/", {"login": "ana@acme.example", "password": PASSWORD})
        assert client.get("/account/").headers["Location"].startswith("/sign-in/")

    def test_its_code_does(self, secret, browser, happened):
        client, answer = entered(browser, code=code(secret, 1))
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert client.get("/account/").status_code == 200
        assert happened()[-1] == ("ana@acme.example", "signed_in", "")

    def test_a_code_is_good_for_one_sign_in(self, secret, browser):
        shown = code(secret, 1)
        _, first = entered(browser, code=shown)
        _, second = entered(browser, code=shown)
        assert (first.status_code, second.status_code) == (302, 200)

    def test_guessing_codes_ends_after_five(self, secret, browser):
        client, _ = entered(browser, code="000000")
        for _ in range(4):
            client.post("/sign-in/second-factor/", {"code": "000000"})
        answer = client.post("/sign-in/second-factor/", {"code": code(secret, 1)})
        assert answer.status_code == 200
        assert "Too many" in answer.content.decode()

    def test_a_one_time_link_stands_for_the_password_alone(self, ana, secret, browser):
        client = browser()
        answer = client.post(links.make("syncd", ana, base="").partition("8642")[2])
        assert answer.headers["Location"] == "/sign-in/second-factor/"
        assert client.get("/account/").status_code == 302

    def test_a_copy_of_the_store_gives_no_codes(self, secret):
        kept = str(list(Authenticator.objects.values()))
        assert secret not in kept
        row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert SecondFactor().decrypt(row.data["secret"]) == secret

    def test_an_older_key_of_the_installation_still_reads_them(self, secret, settings):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "a new one"
        row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert SecondFactor().decrypt(row.data["secret"]) == secret

    def test_the_picture_needs_nothing_that_the_policy_refuses(self, ana, browser):
        page = browser(ana).get("/account/second-factor/app/").content.decode()
        picture = re.search(r'<svg class="qr".*?</svg>', page)
        assert picture
        assert "style" not in picture[0]
        assert "data:" not in page


class TestRecoveryCodes:
    def test_they_are_shown_once_and_each_works_once(self, ana, secret, browser):
        browser()
        entered_by, _ = entered(browser, code=code(secret, 1))
        made = entered_by.post("/account/second-factor/codes/new/", follow=True).content.decode()
        codes = re.findall(r"<code>(\d{8})</code>", made)
        assert len(codes) == 10
        assert codes[0] not in entered_by.get("/account/second-factor/codes/").content.decode()

        _client, answer = entered(browser, code=codes[0])
        assert answer.status_code == 302
        _, again = entered(browser, code=codes[0])
        assert again.status_code == 200

    def test_without_a_second_factor_there_are_none(self, ana, browser):
        assert browser(ana).get("/account/second-factor/codes/").status_code == 404


class TestChanging:
    def test_later_one_is_asked_again_before_it_is_removed(self, secret, browser):
        client, _ = entered(browser, code=code(secret, 1))
        session = client.session
        session["started"] -= 3600
        session.save()
        answer = client.post("/account/second-factor/app/remove/")
        assert answer.headers["Location"].startswith("/account/again/")
        wrong = client.post("/account/again/?next=/account/second-factor/app/remove/", {"password": "guess"})
        assert wrong.status_code == 200
        right = client.post("/account/again/", {"password": PASSWORD, "next": "/account/second-factor/app/remove/"})
        assert right.status_code == 302, "what was asked for is done now"
        assert not Authenticator.objects.exists()

    def test_an_operator_removes_one_that_is_lost(self, ana, secret, browser, happened):
        people.forget_second_factor("syncd", ana)
        answer = browser().post("/sign-in/", {"login": "ana@acme.example", "password": PASSWORD})
        assert answer.headers["Location"] == "/"
        assert ("syncd", "second_factor_forgotten", "ana@acme.example") in happened()

    def test_every_change_is_written_down(self, secret, happened):
        assert ("ana@acme.example", "totp_activated", "ana@acme.example") in happened()


class TestPasskeys:
    def test_the_page_offers_the_browser_what_it_needs_to_make_one(self, ana, browser):
        page = browser(ana).get("/account/passkeys/new/", HTTP_HOST="localhost:8642").content.decode()
        assert 'data-passkey="create"' in page
        assert '"rp": {"name": "syncd", "id": "localhost"}' in page
        assert re.search(r'<script src="/static/accounts/passkey[^"]*\.js" defer></script>', page)

    def test_signing_in_begins_with_a_challenge_that_differs_each_time(self, db, browser):
        asked = [
            browser().get("/sign-in/passkey/", HTTP_ACCEPT="application/json").json()["request_options"]["publicKey"]
            for _ in range(2)
        ]
        assert asked[0]["userVerification"] == "required"
        assert asked[0]["challenge"] != asked[1]["challenge"]

    @pytest.mark.parametrize("said", ["", "[]", "7", '{"id": "x", "response": {}}', '{"id": 7, "response": 7}'])
    def test_an_answer_that_is_none_lets_nobody_in(self, db, browser, said):
        client = browser()
        answer = client.post("/sign-in/passkey/", {"credential": said})
        assert answer.headers["Location"] == "/sign-in/"
        assert client.get("/account/").status_code == 302
