"""The queue as a product manager works it off: by keyboard alone, by a filter, and without script."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import gate
from tests.browser.pages import Page as Entry
from tests.browser.site import Site

Open = Callable[..., Page]


@pytest.fixture
def ana(browser, own_demo: Site) -> Iterator[Open]:
    """Ana's browser at the queue of a company of her own; complaints of the console fail the test."""
    profiles, complaints = [], []

    def opened(path: str = "/review/", **how) -> Page:
        profile = gate.context(browser, own_demo, "pm", base_url=own_demo.url, **how)
        profiles.append(profile)
        page = profile.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield opened
    for profile in profiles:
        profile.close()
    assert complaints == []


def listed(page: Page) -> list[str]:
    return page.locator("[data-row] h2").all_inner_texts()


def count(page: Page, tab: str) -> int:
    word = page.locator(".tabs a", has_text=tab).inner_text()
    return int(re.sub(r"\D", "", word))


def has_focus(page: Page) -> str:
    """The row that has the focus, by its title; empty if none has."""
    return page.evaluate("() => document.activeElement.closest('[data-row]')?.querySelector('h2').textContent ?? ''")


def opened(page: Page) -> str:
    return page.locator("#flag-title").inner_text()


def decide(page: Page, *keys: str) -> None:
    """Press them and wait until the queue has answered: one flag fewer, and the focus in the list."""
    before = count(page, "To review")
    for key in keys:
        page.keyboard.press(key)
        if key in ("2", "3", "4", "h"):
            page.locator("dialog[open]").wait_for()
    expect(page.locator(".tabs a", has_text="To review").locator(".count")).to_have_text(str(before - 1))
    page.wait_for_function("() => document.activeElement.closest('[data-row]')")


def test_ten_flags_are_decided_by_keyboard_alone(ana: Open) -> None:
    page = ana()
    flags = count(page, "To review")
    page.keyboard.press("j")
    for _ in range(flags):
        if not has_focus(page).startswith(("PAY-15 “Direct debit for group practices” serves", "OPS-18")):
            page.keyboard.press("j")
    for number in range(10):
        row = has_focus(page)
        expect(page.locator("#flag-title")).to_have_text(row)
        if page.locator("[data-detail] form button[data-key='1']").count() and number == 0:
            decide(page, "1")
        elif page.locator("[data-detail] a[data-key='3']").count() and number % 2:
            decide(page, "3", "Space", "Enter")
        elif number % 3 == 2:
            decide(page, "4", "Space", "Enter")
        else:
            decide(page, "h", "Enter")
        assert has_focus(page) not in ("", row), "the next row has the focus"
        expect(page.locator("#flag-title")).to_have_text(has_focus(page))
        assert page.locator(".toast").count() == 1
    assert count(page, "To review") == flags - 10


def test_a_verdict_is_taken_back_by_its_key_and_the_flag_is_there_again(ana: Open) -> None:
    page = ana()
    page.keyboard.press("j")
    first, before = has_focus(page), listed(page)
    decide(page, "h", "Enter")
    assert first not in listed(page)
    page.keyboard.press("z")
    expect(page.locator("[data-row]")).to_have_count(len(before))
    assert listed(page) == before
    assert opened(page) == first
    expect(page.locator(".toast")).to_contain_text("Took back")


def test_a_verb_that_was_pressed_leads_back_to_the_list(ana: Open) -> None:
    """Else the focus would be on a verb about the next flag."""
    page = ana()
    first = opened(page)
    page.locator("#detail .actions").get_by_role("link", name="Snooze").press("Enter")
    page.locator("dialog[open]").get_by_role("button", name="Snooze").press("Enter")
    expect(page.locator("#flag-title")).not_to_have_text(first)
    page.wait_for_function("() => document.activeElement.closest('[data-row]')")
    assert has_focus(page) == opened(page)


def test_a_key_pressed_before_the_row_is_open_waits_for_it(ana: Open) -> None:
    """Nobody decides about the flag that was open before."""
    page = ana()
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    first = opened(page)
    page.route("**/review/*/", lambda route: (page.wait_for_timeout(200), route.continue_()))
    page.keyboard.press("j")
    second = has_focus(page)
    page.keyboard.press("h")
    page.locator("dialog[open]").wait_for()
    assert opened(page) == second != first
    page.keyboard.press("Escape")


