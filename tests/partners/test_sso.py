"""Signing in by the partner's own identity provider, which really signs: who is let in, and who is not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from config.models.partners import SignIns
from syncd.partners.desk.models import Session
from syncd.partners.entrance import sso
from syncd.partners.models import Contact, Partner
from tests.accounts.issuer import CLIENT, SECRET, Issuer, key
from tests.partners import world

pytestmark = world.SIDE


@pytest.fixture
def issuer(settings, monkeypatch):
    with Issuer() as running:
        monkeypatch.setenv("OIDC_SECRET", SECRET)
        settings.PARTNER_URL = "http://testserver"
        running.configured = configured(settings, running)
        running.configured()
        running.claims |= {"email": "pia@globex.example"}
        yield running


def configured(settings, issuer):
    def set_to(**more):
        known = {"issuer": issuer.url, "client_id": CLIENT, "client_secret": {"env": "OIDC_SECRET"}}
        settings.PARTNER_SIGN_INS = SignIns.model_validate({"globex": known | more})
        Partner.objects.filter(id="globex").update(issuer=issuer.url, domains=more.get("domains", []))

    return set_to


def begun(client):
    answer = client.get(urlsplit(sso.address("globex")).path)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def came_back(client, issuer, change=lambda address: address):
    back = urlsplit(change(issuer.approve(begun(client))))
    return client.get(f"{back.path}?{back.query}")


def who(client) -> str:
    page = client.get("/p/").content.decode()
    return page.partition("Signed in as ")[2].partition("<")[0]


def refused(answer, client):
    assert answer.status_code == 403
    assert "Not let in" in answer.content.decode()
    assert who(client) == ""
    assert not Session.objects.exists()


def test_a_contact_comes_in(globex, issuer):
    client = Client()
    answer = came_back(client, issuer)
    assert answer.headers["Refresh"] == "0; url=/p/"
    assert who(client) == "pia@globex.example"
    assert Session.objects.get().contact == globex.contact.id
    assert client.cookies["syncd-partner-sso"].value == ""


def test_state_nonce_and_proof_are_asked_for_and_never_the_same(globex, issuer):
    asked = [parse_qs(urlsplit(begun(Client())).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 20
        assert asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == ["http://testserver/p/sso/back"]


def test_an_agreed_domain_comes_in_and_is_the_same_person_each_time(globex, issuer):
    issuer.configured(domains=("globex.example",))
    issuer.claims["email"] = "Zoe@Globex.example"
    client = Client()
    came_back(client, issuer)
    assert who(client) == "zoe@globex.example"
    assert "Yours is not among them" in client.get("/p/settings/").content.decode()


@pytest.mark.parametrize(
    "spoil",
    [
        {"claims": {"email": "zoe@elsewhere.example"}},
        {"claims": {"email": "zoe@globex.example"}},
        {"claims": {"email_verified": False}},
        {"claims": {"email_verified": None}},
        {"claims": {"email": None}},
        {"spoils": {"nonce": "another"}},
        {"spoils": {"aud": "another"}},
        {"spoils": {"iss": "https://another.example"}},
        {"spoils": {"exp": 1}},
        {"signs_with": key("somebody else's")},
    ],
    ids=lambda spoil: "another key" if "signs_with" in spoil else str(spoil),
)
def test_what_proves_nothing_is_refused(globex, issuer, spoil):
    for name, value in spoil.items():
        setattr(issuer, name, {**getattr(issuer, name), **value} if isinstance(value, dict) else value)
    client = Client()
    refused(came_back(client, issuer), client)


def test_a_callback_that_was_not_begun_here_is_refused(globex, issuer):
    victim = Client()
    back = urlsplit(issuer.approve(begun(Client())))  # the attacker's
    refused(victim.get(f"{back.path}?{back.query}"), victim)


def test_another_state_or_code_is_refused(globex, issuer):
    for was, becomes in (("state=", "state=x"), ("code=", "code=x")):
        client = Client()
        refused(came_back(client, issuer, lambda address, w=was, b=becomes: address.replace(w, b)), client)


def test_a_provider_that_calls_itself_otherwise_or_is_away_is_refused(globex, issuer, settings):
    issuer.calls_itself = "https://another.example"
    assert Client().get(urlsplit(sso.address("globex")).path).status_code == 403
    issuer.configured(issuer="http://127.0.0.1:9")
    assert Client().get(urlsplit(sso.address("globex")).path).status_code == 403


def test_a_secret_that_is_not_there_is_refused(globex, issuer, monkeypatch):
    monkeypatch.delenv("OIDC_SECRET")
    assert Client().get(urlsplit(sso.address("globex")).path).status_code == 403


def test_while_sharing_is_stopped_the_address_leads_nowhere(globex, issuer):
    Partner.objects.update(open=False)
    assert Client().get(urlsplit(sso.address("globex")).path).status_code == 404


def test_what_the_settings_say_counts_as_far_as_it_was_approved(globex, issuer):
    issuer.configured(domains=["globex.example"])
    issuer.claims |= {"email": "nobody.known@globex.example"}
    Partner.objects.update(domains=[])
    client = Client()
    refused(came_back(client, issuer), client)
    Partner.objects.update(domains=["globex.example"], issuer="https://other.example")
    refused(came_back(client, issuer), client)
    Partner.objects.update(issuer=issuer.url)
    came_back(client, issuer)
    assert who(client) == "nobody.known@globex.example"


@pytest.mark.parametrize("how", ["no contact any more", "no provider any more"])
def test_what_ends_the_way_in_ends_the_session(globex, issuer, settings, how):
    client = Client()
    came_back(client, issuer)
    assert who(client)
    if how == "no contact any more":
        Contact.objects.all().delete()
    else:
        settings.PARTNER_SIGN_INS = SignIns.model_validate({})
    assert who(client) == ""


def test_the_address_tells_nobody_who_the_partner_is(globex, issuer):
    assert "globex" not in sso.address("globex")
    assert sso.address("initech") == ""
