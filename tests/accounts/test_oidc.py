"""Single sign-on against a provider that really signs: who is let in, as what, and who is not."""

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from config.models.people import People, SecondFactor
from syncd.accounts import tokens
from syncd.accounts.models import AuditEvent, Role, User
from tests.accounts.issuer import CLIENT, SECRET, Issuer, key

pytestmark = [pytest.mark.django_db, pytest.mark.any_store]


@pytest.fixture
def issuer(settings, monkeypatch):
    with Issuer() as running:
        monkeypatch.setenv("OIDC_SECRET", SECRET)
        running.configured = configured(settings, running)
        running.configured()
        yield running


def configured(settings, issuer: Issuer):
    def set_to(**more):
        oidc = {"issuer": issuer.url, "client_id": CLIENT, "client_secret": {"env": "OIDC_SECRET"}, "name": "Acme ID"}
        settings.PEOPLE = People.model_validate({"oidc": oidc | more})

    return set_to


def away(client) -> str:
    """Where the button leads."""
    page = client.post("/sign-in/sso/")
    assert page.status_code == 200, page.content.decode()
    link = re.search(r'class="button primary" href="([^"]+)"', page.content.decode())
    assert link
    assert page.headers["Refresh"] == f"0; url={html.unescape(link[1])}"
    return html.unescape(link[1])


def signed_in(client, issuer: Issuer):
    """The whole way, as a browser goes it. :returns: the last answer"""
    back = urlsplit(issuer.approve(away(client)))
    return client.get(f"{back.path}?{back.query}")


def who(client) -> str:
    page = client.get("/account/")
    return re.search(r"<p>(\S+@\S+) ·", page.content.decode())[1] if page.status_code == 200 else ""


def refused(answer, why: str) -> None:
    assert answer.status_code == 403
    assert why in html.unescape(answer.content.decode())
    assert AuditEvent.objects.filter(verb="sign_in_refused").exists()


class TestLetIn:
    def test_somebody_who_was_added_comes_in_by_the_verified_address(self, issuer, ana, browser, happened):
        client = browser()
        answer = signed_in(client, issuer)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert who(client) == "ana@acme.example"
        assert happened() == [
            ("", "account_connected", "ana@acme.example"),
            ("ana@acme.example", "signed_in", ""),
        ]

    def test_the_second_time_the_address_may_have_changed(self, issuer, ana, browser):
        signed_in(browser(), issuer)
        issuer.claims["email"] = "ana.new@acme.example"
        client = browser()
        signed_in(client, issuer)
        assert who(client) == "ana@acme.example", "the subject counts, not the address"

    def test_it_leads_to_the_page_that_was_wanted(self, issuer, ana, browser):
        client = browser()
        page = client.post("/sign-in/sso/", {"next": "/account/tokens/"}).content.decode()
        back = urlsplit(issuer.approve(html.unescape(re.search(r'primary" href="([^"]+)"', page)[1])))
        assert client.get(f"{back.path}?{back.query}").headers["Location"] == "/account/tokens/"

    def test_groups_give_the_role_and_make_somebody_new(self, issuer, browser, happened):
        issuer.configured(roles={"operator": ["ops"], "pm": ["product", "leads"]})
        issuer.claims["groups"] = ["everyone", "leads"]
        client = browser()
        signed_in(client, issuer)
        ana = User.objects.get()
        assert (ana.email, ana.name, ana.role) == ("ana@acme.example", "Ana", Role.PM)
        assert ("", "person_added", "ana@acme.example") in happened()

    def test_a_change_of_group_is_a_change_of_role_at_the_next_sign_in(self, issuer, ana, browser, happened):
        issuer.configured(roles={"operator": ["ops"], "viewer": ["everyone"]})
        issuer.claims["groups"] = ["everyone"]
        signed_in(browser(), issuer)
        ana.refresh_from_db()
        assert ana.role == Role.VIEWER
        assert ("", "role_changed", "ana@acme.example") in happened()

    def test_where_no_groups_are_configured_the_role_stays(self, issuer, ana, browser):
        issuer.claims["groups"] = ["ops"]
        signed_in(browser(), issuer)
        ana.refresh_from_db()
        assert ana.role == Role.PM

    def test_a_domain_stands_for_a_provider_that_says_nothing_about_addresses(self, issuer, ana, browser):
        issuer.configured(domains=("acme.example",))
        del issuer.claims["email_verified"]
        client = browser()
        signed_in(client, issuer)
        assert who(client) == "ana@acme.example"


class TestASecondFactor:
    """That product managers need one."""

    @pytest.fixture(params=[False, True], ids=["is the provider's task", "is asked for here as well"])
    def single_sign_on(self, issuer, settings, request):
        needed = SecondFactor(required_for=("pm",), single_sign_on=request.param)
        settings.PEOPLE = settings.PEOPLE.model_copy(update={"second_factor": needed})
        return request.param

    def test_of_somebody_who_came_by_the_provider(self, issuer, ana, browser, single_sign_on):
        client = browser()
        signed_in(client, issuer)
        _, text = tokens.make("tests", ana, "a program", ["read"], timedelta(days=1))
        program = browser().get("/api/v1/flags", headers={"Authorization": f"Bearer {text}"})
        assert client.get("/review/").status_code == (302 if single_sign_on else 200)
        assert program.status_code == (403 if single_sign_on else 200)


