"""The ways in that a browser has a say in: a one-time link, the link that ends messages, and a passkey, from making it to
coming in by it, with the authenticator that Chromium has for tests."""

import subprocess
from contextlib import contextmanager

import pytest

from tests.browser import site as sites
from tests.browser.pages import ANAS
from tests.browser.site import SYNCD, Site

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def with_device(browser, site: Site):
    """Ana's browser, with an authenticator built in. Passkeys belong to a name: an address of digits has none. She signed in
    just now: who has a passkey and came minutes ago is asked again."""
    url = site.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=url)
    just_now = sites.signed_in(site.environment, site.folder)["pm"]
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in just_now.items()])
    made = context.new_page()
    made.set_default_timeout(10_000)
    session = context.new_cdp_session(made)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    made.complaints = []
    made.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()


@pytest.fixture
def page(browser, own_demo: Site):
    with with_device(browser, own_demo) as made:
        yield made


def test_where_the_role_needs_a_second_factor_making_one_opens_the_rest(browser, demo, tmp_path):
    needed = "people: {second_factor: {required_for: [pm]}}\n"
    with sites.copied(demo, tmp_path / "site", needed) as strict, with_device(browser, strict) as page:
        page.goto("/review/")
        page.get_by_text("Your role needs a second factor here.").wait_for()
        assert page.get_by_role("navigation", name="Main").count() == 0
        page.locator("main").get_by_role("link", name="Passkeys").click()
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_role("button", name="Add it").click()
        page.wait_for_url("**/account/second-factor/codes/")
        page.get_by_role("link", name="Review").click()
        page.get_by_role("heading", name="Review", level=1).wait_for()
        assert page.complaints == []


def test_a_passkey_is_made_and_then_signs_in_without_a_password(page):
    page.goto("/account/passkeys/new/")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/account/second-factor/codes/")
    assert page.locator(".codes code").count() == 10
    page.goto("/account/passkeys/")
    assert page.get_by_role("link", name="Remove").count() == 1

    page.context.clear_cookies()
    page.goto("/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()
    assert "ana@acme.example" in page.content()
    assert page.complaints == []


def test_who_thinks_better_of_it_is_told_and_stays_where_they_were(page):
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'));")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Nothing was chosen, or it took too long.").wait_for()
    assert page.url.endswith("/sign-in/")


def fresh_link(site: Site, email: str) -> str:
    """A one-time link as an operator makes it, at this server."""
    command = [*SYNCD, "--config", "var/demo", "people", "link", email]
    ran = subprocess.run(command, cwd=site.folder, env=site.environment, capture_output=True, text=True, check=True)
    (printed,) = [word for word in ran.stdout.split() if "/sign-in/link/" in word]
    return f"{site.url}{printed[printed.index('/sign-in/link/') :]}"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_one_time_link_lets_its_owner_in(browser, own_demo, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(fresh_link(own_demo, "ana@acme.example"))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.goto(f"{own_demo.url}/account/")
    assert "ana@acme.example" in page.content()
    context.close()


def test_the_link_in_a_message_ends_it(browser, own_demo):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{own_demo.url}/unsubscribe/{ANAS}/")
    page.locator("main form button").first.click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    context.close()
