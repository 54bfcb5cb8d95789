"""What the script adds: keys, selection, focus that stays where the person is, messages that stay."""

import pytest

from tests.browser import gate


@pytest.fixture
def tab(browser, samples):
    """A page of the kit at a desk; gives a function that opens one."""
    profiles = []

    def opened(path: str, **how):
        profile = gate.context(browser, samples, "", **how)
        profiles.append(profile)
        made = profile.new_page()
        made.set_default_timeout(5000)
        made.goto(samples.url + path)
        return made

    yield opened
    for profile in profiles:
        profile.close()


def focused(page) -> str:
    return page.evaluate("() => document.activeElement.textContent.trim()")


def selected(page) -> list[str]:
    return page.evaluate("() => [...document.querySelectorAll('[name=item]:checked')].map((box) => box.value)")


class TestKeys:
    def test_j_and_k_walk_the_list_and_stop_at_its_ends(self, tab):
        page = tab("/work/")
        for keys, row in [("j", 1), ("jj", 3), ("k", 2), ("kkkk", 1), ("jjjjjjjj", 5)]:
            for key in keys:
                page.keyboard.press(key)
            assert focused(page) == f"Row {row}"

    def test_x_selects_and_shift_x_selects_up_to_here(self, tab):
        page = tab("/work/")
        for key in ["j", "j", "x", "j", "j", "Shift+X"]:
            page.keyboard.press(key)
        assert selected(page) == ["2", "3", "4"]
        assert page.locator("[data-count]").inner_text() == "3"
        page.keyboard.press("Escape")
        assert selected(page) == []

    def test_the_mouse_selects_a_range_too(self, tab):
        page = tab("/work/")
        page.locator("[name=item]").nth(0).click()
        page.locator("[name=item]").nth(3).click(modifiers=["Shift"])
        assert selected(page) == ["1", "2", "3", "4"]

    def test_one_box_selects_what_is_on_the_page(self, tab):
        page = tab("/work/")
        page.locator("[name=item]").nth(2).click()
        page.locator("[data-all]").click()
        assert len(selected(page)) == 5

    def test_o_opens_and_g_with_a_letter_goes_somewhere(self, tab):
        page = tab("/work/")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url("**/opened/1/")
        page = tab("/work/")
        page.keyboard.press("g")
        page.keyboard.press("l")
        page.wait_for_url("**/alignment/")

    def test_a_slash_leads_to_the_search_and_letters_there_are_letters(self, tab):
        page = tab("/work/")
        page.keyboard.press("/")
        page.keyboard.type("jxgr?")
        assert page.locator("#search").input_value() == "jxgr?"
        assert selected(page) == []

    def test_a_question_mark_shows_the_keys_and_escape_hides_them(self, tab):
        page = tab("/work/")
        page.keyboard.press("j")
        page.keyboard.press("?")
        assert page.locator("#keys-help").is_visible()
        assert focused(page) == "Close", "it is read, and the Tab key stays in it"
        page.keyboard.press("Escape")
        assert not page.locator("#keys-help").is_visible()
        assert focused(page) == "Row 1"

    def test_keys_that_are_switched_off_do_nothing(self, tab):
        page = tab("/work/")
        page.evaluate("() => document.body.dataset.keys = 'off'")
        for key in ["j", "x", "g", "l", "?"]:
            page.keyboard.press(key)
        assert focused(page) != "Row 1"
        assert page.url.endswith("/work/")
        assert not page.locator("#keys-help").is_visible()

    def test_keys_with_control_belong_to_the_browser(self, tab):
        page = tab("/work/")
        page.keyboard.press("Control+j")
        assert focused(page) != "Row 1"

    def test_a_key_presses_its_button(self, tab):
        page = tab("/review/")
        page.keyboard.press("2")
        assert page.locator("dialog#pick").is_visible()
        page.keyboard.press("j")
        assert page.locator("dialog#pick").is_visible()


class TestFocus:
    @pytest.mark.parametrize(("row", "then"), [(1, 2), (3, 4), (5, 4)])
    def test_when_a_row_goes_the_focus_goes_to_what_took_its_place(self, tab, row, then):
        page = tab("/work/")
        page.locator(f"#row-{row} button").focus()
        page.keyboard.press("Enter")
        page.locator(f"#row-{row}").wait_for(state="detached")
        page.wait_for_function("() => document.activeElement !== document.body")
        assert focused(page) == f"Row {then}"

    def test_after_the_last_row_the_focus_is_on_the_page_and_not_lost(self, tab):
        page = tab("/work/?left=7")
        page.locator("#row-7 button").focus()
        page.keyboard.press("Enter")
        page.get_by_text("All done").wait_for()
        page.wait_for_function("() => document.activeElement.id === 'content'")


