"""``make screenshots``: pictures of every page of the demo, in light and dark, at a desk and on a phone.

Takes only what is not current; ``python -m tests.browser.screenshots --all`` takes everything anew, and
names of pages those.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import gate, pictures, png, site
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import PICTURED, Page
from tests.browser.site import Site


def main() -> None:
    entries = pictures.locked()
    asked = sys.argv[1:]
    wanted = [page for page in PICTURED if {"--all", page.name} & {*asked} or pictures.stale(page, entries)]
    entries = {page.name: entries[page.name] for page in PICTURED if page.name in entries}
    if wanted:
        with tempfile.TemporaryDirectory() as folder, site.demo(Path(folder) / "site") as demo:
            drawn = drawn_by(demo)
            take(demo, wanted)
        entries |= {page.name: pictures.entry(page, drawn[page.name]) for page in wanted}
    lines = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(entries.items())]
    pictures.LOCK.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(
        f"{len(wanted)} of {len(PICTURED)} pages taken: {', '.join(page.name for page in wanted) or 'all are current'}"
    )


def drawn_by(demo: Site) -> dict[str, list[str]]:
    """The templates of every page."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.browser.drawn"], cwd=demo.folder, env=demo.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    drawn: dict[str, list[str]] = json.loads(ran.stdout.splitlines()[-1])
    return drawn


def take(demo: Site, pages: list[Page]) -> None:
    pictures.FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=gate.FLAGS)
        blank = browser.new_page()
        for page in pages:
            for size in pictures.SIZES:
                for scheme in pictures.SCHEMES:
                    file = pictures.FOLDER / f"{page.name}-{size}-{scheme}.png"
                    file.write_bytes(png.small(blank, picture(browser, demo, page, size, scheme)))
        browser.close()


def picture(browser: Browser, demo: Site, page: Page, size: str, scheme: str) -> bytes:
    width, height = pictures.SIZES[size]
    profile = gate.context(browser, demo, page.role, color_scheme=scheme, reduced_motion="reduce")
    tab = profile.new_page()
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(demo.url + page.path, wait_until="networkidle")
    assert gate.identity(tab, page) == []
    taken = tab.screenshot()
    profile.close()
    return taken


if __name__ == "__main__":
    main()
