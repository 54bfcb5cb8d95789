"""Closed by default: what a page must say before anybody gets in, and what the door does when it cannot ask."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import RequestFactory

from syncd.accounts import sessions
from syncd.accounts.access import MAY, Act, may, needed, needs
from syncd.accounts.door import Door
from syncd.accounts.models import Role, User


def page(_request):
    return HttpResponse("the page")


def asked(view, person=None, method="GET", app_names=(), **headers):
    """What the door does: None lets in."""
    request = RequestFactory().generic(method, "/somewhere/", **headers)
    request.user, request.session = person or AnonymousUser(), {}
    request.resolver_match = type("Match", (), {"app_names": list(app_names)})()
    return Door(page).process_view(request, view, (), {})


@pytest.mark.django_db
class TestAPage:
    def test_that_declares_nothing_is_seen_by_who_is_signed_in_and_changed_by_nobody(self, vera, omar):
        assert asked(page).status_code == 302
        assert asked(page, vera) is None
        with pytest.raises(PermissionDenied):
            asked(page, omar, "POST")

    def test_that_declares_an_act_is_for_those_who_may(self, vera, ana, omar):
        decides = needs(Act.DECIDE)(page)
        assert asked(decides, vera) is None
        assert asked(decides, ana, "POST") is None
        with pytest.raises(PermissionDenied):
            asked(decides, vera, "POST")
        operates = needs(Act.OPERATE, look=Act.OPERATE)(page)
        assert asked(operates, omar) is None
        with pytest.raises(PermissionDenied):
            asked(operates, ana)

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "INVENTED"])
    def test_every_other_method_counts_as_a_change(self, vera, method):
        with pytest.raises(PermissionDenied):
            asked(needs(Act.DECIDE)(page), vera, method)

    def test_times_are_told_in_the_persons_zone(self, ana, browser):
        ana.time_zone = "Asia/Tokyo"
        ana.save()
        assert browser(ana).get("/status/").status_code == 200


@pytest.mark.django_db
class TestAnApi:
    """django-ninja's routes have authenticators of their own; somebody must be named all the same."""

    def test_without_a_person_or_a_token_is_401_and_no_redirect(self):
        answer = asked(page, app_names=["ninja"])
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_with_either_is_left_to_the_api(self, ana):
        assert asked(page, ana, "POST", ["ninja"]) is None
        assert asked(page, None, "POST", ["ninja"], HTTP_AUTHORIZATION="Bearer sy_x") is None


def test_a_store_that_is_away_is_said_and_not_mistaken_for_nobody(rf, monkeypatch):
    def away(_request):
        raise DatabaseError

    monkeypatch.setattr(sessions, "keep", away)
    answer = asked(page)
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


class TestWhoMay:
    def test_roles_are_steps_of_one_ladder(self):
        assert MAY[Role.VIEWER] < MAY[Role.PM] < MAY[Role.OPERATOR] == set(Act)

    def test_nobody_and_strangers_may_nothing(self):
        for stranger in (None, AnonymousUser(), "operator", User(role="partner"), User(role="")):
            assert not any(may(stranger, act) for act in Act)

    def test_who_was_shut_out_may_nothing(self):
        assert not any(may(User(role=Role.OPERATOR, is_active=False), act) for act in Act)

    def test_what_is_no_declaration_declares_nothing(self):
        page_of_another = lambda _request: None  # noqa: E731
        page_of_another.needs = "operate"
        assert needed(page_of_another).change is None
