"""Every page that people open is registered for the gates and the pictures, or says here why not."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.browser.pages import PAGES as REGISTERED
from tests.web.test_routes import NEVER
from tests.web.test_routes import PAGES as ROUTES

EXEMPT: Mapping[str, str] = {
    "home": "the status page under another address",
    **dict.fromkeys(("healthz", "readyz", "metrics"), "for machines"),
    **dict.fromkeys(("goals_csv", "alignment_csv", "audit_csv", "partner_waiting_csv", "partner_ledger_file"), "a file"),
    "openid_connect_callback": "leads elsewhere",
    "socialaccount_login_cancelled": "says what the registered one says to somebody who is shut out",
    "link": "its address is a secret that works once",
    "mfa_authenticate": "there only halfway through signing in",
    **dict.fromkeys(("mfa_login_webauthn", "account_change_password"), "leads elsewhere, or answers a passkey"),
    **dict.fromkeys(
        ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        "refused to whoever has just signed in",
    ),
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_remove_webauthn"),
        "there only with a second factor; nobody in the demo has one",
    ),
    "messages_digest": "the letter as a page; the demo has sent none yet",
    **dict.fromkeys(("item", "why", "partner_why"), "registered by what people call the item"),
    **dict.fromkeys(("partner_word", "partner_say", "partner_links"), "the form of partner-stop with another question"),
    "partner_commitment_remove": "the form of partner-stop with another question",
    "partner_proposal": "the form of partner-propose; in the demo no partner has proposed anything yet",
}  # fmt: skip
"""Name of a route -> why no gate looks at it by itself."""


def opened() -> set[str]:
    """The routes that the registered addresses lead to."""
    found = set()
    for page in REGISTERED:
        try:
            found.add(str(resolve(urlsplit(page.path).path).url_name))
        except Resolver404:
            pytest.fail(f"{page.name}: there is no {page.path}")
    return found


def test_every_page_is_registered_or_says_why_not():
    looked_at = {name for name, page in ROUTES.items() if page.look != NEVER and not name.startswith("api:")}
    assert looked_at - opened() - set(EXEMPT) == set()


def test_no_reason_is_left_of_a_page_that_is_registered_or_gone():
    assert set(EXEMPT) - set(ROUTES) == set()
    assert set(EXEMPT) & opened() == set()


def test_no_two_pages_share_a_name_or_an_address():
    assert len({page.name for page in REGISTERED}) == len(REGISTERED)
    assert len({page.path for page in REGISTERED}) == len(REGISTERED)
