"""Every page, for every role and method: what is not declared here fails.

Whoever adds a page adds a line. ``look`` is who may open it (GET), ``change`` who may send something to it (POST);
the methods that the view does not answer are ``NEVER``. A page that everybody may open names ``ANYONE``.
"""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.models.people import People
from syncd.accounts.models import Role, User
from syncd.web import health

ANYONE, VIEWER, PM, OPERATOR, NEVER = "anyone", "viewer", "pm", "operator", "never"
RANK = {"nobody": 0, "viewer": 1, "pm": 2, "operator": 3}
NEEDS = {ANYONE: 0, VIEWER: 1, PM: 2, OPERATOR: 3, NEVER: 9}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Page(NamedTuple):
    look: str
    change: str = NEVER
    arguments: dict[str, object] = {}
    others: dict[str, str] = {}
    """Methods of the API that are neither: method -> who may."""

    def needs(self, method: str) -> str:
        if method in self.others:
            return self.others[method]
        return self.look if method in ("GET", "HEAD") else self.change if method == "POST" else NEVER


PAGES: dict[str, Page] = {
    "home": Page(VIEWER),
    "status": Page(VIEWER),
    "theme": Page(NEVER, ANYONE),
    "keys": Page(NEVER, ANYONE),
    "healthz": Page(ANYONE),
    "readyz": Page(ANYONE),
    "metrics": Page(ANYONE),
    # the way in
    "account_login": Page(ANYONE, ANYONE),
    "account_logout": Page(ANYONE, ANYONE),
    "account_inactive": Page(ANYONE),
    "mfa_authenticate": Page(ANYONE, ANYONE),
    "mfa_login_webauthn": Page(ANYONE, ANYONE),
    "link": Page(ANYONE, ANYONE, {"secret": "none"}),
    "openid_connect_login": Page(NEVER, ANYONE, {"provider_id": "sso"}),
    "openid_connect_callback": Page(ANYONE, NEVER, {"provider_id": "sso"}),
    "socialaccount_login_cancelled": Page(ANYONE),
    # one's own account
    "account": Page(VIEWER, VIEWER),
    "account_change_password": Page(VIEWER, VIEWER),
    "account_set_password": Page(VIEWER, VIEWER),
    "account_reauthenticate": Page(VIEWER, VIEWER),
    "mfa_reauthenticate": Page(VIEWER, VIEWER),
    "mfa_reauthenticate_webauthn": Page(VIEWER, VIEWER),
    "mfa_index": Page(VIEWER),
    "mfa_activate_totp": Page(VIEWER, VIEWER),
    "mfa_deactivate_totp": Page(VIEWER, VIEWER),
    "mfa_view_recovery_codes": Page(VIEWER),
    "mfa_generate_recovery_codes": Page(VIEWER, VIEWER),
    "mfa_list_webauthn": Page(VIEWER),
    "mfa_add_webauthn": Page(VIEWER, VIEWER),
    "mfa_remove_webauthn": Page(VIEWER, VIEWER, {"pk": 1}),
    "end_other_sessions": Page(NEVER, VIEWER),
    "end_session": Page(NEVER, VIEWER, {"name": "none"}),
    "tokens": Page(VIEWER, VIEWER),
    "revoke_token": Page(NEVER, VIEWER, {"pk": 1}),
    # messages
    "messages": Page(VIEWER, VIEWER),
    "messages_subscription": Page(VIEWER, VIEWER, {"pk": 0}),
    "messages_end": Page(NEVER, VIEWER, {"pk": 0}),
    "messages_resume": Page(NEVER, VIEWER, {"pk": 0}),
    "messages_digest": Page(VIEWER, NEVER, {"pk": 0}),
    "messages_alerts": Page(NEVER, OPERATOR),
    "messages_outbox": Page(OPERATOR),
    "messages_again": Page(NEVER, OPERATOR, {"pk": 0}),
    "unsubscribe": Page(ANYONE, ANYONE, {"token": "none"}),
    # goals and alignment
    "goals": Page(VIEWER),
    "goals_csv": Page(VIEWER),
    "goal": Page(VIEWER, PM, {"pk": "none"}),
    "alignment": Page(VIEWER),
    "alignment_csv": Page(VIEWER, NEVER, {"name": "weeks"}),
    # items and trackers
    "items": Page(VIEWER),
    "item": Page(VIEWER, NEVER, {"pk": 0}),
    "search": Page(VIEWER),
    "trackers": Page(VIEWER),
    "tracker_sync": Page(NEVER, OPERATOR, {"pk": 0}),
    "changes": Page(VIEWER),
    "changes_seen": Page(NEVER, VIEWER),
    # partners
    "partners": Page(VIEWER),
    "partner": Page(VIEWER, NEVER, {"partner": "none"}),
    "partner_waiting": Page(VIEWER, PM, {"partner": "none"}),
    "partner_waiting_csv": Page(VIEWER, NEVER, {"partner": "none"}),
    "partner_preview": Page(VIEWER, NEVER, {"partner": "none"}),
    "partner_why_named": Page(VIEWER, NEVER, {"partner": "none"}),
    "partner_why": Page(VIEWER, NEVER, {"partner": "none", "item": 0}),
    "partner_ledger": Page(VIEWER, NEVER, {"partner": "none"}),
    "partner_ledger_file": Page(VIEWER, NEVER, {"partner": "none", "form": "csv"}),
    "partner_word": Page(PM, PM, {"partner": "none"}),
    "partner_say": Page(PM, PM, {"partner": "none"}),
    "partner_stop": Page(PM, PM, {"partner": "none"}),
    "partner_resume": Page(NEVER, PM, {"partner": "none"}),
    "partner_links": Page(PM, PM, {"partner": "none"}),
    "partner_link_rotate": Page(NEVER, PM, {"partner": "none", "link": "none"}),
    "partner_link_revoke": Page(NEVER, PM, {"partner": "none", "link": "none"}),
    "partner_mirror_again": Page(NEVER, PM, {"partner": "none", "mirror": 0}),
    "partner_commitment": Page(VIEWER, NEVER, {"partner": "none", "name": "none"}),
    "partner_commitment_accept": Page(NEVER, PM, {"partner": "none", "name": "none"}),
    "partner_commitment_propose": Page(PM, PM, {"partner": "none", "name": "none"}),
    "partner_commitment_remove": Page(PM, PM, {"partner": "none", "name": "none"}),
    "partner_proposal": Page(PM, PM, {"partner": "none", "public": "none"}),
    # everybody's
    "audit": Page(OPERATOR),
    "audit_csv": Page(OPERATOR),
    "people": Page(OPERATOR, OPERATOR),
    "person_role": Page(NEVER, OPERATOR, {"pk": 0}),
    "person_shut_out": Page(NEVER, OPERATOR, {"pk": 0}),
    "person_let_in": Page(NEVER, OPERATOR, {"pk": 0}),
    "person_link": Page(NEVER, OPERATOR, {"pk": 0}),
    # the review
    "review": Page(VIEWER),
    "review_flag": Page(VIEWER, NEVER, {"pk": 0}),
    "review_ask": Page(VIEWER, VIEWER, {"pk": 0}),
    "review_decide": Page(PM, PM, {"pk": 0, "name": "exempt"}),
    "review_bulk": Page(NEVER, PM),
    "review_undo": Page(NEVER, PM, {"pk": 0}),
    "review_undo_many": Page(NEVER, PM, {"batch": "none"}),
    "review_views": Page(NEVER, VIEWER),
    "review_view_share": Page(NEVER, PM, {"pk": 0}),
    "review_view_remove": Page(NEVER, VIEWER, {"pk": 0}),
    "question_answer": Page(NEVER, VIEWER, {"pk": 0}),
    "question_withdraw": Page(NEVER, VIEWER, {"pk": 0}),
    "why": Page(VIEWER, NEVER, {"pk": 0}),
    "why_ask": Page(NEVER, VIEWER, {"pk": 0}),
    "why_named": Page(VIEWER, NEVER, {"name": "WEB-0"}),
    # the API: names of the first operation at an address
    "api_docs": Page(VIEWER),
    "api:list_flags": Page(VIEWER),
    "api:count_flags": Page(VIEWER),
    "api:get_flag": Page(VIEWER, NEVER, {"flag": 1}),
    "api:list_flag_history": Page(VIEWER, NEVER, {"flag": 1}),
    "api:decide_flag": Page(NEVER, PM, {"flag": 1}),
    "api:decide_flags": Page(NEVER, PM),
    "api:undo_decision": Page(NEVER, NEVER, {"decision": 1}, {"DELETE": PM}),
    "api:undo_batch": Page(NEVER, NEVER, {"batch": "none"}, {"DELETE": PM}),
    "api:list_questions": Page(VIEWER),
    "api:get_question": Page(VIEWER, NEVER, {"id": 1}, {"DELETE": VIEWER}),
    "api:answer_question": Page(NEVER, NEVER, {"id": 1}, {"PUT": VIEWER}),
    "api:ask_about_flag": Page(NEVER, VIEWER, {"flag": 1}),
    "api:ask_about_item": Page(NEVER, VIEWER, {"item": "none"}),
    "api:list_views": Page(VIEWER, VIEWER),
    "api:remove_view": Page(NEVER, NEVER, {"id": 1}, {"DELETE": VIEWER}),
    "api:list_items": Page(VIEWER),
    "api:search_items": Page(VIEWER),
    "api:get_item": Page(VIEWER, NEVER, {"item": "none"}),
    "api:explain_item": Page(VIEWER, NEVER, {"item": "none"}),
    "api:list_item_versions": Page(VIEWER, NEVER, {"item": "none"}),
    "api:list_item_history": Page(VIEWER, NEVER, {"item": "none"}),
    "api:get_item_suggestions": Page(VIEWER, NEVER, {"item": "none"}),
    "api:list_suggestions": Page(VIEWER),
    "api:list_trackers": Page(VIEWER),
    "api:get_tracker": Page(VIEWER, NEVER, {"name": "none"}),
    "api:sync_tracker": Page(NEVER, OPERATOR, {"name": "none"}),
    "api:list_goals": Page(VIEWER),
    "api:list_changes": Page(VIEWER),
    "api:list_changes_of": Page(VIEWER, NEVER, {"group": "flags"}),
    "api:mark_changes_seen": Page(NEVER, VIEWER),
    "api:get_goal": Page(VIEWER, NEVER, {"goal": "none"}),
    "api:list_goal_changes": Page(VIEWER, NEVER, {"goal": "none"}),
    "api:post_goal_update": Page(VIEWER, PM, {"goal": "none"}),
    "api:get_alignment": Page(VIEWER),
    "api:list_versions": Page(VIEWER),
    "api:get_version": Page(VIEWER, NEVER, {"version": 1}),
    "api:get_draft": Page(VIEWER),
    "api:list_partners": Page(VIEWER),
    "api:get_partner": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:list_partner_items": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:explain_partner_item": Page(VIEWER, NEVER, {"partner": "none", "item": "none"}),
    "api:list_waiting": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:sum_waiting": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:approve_waiting": Page(NEVER, PM, {"partner": "none"}),
    "api:stop_partner": Page(NEVER, PM, {"partner": "none"}, {"DELETE": PM}),
    "api:list_commitments": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:accept_commitment": Page(NEVER, PM, {"partner": "none", "name": "none"}),
    "api:propose_change": Page(NEVER, PM, {"partner": "none", "name": "none"}),
    "api:remove_commitment": Page(NEVER, PM, {"partner": "none", "name": "none"}),
    "api:list_proposals": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:answer_proposal": Page(NEVER, PM, {"partner": "none", "proposal": "none"}),
    "api:list_comments": Page(VIEWER, PM, {"partner": "none"}),
    "api:give_word": Page(NEVER, PM, {"partner": "none"}),
    "api:list_share_links": Page(VIEWER, PM, {"partner": "none"}),
    "api:rotate_share_link": Page(NEVER, PM, {"partner": "none", "link": "none"}),
    "api:revoke_share_link": Page(NEVER, NEVER, {"partner": "none", "link": "none"}, {"DELETE": PM}),
    "api:list_disclosures": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:list_known": Page(VIEWER, NEVER, {"partner": "none"}),
    "api:verify_ledger": Page(VIEWER),
    "api:list_subscriptions": Page(VIEWER, VIEWER),
    "api:get_subscription": Page(VIEWER, NEVER, {"id": 1}, {"PUT": VIEWER, "DELETE": VIEWER}),
    "api:resume_subscription": Page(NEVER, VIEWER, {"id": 1}),
    "api:preview_digest": Page(VIEWER, NEVER, {"id": 1}),
    "api:list_digests": Page(VIEWER),
    "api:get_digest": Page(VIEWER, NEVER, {"id": 1}),
    "api:get_alerts_by_mail": Page(OPERATOR, NEVER, {}, {"PUT": OPERATOR}),
    "api:list_messages": Page(OPERATOR),
    "api:send_message_again": Page(NEVER, OPERATOR, {"id": 1}),
    "api:list_people": Page(OPERATOR, OPERATOR),
    "api:get_person": Page(OPERATOR, NEVER, {"id": 0}, {"PATCH": OPERATOR}),
    "api:make_link": Page(NEVER, OPERATOR, {"id": 0}),
    "api:list_audit": Page(OPERATOR),
    "api:get_me": Page(VIEWER, NEVER, {}, {"PATCH": VIEWER}),
    "api:list_tokens": Page(VIEWER, VIEWER),
    "api:revoke_token": Page(NEVER, NEVER, {"id": 1}, {"DELETE": VIEWER}),
    "api:openapi": Page(VIEWER),
}


