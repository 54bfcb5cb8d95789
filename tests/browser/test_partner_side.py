"""The partner side in a real browser: its pages pass every gate, and a partner gets by without script."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
from playwright.sync_api import Page, Route, expect

from rules.calendar import spelled
from syncd.sandbox import story
from tests.browser import gate, site
from tests.browser.pages import LETTER, PARTNER_PAGES, SHARE
from tests.browser.pages import Page as Entry
from tests.browser.site import Site
from tests.browser.test_partners import cycle

Open = Callable[..., Page]

PAGES = (
    *PARTNER_PAGES,
    Entry("quarters", "/p/?by=quarter", "partner", "Shared work"),
    Entry("list", "/p/?by=list&q=your", "partner", "Shared work"),
    Entry("item", "item", "partner", ""),
    Entry("commitment", "commitment", "partner", ""),
    Entry("changes", "/p/changes/", "partner", "Changes"),
    Entry("talk", "/p/talk/", "partner", "Conversation"),
    Entry("subscribe", "/p/subscribe/", "partner", "Subscribe"),
    Entry("settings", "/p/settings/", "partner", "Settings"),
    Entry("paper", "/p/print/", "partner", "Everything at a glance"),
    Entry("sign-in", "/p/", "", "Sign in"),
    Entry("enter", f"/p/enter/{LETTER}", "", "Sign in"),
)
"""``item`` and ``commitment`` have random addresses: the first of each is looked at."""


@pytest.fixture(scope="module")
def late(demo: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company in which something waits for the partner."""
    with site.copied(demo, tmp_path_factory.mktemp("late") / "site") as served:
        cycle(served, "late")
        yield served


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_passes_every_gate(browser, late, page):
    if not page.path.startswith("/"):
        page = replace(page, address=first(browser, late, page.path))
    assert gate.look(browser, late, page) == []


def test_the_nu_checker_has_nothing_to_say(browser, late, tmp_path):
    if not gate.VNU.exists():
        pytest.skip("vnu-jar is not in .tools")
    documents = []
    for page in PAGES:
        profile = gate.context(browser, late, page.role)
        path = page.path if page.path.startswith("/") else first(browser, late, page.path)
        documents.append(tmp_path / f"{page.name}.html")
        documents[-1].write_bytes(profile.request.get(late.url + path).body())
        profile.close()
    assert "\n".join(gate.nu(documents)) == ""


def first(browser, here: Site, what: str) -> str:
    profile = gate.context(browser, here, "partner")
    tab = profile.new_page()
    tab.goto(here.url + ("/p/?by=list" if what == "item" else "/p/commitments/"))
    path = tab.locator("h3 a").first.get_attribute("href")
    profile.close()
    assert path
    return path


@pytest.fixture
def pia(browser, own_demo: Site) -> Iterator[Open]:
    """A browser of somebody at Globex, without script; complaints of the console fail the test."""
    profile = browser.new_context(base_url=own_demo.url, java_script_enabled=False)
    complaints: list[str] = []

    def opened(path: str) -> Page:
        page = profile.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield opened
    profile.close()
    assert complaints == []


def test_a_partner_opens_the_link_counters_a_date_comments_and_subscribes(pia: Open, own_demo: Site, browser) -> None:
    agreed = date.fromisoformat(story.periods(datetime.now(UTC))["SSO_BY"])
    instead = agreed + timedelta(days=15)
    cycle(own_demo, "late")
    page = pia(f"/p/with/{SHARE}")
    expect(page.locator("h1")).to_have_text("Shared work")
    page.get_by_role("link", name="1 commitment waits").click()
    one = page.get_by_role("article", name="Single sign-on for the staff of Globex")
    expect(one).to_contain_text("Acme proposes a change: the date")
    expect(one).to_contain_text("The second directory takes longer")

    one.get_by_text("Propose something else").click()
    one.get_by_label("By this day").fill(instead.isoformat())
    one.get_by_label("Why (optional)").fill("Our audit is on the 7th.")
    one.get_by_role("button", name="Send this proposal").click()
    expect(page.locator("h1")).to_have_text("Single sign-on for the staff of Globex")
    expect(page.locator("main")).to_contain_text("You made another proposal. It is on its way to Acme.")

    page.get_by_label("Write to Acme").fill("Could Basel go first?\nThey are ready.")
    page.get_by_role("button", name="Send", exact=True).click()
    word = page.locator(".words li", has_text="Could Basel go first?")
    expect(word).to_contain_text("sent")

    cycle(own_demo)  # the worker takes it in
    page.reload()
    expect(word).to_have_count(1)
    expect(word).not_to_contain_text("sent")
    theirs = page.locator(".proposal", has_text="Globex Health proposes a change")
    expect(theirs).to_contain_text(spelled(instead))
    expect(theirs).to_contain_text("Waits for Acme")
    expect(page.locator("main")).to_contain_text(spelled(agreed))  # what was agreed stands

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscribe").click()
    page.get_by_role("button", name="Make my addresses").click()
    address = page.locator("dd", has=page.get_by_text("Open in your calendar")).locator("code").inner_text()
    program = browser.new_context()
    fetched = program.request.get(own_demo.url + urlsplit(address).path)
    assert fetched.ok
    events = {str(event["summary"]) for event in icalendar.Calendar.from_ical(fetched.body()).walk("VEVENT")}
    program.close()
    assert "Acme: Single sign-on for the staff of Globex" in events


def test_a_letters_link_signs_in_once(pia: Open) -> None:
    page = pia(f"/p/enter/{LETTER}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Shared work")
    expect(page.locator(".foot")).to_contain_text("Signed in as")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Send me a link")).to_be_visible()


def test_a_link_in_somebodys_mail_finds_them_signed_in(pia: Open) -> None:
    """The cookie is sent along by no other site: the page asks once more, from here."""
    page = pia(f"/p/with/{SHARE}")
    expect(page.locator("h1")).to_have_text("Shared work")
    to = page.url + "commitments/"

    def mail(route: Route) -> None:
        route.fulfill(content_type="text/html", body=f'<!doctype html><a href="{to}">See it</a>')

    page.route("https://mail.example/**", mail)
    page.goto("https://mail.example/inbox")
    page.get_by_text("See it").click()
    expect(page.locator("h1")).to_have_text("Commitments")
