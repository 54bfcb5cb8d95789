"""A second factor that a role needs: whoever has none sets one up and does nothing else, on whichever way they come."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from config.models.people import People
from syncd.accounts import people, tokens
from syncd.accounts.models import User
from tests.accounts.cast import PASSWORD
from tests.accounts.test_second_factor import set_up

SET_UP = "/account/second-factor/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.PEOPLE = People.model_validate({"second_factor": {"required_for": ["operator"]}})


def asked_by_token(browser, person: User):
    _, text = tokens.make("tests", person, "a program", ["read"], timedelta(days=1))
    return browser().get("/api/v1/flags", headers={"Authorization": f"Bearer {text}"})


class TestOnThePages:
    def test_the_password_leads_to_setting_one_up(self, omar, with_password, browser):
        with_password(omar)
        client = browser()
        answer = client.post("/sign-in/", {"login": omar.email, "password": PASSWORD}, follow=True)
        assert answer.redirect_chain[-1] == (SET_UP, 302)
        page = answer.content.decode()
        assert "Your role needs a second factor" in page
        assert 'aria-label="Main"' not in page, "it would lead nowhere"

    def test_nothing_can_be_done_until_then(self, omar, browser):
        answer = browser(omar).post("/people/", {"email": "eve@acme.example", "role": "operator"})
        assert answer.headers["Location"] == SET_UP
        assert not User.objects.filter(email="eve@acme.example").exists()

    def test_a_part_of_a_page_is_not_put_in_place_of_another(self, omar, browser):
        answer = browser(omar).get("/review/", headers={"HX-Request": "true"})
        assert (answer.headers["HX-Redirect"], answer.content) == (SET_UP, b"")

    def test_an_app_that_is_set_up_opens_everything(self, omar, browser, django_capture_on_commit_callbacks):
        client = browser(omar)
        with django_capture_on_commit_callbacks(execute=True):
            set_up(client)
        assert client.get("/people/").status_code == 200
        assert "Your role needs" not in client.get(SET_UP).content.decode()

    def test_one_that_is_lost_is_needed_again(self, omar, browser, django_capture_on_commit_callbacks):
        client = browser(omar)
        with django_capture_on_commit_callbacks(execute=True):
            set_up(client)
        people.forget_second_factor("syncd", omar)
        assert client.get("/people/").headers["Location"] == SET_UP

    def test_other_roles_need_none(self, ana, browser):
        assert browser(ana).get("/review/").status_code == 200


class TestPrograms:
    def test_a_token_opens_nothing_until_then(self, omar, browser):
        answer = asked_by_token(browser, omar)
        assert answer.status_code == 403
        assert answer.json()["detail"].startswith("Your role needs a second factor")
        Authenticator.objects.create(user=omar, type=Authenticator.Type.TOTP, data={})
        assert asked_by_token(browser, omar).status_code == 200

    def test_a_session_does_not_either(self, omar, browser):
        assert browser(omar).get("/api/v1/flags").status_code == 403


class TestBehindAProxy:
    """Single sign-on is in test_oidc.py."""

    @pytest.fixture
    def proxied(self, settings):
        def by(*, single_sign_on: bool) -> None:
            needed = {"required_for": ["operator"], "single_sign_on": single_sign_on}
            proxy = {"proxy_header": "X-Forwarded-User", "trusted": ["127.0.0.1"]}
            settings.PEOPLE = People.model_validate(proxy | {"second_factor": needed})

        return by

    def test_it_is_the_proxys_task(self, omar, browser, proxied):
        proxied(single_sign_on=False)
        assert browser().get("/people/", HTTP_X_FORWARDED_USER=omar.email).status_code == 200
        assert asked_by_token(browser, omar).status_code == 200

    def test_but_not_for_who_has_a_password_here(self, omar, browser, proxied, with_password):
        proxied(single_sign_on=False)
        assert browser(omar).get("/people/").headers["Location"] == SET_UP
        assert asked_by_token(browser, with_password(omar)).status_code == 403

    def test_unless_it_is_asked_for_here_as_well(self, omar, browser, proxied):
        proxied(single_sign_on=True)
        assert browser().get("/people/", HTTP_X_FORWARDED_USER=omar.email).headers["Location"] == SET_UP
        assert asked_by_token(browser, omar).status_code == 403