def routes(patterns: list[URLPattern | URLResolver] | None = None, above: str = "") -> Iterator[str]:
    """The names in the site map; an API names its routes below its own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{above}{pattern.namespace}:" if pattern.namespace else above)
        else:
            yield f"{above}{pattern.name}"


def test_every_route_is_declared():
    assert sorted(routes()) == sorted(PAGES)


@pytest.fixture
def browsers(db, settings, monkeypatch) -> dict[str, Client]:
    """One for each role, and one for nobody. Readiness asks from a thread that a test must not lend its store."""
    monkeypatch.setattr(health, "_ask", lambda: "")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    User.objects.add("another@acme.example", Role.OPERATOR)  # so that nobody here is the last
    found = {"nobody": Client(raise_request_exception=False)}
    for role in Role.values:
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(User.objects.add(f"{role}@acme.example", role))
    return found


OWN_REFUSALS = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""They answer 403 to whoever has nothing to show there, be it the right person."""


def let_in(answer, name: str) -> bool:
    """Whether the view itself answered, be it with a 404 or a mistake: neither the door nor the form's guard."""
    assert answer.status_code < 500, answer.content.decode()[:300]
    to_the_door = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next=")
    return not to_the_door and answer.status_code not in ((401, 405) if name in OWN_REFUSALS else (401, 403, 405))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.any_store
