"""A product manager and two partners: she approves, looks through their eyes, answers, and stops everything, with script
and without."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import gate
from tests.browser.pages import Page as Entry
from tests.browser.site import Site

Open = Callable[..., Page]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def ana(request, browser, own_demo: Site) -> Iterator[Open]:
    """Ana's browser, in a company of her own; complaints of the console fail the test."""
    profile = gate.context(browser, own_demo, "pm", base_url=own_demo.url, java_script_enabled=request.param)
    complaints: list[str] = []

    def opened(path: str) -> Page:
        page = profile.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield opened
    profile.close()
    assert complaints == []


def cycle(site: Site, *who: str) -> None:
    """The publisher, as the daemon runs it every minute."""
    arguments = [sys.executable, "-m", "tests.browser.cycle", *who]
    ran = subprocess.run(arguments, cwd=site.folder, env=site.environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_she_approves_what_she_was_shown_and_looks_through_their_eyes(ana: Open, own_demo: Site) -> None:
    page = ana("/partners/")
    row = page.get_by_role("row", name="Alpina Insurance")
    expect(row).to_contain_text("Not approved yet")
    row.get_by_role("link", name="wait for approval").click()
    expect(page.locator("main")).to_contain_text("Your answers stay with the claim")
    expect(page.locator("main")).to_contain_text("share.fields.delivered: quarter")
    page.get_by_label("Message").fill("Agreed in the call of Monday")
    page.get_by_role("button", name="Approve 7 values of 3 items").click()
    expect(page.locator("#toasts")).to_contain_text("7 values of 3 items approved")
    cycle(own_demo)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("row", name="Your answers stay with the claim")).to_contain_text("Q4 2026")
    expect(page.locator("main")).not_to_contain_text("PAY-6")
    page.get_by_role("link", name="Why Your answers stay with the claim").click()
    expect(page.locator("h1")).to_contain_text("PAY-6: what Alpina Insurance sees")
    page.get_by_role("link", name="Ledger").click()
    expect(page.get_by_role("row", name="PAY-6").first).to_contain_text("ana@acme.example")
    page.get_by_role("link", name="Check the chain").click()
    expect(page.locator("main")).to_contain_text("The chain holds")


def test_she_answers_a_proposal_and_a_comment(ana: Open, own_demo: Site) -> None:
    cycle(own_demo, "quinn")
    page = ana("/partners/")
    row = page.get_by_role("row", name="Globex Health")
    expect(row).to_contain_text("1 proposal, 1 comment")
    row.get_by_role("link", name="Globex Health", exact=True).click()
    turn = page.locator("section", has=page.get_by_role("heading", name="They propose"))
    expect(turn).to_contain_text("Twenty test accounts")
    turn.get_by_role("link", name="Answer").click()
    page.get_by_label("Counter: propose something else").check()
    page.get_by_label("What you propose instead").fill(f"{(datetime.now(UTC) + timedelta(days=42)).date()}")
    page.get_by_label("What you say to it").fill("A week later is fine with us")
    page.get_by_role("button", name="Answer it").click()
    expect(page.locator("#toasts")).to_contain_text("counter-proposal is with the partner")
    expect(page.locator("main")).to_contain_text("Waits for them")
    talk = page.locator("section", has=page.get_by_role("heading", name="What was said"))
    expect(talk).to_contain_text("Not answered")
    talk.get_by_text("Reply").first.click()
    talk.get_by_label("Reply").fill("Yes, with every directory that speaks OpenID Connect")
    talk.get_by_role("button", name="Send the reply").click()
    expect(page.locator("#toasts")).to_contain_text("Globex Health can read it")
    expect(page.locator("main")).not_to_contain_text("Not answered")


def test_pages_that_only_a_deed_leads_to_pass_the_gates(browser, own_demo: Site) -> None:
    cycle(own_demo, "quinn")
    profile = gate.context(browser, own_demo, "pm")
    page, visit = gate.opened(profile, f"{own_demo.url}/partners/globex/")
    answer = page.get_by_role("link", name="Answer").first.get_attribute("href") or ""
    assert gate.look(browser, own_demo, Entry("answer", answer, "pm", "Answer")) == []
    page.get_by_role("link", name="Make a link").click()
    page.get_by_label("Whom it is for").fill("Quinn")
    visit.responses.clear()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("h1")).to_have_text("Share link for Quinn")
    page.wait_for_load_state("networkidle")
    found = [*gate.weight(page, visit), *gate.validity(visit), *gate.in_every_size(page), *visit.complaints]
    profile.close()
    assert found == []


def test_she_stops_everything_and_takes_it_back(ana: Open, own_demo: Site) -> None:
    page = ana("/partners/globex/")
    stop(page, "By mistake")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("main")).not_to_contain_text("The partner sees nothing")
    stop(page, "Their mailbox was broken into")
    cycle(own_demo)
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("main")).to_contain_text("Nothing is shown")
    page.get_by_role("link", name="Relationship").click()
    page.get_by_role("button", name="Resume sharing").click()
    expect(page.locator("#toasts")).to_contain_text("sees again what was agreed")
    cycle(own_demo)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("row", name="Sign-in through your directory")).to_be_visible()


def stop(page: Page, because: str) -> None:
    page.get_by_role("link", name="Stop sharing").click()
    page.get_by_label("Why").fill(because)
    page.get_by_role("button", name="Stop sharing now").click()
    expect(page.locator("main")).to_contain_text("The partner sees nothing")
