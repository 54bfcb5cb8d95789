"""Every page has pictures, and they show what the pages look like today."""

import struct
import zlib

import pytest

from tests.browser import pictures, png
from tests.browser.pages import PICTURED, Page


@pytest.mark.parametrize("page", PICTURED, ids=lambda page: page.name)
def test_the_pictures_of_a_page_are_current(page):
    assert pictures.stale(page, pictures.locked()) == "", "run make screenshots"


def test_no_picture_is_left_of_a_page_that_is_gone():
    wanted = {name for page in PICTURED for name in pictures.files(page)}
    assert {path.name for path in pictures.FOLDER.glob("*-*-*.png")} == wanted


class TestStale:
    PAGE = Page("status", "/status/", "viewer", "x")

    @pytest.fixture(autouse=True)
    def _own_folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(pictures, "ROOT", tmp_path)
        monkeypatch.setattr(pictures, "FOLDER", tmp_path)
        self.root = tmp_path
        for name in [*pictures.files(self.PAGE), "page.html"]:
            (tmp_path / name).write_text("x")
        (tmp_path / pictures.STYLE).parent.mkdir(parents=True)
        (tmp_path / pictures.STYLE).write_text("a { color: red }")
        self.entries = {"status": pictures.entry(self.PAGE, ["page.html"])}

    def test_nothing_changed(self):
        assert pictures.stale(self.PAGE, self.entries) == ""

    @pytest.mark.parametrize("name", ["page.html", pictures.STYLE])
    def test_what_draws_it_changed(self, name):
        (self.root / name).write_text("y")
        assert pictures.stale(self.PAGE, self.entries) == "what draws it has changed"

    def test_it_moved(self):
        moved = Page("status", "/trackers/", "viewer", "x")
        assert pictures.stale(moved, self.entries) == "what draws it has changed"

    def test_a_template_is_gone(self):
        (self.root / "page.html").unlink()
        assert pictures.stale(self.PAGE, self.entries) == "drawn by page.html, which is gone"

    def test_a_picture_is_missing(self):
        (self.root / "status-desk-dark.png").unlink()
        assert pictures.stale(self.PAGE, self.entries) == "no status-desk-dark.png"

    def test_it_was_never_taken(self):
        assert pictures.stale(self.PAGE, {}) == "no record of its pictures"


def test_a_small_picture_is_a_picture_with_the_same_colours(browser):
    tab = browser.new_page(viewport={"width": 40, "height": 30})
    tab.goto("data:text/html,<body style='background:rgb(200,30,60)'>")
    small = png.small(tab, tab.screenshot())
    assert small.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", small[16:24]) == (40, 30)
    palette = small[small.index(b"PLTE") + 4 :][:3]
    assert tuple(palette) == (200, 30, 60)
    start = small.index(b"IDAT")
    (length,) = struct.unpack(">I", small[start - 4 : start])
    assert zlib.decompress(small[start + 4 : start + 4 + length]) == bytes(30 * 41)
    tab.close()
