"""What a reverse proxy says is believed; what anybody else says in its name is not."""

import pytest
from django.test import RequestFactory

from config.models.people import People
from syncd.accounts.address import Proxies, browser_of, ip_of, peer_of


@pytest.fixture
def proxied(settings):
    settings.PEOPLE = People.model_validate(
        {"proxy_header": "X-Forwarded-User", "trusted": ("127.0.0.1", "10.0.0.0/8")}
    )


@pytest.mark.usefixtures("proxied")
class TestTheHeader:
    def test_whom_it_names_is_signed_in(self, ana, browser, happened):
        client = browser()
        answer = client.get("/account/", HTTP_X_FORWARDED_USER="Ana@acme.example")
        assert answer.status_code == 200
        assert "ana@acme.example" in answer.content.decode()
        client.get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example")
        assert happened() == [("ana@acme.example", "signed_in", "")], "once, not for every page"

    def test_from_elsewhere_it_is_refused(self, ana, browser, happened):
        answer = browser().get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example", REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 403
        assert "ana@" not in answer.content.decode()
        assert happened() == [("", "header_refused", "")]

    def test_a_stranger_behind_the_proxys_address_in_the_chain_is_still_a_stranger(self, ana, browser):
        answer = browser().get(
            "/account/",
            HTTP_X_FORWARDED_USER="ana@acme.example",
            HTTP_X_FORWARDED_FOR="127.0.0.1",
            REMOTE_ADDR="192.0.2.7",
        )
        assert answer.status_code == 403

    def test_nobody_here_has_that_address(self, db, browser):
        answer = browser().get("/account/", HTTP_X_FORWARDED_USER="eve@acme.example")
        assert answer.status_code == 403
        assert "Nobody here has the address eve@acme.example" in answer.content.decode()

    def test_who_was_shut_out_stays_out(self, ana, browser):
        ana.shut_out()
        assert browser().get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example").status_code == 403

    def test_when_it_names_somebody_else_the_first_is_gone(self, ana, vera, browser):
        client = browser()
        client.get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example")
        page = client.get("/account/", HTTP_X_FORWARDED_USER="vera@acme.example").content.decode()
        assert "vera@acme.example" in page
        assert "ana@acme.example" not in page

    def test_when_it_names_nobody_any_more_the_session_ends(self, ana, browser):
        client = browser()
        client.get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example")
        assert client.get("/account/").status_code == 302

    def test_the_operators_own_password_still_works_without_it(self, omar, browser):
        assert browser(omar).get("/account/").status_code == 200


def test_where_no_header_is_configured_none_signs_anybody_in(ana, browser):
    assert browser().get("/account/", HTTP_X_FORWARDED_USER="ana@acme.example").status_code == 302


class TestTheAddress:
    @pytest.mark.parametrize(
        ("peer", "chain", "client"),
        [
            ("192.0.2.7", "", "192.0.2.7"),
            ("192.0.2.7", "203.0.113.5", "192.0.2.7"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.5, 10.1.2.3", "203.0.113.5"),
            ("127.0.0.1", "10.1.2.3", "127.0.0.1"),
            ("127.0.0.1", "no address", "127.0.0.1"),
            ("::ffff:127.0.0.1", "2001:db8::5", "2001:db8::5"),
        ],
    )
    @pytest.mark.usefixtures("proxied")
    def test_it_is_the_last_one_that_no_proxy_of_ours_has(self, peer, chain, client):
        seen = []
        request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=chain)
        Proxies(seen.append)(request)
        assert (ip_of(seen[0]), peer_of(seen[0])) == (client, peer)

    @pytest.mark.usefixtures("proxied")
    @pytest.mark.parametrize(("peer", "secure"), [("127.0.0.1", True), ("192.0.2.7", False)])
    def test_the_scheme_is_the_proxys_to_tell(self, peer, secure):
        request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
        Proxies(lambda _request: None)(request)
        assert request.is_secure() is secure

    @pytest.mark.usefixtures("proxied")
    def test_guessing_is_counted_for_the_client_and_not_for_the_proxy(self, ana, with_password, browser):
        with_password(ana)
        form = {"login": "ana@acme.example", "password": "guess"}
        for _ in range(10):
            browser().post("/sign-in/", form, HTTP_X_FORWARDED_FOR="203.0.113.5")
        right = form | {"password": "four words make it"}
        assert browser().post("/sign-in/", right, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 429
        assert browser().post("/sign-in/", right, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 302


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
    ids=["firefox", "edge", "android", "iphone", "no browser", "silent"],
)
def test_a_browser_is_told_in_words(agent, told):
    assert browser_of(agent) == told