def test_who_may_do_what(name, browsers):
    page = PAGES[name]
    path = reverse(name, kwargs=page.arguments)
    asked = itertools.product([role for role in RANK if role in browsers], METHODS)
    for role, method in asked:
        needed = page.needs(method)
        answer = browsers[role].generic(method, path)
        if role != "nobody" and name == "account_logout" and method == "POST":
            browsers[role].force_login(User.objects.get(email=f"{role}@acme.example"))
        assert let_in(answer, name) is (RANK[role] >= NEEDS[needed]), f"{role} {method} {path}: {answer.status_code}"


FIRST = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index", "mfa_activate_totp",
         "mfa_list_webauthn", "mfa_add_webauthn"}  # fmt: skip
"""Where a second factor is set up."""


def test_without_a_second_factor_that_the_role_needs_nothing_is_reached(browsers, settings):
    settings.PEOPLE = People.model_validate({"second_factor": {"required_for": ["operator"]}})
    closed = {name: page for name, page in PAGES.items() if ANYONE not in (page.look, page.change)}
    asked = [(name, method) for name, page in closed.items() for method in METHODS if page.needs(method) != NEVER]
    reached = set()
    for name, method in asked:
        answer = browsers["operator"].generic(method, reverse(name, kwargs=PAGES[name].arguments))
        led = answer.status_code == 302 and answer.headers["Location"] == reverse("mfa_index")
        if not led and answer.status_code != 403:
            reached.add(name)
    assert reached == FIRST - OWN_REFUSALS