class TestRefused:
    def test_somebody_unknown(self, issuer, browser):
        client = browser()
        refused(signed_in(client, issuer), "Nobody here has the address ana@acme.example")
        assert who(client) == ""
        assert not User.objects.exists()

    def test_somebody_in_none_of_the_groups(self, issuer, ana, browser):
        issuer.configured(roles={"pm": ["product"]})
        issuer.claims["groups"] = ["everyone"]
        client = browser()
        refused(signed_in(client, issuer), "None of the groups of ana@acme.example is let in")
        assert who(client) == ""

    @pytest.mark.parametrize("verified", [False, None, "false", 0])
    def test_an_address_that_is_not_verified(self, issuer, ana, browser, verified):
        issuer.claims["email_verified"] = verified
        refused(signed_in(browser(), issuer), "has not verified the address")

    def test_an_address_of_another_domain(self, issuer, ana, browser):
        issuer.configured(domains=("globex.example",))
        refused(signed_in(browser(), issuer), "Addresses of acme.example are not let in")

    def test_another_subject_with_an_address_that_somebody_had_before(self, issuer, ana, browser):
        signed_in(browser(), issuer)
        issuer.claims["sub"] = "2"
        refused(signed_in(browser(), issuer), "belongs to another account")

    def test_somebody_who_was_shut_out(self, issuer, ana, browser):
        ana.shut_out()
        client = browser()
        signed_in(client, issuer)
        assert who(client) == ""

    def test_userinfo_about_another_person_than_the_token(self, issuer, ana, browser):
        issuer.userinfo = {"sub": "2"}
        refused(signed_in(browser(), issuer), "no signed token about this person")

    @pytest.mark.parametrize("spoilt", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}])
    def test_a_token_for_others_from_others_or_out_of_date(self, issuer, ana, browser, spoilt):
        issuer.spoils = spoilt
        client = browser()
        assert signed_in(client, issuer).status_code in (403, 503)
        assert who(client) == ""

    def test_a_token_that_another_key_has_signed(self, issuer, ana, browser):
        issuer.signs_with = key("somebody else's")
        client = browser()
        assert signed_in(client, issuer).status_code in (403, 503)
        assert who(client) == ""

    def test_an_answer_that_nobody_asked_for(self, issuer, ana, browser):
        victim, other = browser(), browser()
        back = urlsplit(issuer.approve(away(other)))
        answer = victim.get(f"{back.path}?{back.query}")
        assert answer.status_code == 403
        assert who(victim) == ""

    def test_an_answer_that_comes_twice(self, issuer, ana, browser):
        client = browser()
        back = urlsplit(issuer.approve(away(client)))
        client.get(f"{back.path}?{back.query}")
        fresh = browser()
        assert fresh.get(f"{back.path}?{back.query}").status_code == 403

    def test_somebody_who_says_no_at_the_provider(self, issuer, ana, browser):
        client = browser()
        state = re.search(r"state=([^&]+)", away(client))[1]
        answer = client.get(f"/sign-in/sso/back/?error=access_denied&state={state}", follow=True)
        assert "cancelled" in answer.content.decode()


class TestTrouble:
    def test_a_provider_that_is_away_is_told_and_nobody_else_suffers(self, issuer, browser):
        issuer.configured(issuer="http://127.0.0.1:9")
        answer = browser().post("/sign-in/sso/")
        assert answer.status_code == 503
        assert "Acme ID does not answer" in answer.content.decode()
        assert browser().get("/sign-in/").status_code == 200

    def test_a_provider_of_another_name_is_not_followed(self, issuer, browser):
        issuer.calls_itself = "https://evil.example"
        assert browser().post("/sign-in/sso/").status_code == 503

    def test_a_secret_that_cannot_be_read_is_told_without_a_trace(self, issuer, browser, monkeypatch):
        monkeypatch.delenv("OIDC_SECRET")
        answer = browser().post("/sign-in/sso/")
        assert answer.status_code == 503
        assert "OIDC_SECRET" not in answer.content.decode()

    def test_it_is_begun_by_a_button_and_not_by_a_link(self, issuer, browser):
        assert browser().get("/sign-in/sso/").status_code == 405
        assert browser(checks_forms=True).post("/sign-in/sso/").status_code == 403

    def test_without_a_provider_there_is_no_such_page_and_no_button(self, browser):
        assert browser().post("/sign-in/sso/").status_code == 404
        assert "sso" not in browser().get("/sign-in/").content.decode()

    def test_with_one_there_is_a_button(self, issuer, browser):
        assert "Sign in with Acme ID" in browser().get("/sign-in/").content.decode()
