"""From a chart to the goal, and what Ana says of it; with script and without."""

import pytest

from tests.browser import gate


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request, browser, own_demo):
    profile = gate.context(browser, own_demo, "pm", java_script_enabled=request.param)
    made = profile.new_page()
    made.set_default_timeout(10_000)
    made.complaints = []
    made.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
    made.home = own_demo.url
    yield made
    profile.close()


def test_a_goal_is_opened_from_its_part_of_the_chart_and_an_update_is_posted(page):
    page.goto(f"{page.home}/goals/")
    page.locator("svg.stack a[aria-label^='Insurers accept claims']").click()
    page.get_by_role("heading", level=1, name="Insurers accept claims the first time").wait_for()

    page.get_by_text("Post an update").click()
    page.get_by_label("At risk").check()
    page.get_by_label("Why").fill("Two insurers have changed their forms.")
    page.get_by_role("button", name="Post it").click()
    page.get_by_text("Your update is posted: at risk").wait_for()
    assert page.locator(".timeline").first.inner_text().count("Two insurers have changed their forms.") == 1

    page.goto(f"{page.home}/goals/")
    row = page.get_by_role("row").filter(has_text="Insurers accept claims the first time").last
    assert "At risk" in row.inner_text()
    assert page.complaints == []


def test_a_part_of_a_week_leads_to_its_items_and_the_unit_is_in_the_address(page):
    page.goto(f"{page.home}/alignment/")
    page.get_by_role("link", name="Points", exact=True).click()
    page.wait_for_url("**/alignment/?unit=points")
    page.locator("svg.columns a[aria-label*='Without a goal']").last.click()
    page.wait_for_url("**/items/?unlinked=1")
    assert page.complaints == []