def test_a_goal_is_picked_by_typing_a_part_of_its_name(ana: Open) -> None:
    page = ana("/review/?rule=unlinked")
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.locator("dialog[open]").wait_for()
    page.keyboard.type("claims")
    expect(page.locator("#goal-target option:not([hidden])")).to_have_count(1)
    decide(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("linked to claims")


def test_who_asks_the_owner_stays_at_the_flag_and_may_withdraw(ana: Open) -> None:
    page = ana("/review/?rule=unlinked")
    page.keyboard.press("j")
    title = has_focus(page)
    page.keyboard.press("a")
    page.locator("dialog[open] textarea").fill("Which clinic wants it?")
    page.locator("dialog[open]").get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#detail")).to_contain_text("Which clinic wants it?")
    assert opened(page) == title
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#detail")).to_contain_text("Withdrawn")


def test_a_selection_is_kept_while_others_are_decided(ana: Open) -> None:
    page = ana()
    for key in ("j", "j", "x", "j", "x", "k", "k"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.locator("[data-count]").inner_text() == "2"
    decide(page, "h", "Enter")
    assert page.locator("[name=item]:checked").count() == 2
    assert page.locator("[data-count]").inner_text() == "2"


def test_a_bulk_verdict_over_a_filter_and_its_undo(ana: Open) -> None:
    page = ana()
    page.get_by_label("Flag", exact=True).select_option("off_strategy")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**/review/?rule=off_strategy")
    matching = count(page, "To review")
    assert matching == 3
    page.locator("[name=item]").first.check()
    page.get_by_role("link", name="Select all 3 that match").click()
    expect(page.get_by_text("All 3 that match are selected")).to_be_visible()
    page.locator(".bulk").get_by_role("button", name="Snooze").click()
    expect(page.locator("h1")).to_have_text("Snooze: 3 flags")
    page.get_by_role("button", name="Snooze: 3 flags").click()
    expect(page.locator(".toast")).to_contain_text("3 flags snoozed")
    assert page.url.endswith("/review/?rule=off_strategy")
    assert count(page, "To review") == 0
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Took back 3 decisions")
    assert count(page, "To review") == matching


def test_a_saved_view_leads_back_to_its_filters(ana: Open) -> None:
    page = ana("/review/?rule=off_strategy&sort=oldest")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Save these filters as").fill("Off strategy, oldest first")
    page.get_by_label("Everybody sees it").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    page.goto("/review/")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("link", name="Off strategy, oldest first").click()
    page.wait_for_url("**/review/?rule=off_strategy&sort=oldest")
    assert count(page, "To review") == 3


def test_single_keys_do_nothing_once_they_are_switched_off(ana: Open) -> None:
    page = ana()
    page.evaluate("() => { document.body.dataset.keys = 'off'; }")
    for key in ("j", "h", "1"):
        page.keyboard.press(key)
    assert has_focus(page) == ""
    assert page.locator("dialog[open]").count() == 0


def test_on_a_phone_a_row_leads_to_a_page_and_a_verdict_to_the_next(ana: Open) -> None:
    page = ana("/status/")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/review/?rule=off_strategy")
    assert not page.locator("#detail").is_visible()
    page.locator("[data-open]").first.click()
    page.wait_for_url("**/review/*/?rule=off_strategy")
    assert not page.locator(".queue").is_visible()
    first = opened(page)
    page.get_by_role("link", name="Snooze").click()
    page.locator("dialog[open]").get_by_role("button", name="Snooze").click()
    expect(page.locator("#flag-title")).not_to_have_text(first)
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("[data-row]")).to_have_count(2)


def test_without_script_the_same_is_done_by_links_and_forms(ana: Open) -> None:
    page = ana(java_script_enabled=False)
    flags = count(page, "To review")
    for number in range(10):
        title = opened(page)
        page.locator("#detail .actions").get_by_role("link", name="Rule is wrong" if number % 2 else "Snooze").click()
        if number % 2:
            page.get_by_label("The data in the tracker is wrong").check()
        page.locator("main form button.primary").click()
        assert opened(page) != title
    assert count(page, "To review") == flags - 10

    page.locator(".toast").get_by_role("button", name="Undo").click()
    assert count(page, "To review") == flags - 9

    page.goto("/review/?tab=snoozed")
    assert count(page, "Snoozed") == 5
    page.goto("/review/")
    page.get_by_role("link", name=re.compile("Select all .* that match")).click()
    page.locator(".bulk").get_by_role("button", name="Snooze").click()
    page.get_by_label("In a month").check()
    page.locator("main form button.primary").click()
    assert count(page, "To review") == 0
    page.locator(".toast").get_by_role("button", name="Undo").click()
    assert count(page, "To review") == flags - 9

    page.get_by_label("Words", exact=True).fill("claims")
    page.get_by_role("button", name="Filter", exact=True).click()
    assert page.url.endswith("/review/?q=claims")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Save these filters as").fill("Claims")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/review/")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("link", name="Claims").click()
    assert page.url.endswith("/review/?q=claims")


@pytest.mark.parametrize("below", ["", "exempt/", "goal/", "ask/"])
def test_the_page_of_a_flag_passes_every_gate(below: str, browser, demo: Site) -> None:
    """Its number is another one in every demo: the list tells it."""
    profile = gate.context(browser, demo, "pm")
    page = profile.new_page()
    page.goto(f"{demo.url}/review/?rule=unlinked")
    path = page.locator("[data-open]").first.get_attribute("href").partition("?")[0]
    profile.close()
    assert gate.look(browser, demo, Entry("flag", f"{path}{below}", "pm", "")) == []


def test_what_was_written_about_one_flag_is_not_said_about_the_next(ana: Open) -> None:
    page = ana()
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.locator("dialog[open]").get_by_label("Comment").fill("only about this one")
    page.locator("dialog[open]").get_by_label("In a month").check()
    decide(page, "Enter")
    page.keyboard.press("h")
    page.locator("dialog[open]").wait_for()
    assert page.locator("dialog[open]").get_by_label("Comment").input_value() == ""
    assert page.locator("dialog[open]").get_by_label("In a week").is_checked()