class TestToast:
    def test_it_says_what_was_done_stays_and_goes_when_dismissed(self, tab):
        page = tab("/work/")
        page.locator("#row-2 button").click()
        toast = page.locator(".toast")
        toast.wait_for()
        assert "Row 2 is done" in toast.inner_text()
        page.keyboard.press("j")
        assert toast.is_visible()
        toast.get_by_role("button", name="Dismiss").click()
        assert toast.count() == 0

    def test_z_takes_back_what_it_tells_of(self, tab):
        page = tab("/work/")
        page.locator("#row-2 button").click()
        page.locator(".toast").wait_for()
        page.keyboard.press("z")
        page.locator("#row-2").wait_for()

    def test_the_next_message_takes_the_place_of_the_last(self, tab):
        page = tab("/work/")
        for row in (1, 2):
            page.locator(f"#row-{row} button").click()
            page.get_by_text(f"Row {row} is done").wait_for()
        assert page.locator(".toast").count() == 1


class TestWithoutScript:
    def test_a_verb_works_and_tells_of_itself(self, tab):
        page = tab("/work/", java_script_enabled=False)
        page.locator("#row-2 button").click()
        assert page.locator("h2", has_text="Row 2").count() == 0
        assert page.locator("[data-row]").count() == 4

    def test_the_menu_opens_on_a_phone(self, tab):
        page = tab("/goals/", java_script_enabled=False)
        page.set_viewport_size({"width": 360, "height": 740})
        assert not page.get_by_role("link", name="Alignment").is_visible()
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_role("link", name="Alignment").click()
        assert page.url.endswith("/alignment/")

    def test_bulk_verbs_are_there_though_nothing_counts_the_selection(self, tab):
        page = tab("/work/", java_script_enabled=False)
        assert page.locator(".bulk").is_visible()


class TestLook:
    @pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
    def test_a_chosen_theme_wins_over_the_system_without_a_flash(self, tab, theme, dark):
        page = tab("/work/", color_scheme="light" if dark else "dark")
        page.evaluate("(theme) => document.documentElement.dataset.theme = theme", theme)
        paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert (sum(int(part) for part in paper[4:-1].split(",")) < 200) == dark

    def test_what_is_focused_is_never_below_the_sticky_bar(self, tab):
        page = tab("/work/?left=" + ",".join(str(number) for number in range(40)))
        page.set_viewport_size({"width": 768, "height": 500})
        for _ in range(30):
            page.keyboard.press("j")
        for _ in range(20):
            page.keyboard.press("k")
            top = page.evaluate("() => document.activeElement.getBoundingClientRect().top")
            bar = page.evaluate("() => document.querySelector('.top').getBoundingClientRect().bottom")
            assert top >= bar

    @pytest.mark.parametrize(
        "banner", ["", '<aside class="demo" aria-label="Demo"><b>DEMO</b></aside>'], ids=["real", "demo"]
    )
    def test_where_there_is_room_the_navigation_stands_beside_the_page_from_the_top_on(self, tab, banner):
        page = tab("/goals/")
        side, main, foot, above = page.evaluate("""(banner) => {
          document.querySelector(".demo")?.remove();
          document.querySelector(".skip").insertAdjacentHTML("afterend", banner);
          return [".top", ".main", ".foot", ".demo"].map((name) => document.querySelector(name)?.getBoundingClientRect().toJSON());
        }""", banner)  # fmt: skip
        assert side["top"] == main["top"] == (above["bottom"] if banner else 0)
        assert side["right"] <= main["left"] <= foot["left"]
        assert foot["top"] >= main["bottom"]

    def test_on_paper_there_is_the_page_and_nothing_to_press(self, tab):
        page = tab("/review/")
        page.emulate_media(media="print")
        assert not page.locator(".top").is_visible()
        assert not page.locator(".actions .button").first.is_visible()
        assert page.locator("h1").is_visible()

    def test_with_forced_colours_what_is_current_is_still_marked(self, tab):
        page = tab("/review/", forced_colors="active")
        assert page.locator(".nav [aria-current]").evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"