WITHOUT_TOKEN = {"unsubscribe"}
"""A mail program sends this form (RFC 8058); its signed address is what it may."""


@pytest.mark.parametrize(
    "name", [name for name, page in PAGES.items() if page.change != NEVER and name not in WITHOUT_TOKEN]
)
@pytest.mark.any_store
def test_a_form_without_its_hidden_token_is_refused(name, db):
    """Even where the person may: another site could have sent it."""
    operator = Client(enforce_csrf_checks=True)
    operator.force_login(User.objects.add("omar@acme.example", Role.OPERATOR))
    answer = operator.post(reverse(name, kwargs=PAGES[name].arguments))
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.look != NEVER])
@pytest.mark.any_store
def test_every_answer_carries_the_headers(name, browsers):
    answer = browsers["operator"].get(reverse(name, kwargs=PAGES[name].arguments))
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.look != NEVER])
@pytest.mark.any_store
def test_no_page_holds_inline_code(name, browsers):
    answer = browsers["operator"].get(reverse(name, kwargs=PAGES[name].arguments))
    if not answer.headers["Content-Type"].startswith("text/html"):
        return
    page = answer.content.decode()
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert not re.search(r"<style\b", page)


NUMBERED = [name for name, page in PAGES.items() if any(isinstance(value, int) for value in page.arguments.values())]


@pytest.mark.parametrize("number", [2**63, 10**30])
@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_that_nothing_can_have_is_not_found(name, number, browsers):
    page = PAGES[name]
    arguments = {key: number if isinstance(value, int) else value for key, value in page.arguments.items()}
    for method in METHODS:
        if page.needs(method) != NEVER:
            answer = browsers["operator"].generic(method, reverse(name, kwargs=arguments))
            assert 400 <= answer.status_code < 500, f"{method}: {answer.status_code}"
