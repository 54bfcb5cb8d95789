"""Where somebody is signed in, for how long, and how it is ended from elsewhere."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from config.models.people import People
from syncd.accounts import sessions
from syncd.accounts.models import Session


def open_to(client) -> bool:
    return client.get("/account/").status_code == 200


class TestHowLong:
    def test_idle_for_too_long_is_signed_out(self, ana, browser):
        client = browser(ana)
        assert open_to(client)
        left = Session.objects.get().expire_date - datetime.now(UTC)
        assert timedelta(minutes=29) < left <= timedelta(minutes=30)
        Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
        assert not open_to(client)

    def test_after_eight_hours_one_signs_in_again_however_busy(self, ana, browser, happened):
        client = browser(ana)
        assert open_to(client)
        session = client.session
        session["started"] = time.time() - 8 * 3600 - 1
        session.save()
        assert not open_to(client)
        assert happened() == [("ana@acme.example", "session_ended", "")]

    def test_both_are_the_operators_to_set(self, ana, browser, settings):
        settings.PEOPLE = People.model_validate({"session": {"longest": "10m"}})
        client = browser(ana)
        open_to(client)
        session = client.session
        session["started"] = time.time() - 601
        session.save()
        assert not open_to(client)

    def test_pages_write_at_most_once_a_minute(self, ana, browser, django_assert_max_num_queries):
        client = browser(ana)
        assert open_to(client)
        with django_assert_max_num_queries(8) as asked:
            open_to(client)
        assert not [query for query in asked.captured_queries if not query["sql"].startswith("SELECT")]

    def test_what_is_out_of_date_is_removed(self, ana, browser):
        open_to(browser(ana))
        Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
        open_to(browser(ana))
        assert sessions.remove_outdated() == 1
        assert Session.objects.count() == 1


class TestTheList:
    @pytest.fixture
    def elsewhere(self, ana, browser):
        client = browser(ana)
        client.get("/account/", HTTP_USER_AGENT="Phone", REMOTE_ADDR="192.0.2.7")
        return client

    def test_it_tells_browser_and_address_and_no_key(self, ana, browser, elsewhere):
        page = browser(ana).get("/account/", HTTP_USER_AGENT="Laptop").content.decode()
        assert "Phone" in page
        assert "192.0.2.7" in page
        assert not [session for session in Session.objects.all() if session.session_key in page]

    def test_one_ends_one_elsewhere_and_it_ends_at_once(self, ana, browser, elsewhere):
        client = browser(ana)
        page = client.get("/account/").content.decode()
        path = page.split('action="/account/sessions/')[1].split('"')[0]
        assert client.post(f"/account/sessions/{path}").status_code == 302
        assert not open_to(elsewhere)
        assert open_to(client)

    def test_one_ends_all_others(self, ana, browser, elsewhere):
        client = browser(ana)
        open_to(client)
        assert client.post("/account/sessions/others/end/").status_code == 302
        assert not open_to(elsewhere)
        assert open_to(client)

    def test_nobody_ends_another_persons(self, ana, vera, browser, elsewhere):
        page = browser(ana).get("/account/").content.decode()
        path = page.split('action="/account/sessions/')[1].split('"')[0]
        assert browser(vera).post(f"/account/sessions/{path}").status_code == 404
        assert open_to(elsewhere)

    def test_who_is_shut_out_is_signed_out_everywhere(self, ana, elsewhere):
        ana.shut_out()
        assert not open_to(elsewhere)
        assert not Session.objects.exists()


class TestTheCookie:
    def test_no_script_and_no_other_site_gets_it(self, ana, browser):
        client = browser(ana)
        cookie = client.get("/account/").cookies["syncd"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]

    def test_behind_https_no_other_host_sets_it(self):
        """The names and flags are made when the settings are read, so they are read anew."""
        script = (
            "from config import settings as s;"
            "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
            " s.SECURE_HSTS_SECONDS, s.CSRF_TRUSTED_ORIGINS)"
        )
        said = run(script, SYNCD_PUBLIC_URL="https://syncd.acme.example/desk")
        assert said == "__Host-syncd __Host-syncd-form True True 31536000 ['https://syncd.acme.example']"


def run(script: str, **environ: str) -> str:
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | environ, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
