"""A browser, and the sites it looks at. Skipped where there is no Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import site
from tests.browser.gate import FLAGS
from tests.browser.site import Site

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
"""The one that is made to have no window comes first: a page opens in a quarter of the time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and {"browser", "demo"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a file of tests. Not for the whole run: while it is open its event loop is the thread's, and
    other tests need theirs."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's company, for tests that only look."""
    with site.demo(tmp_path_factory.mktemp("demo") / "site") as served:
        yield served


@pytest.fixture
def own_demo(demo: Site, tmp_path: Path) -> Iterator[Site]:
    """The demo's company for one test, which may change it."""
    with site.copied(demo, tmp_path / "site") as served:
        yield served


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages of the kit."""
    with site.samples(tmp_path_factory.mktemp("samples") / "site") as served:
        yield served
