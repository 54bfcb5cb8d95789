"""What every page must pass in a real browser. Each check gives its problems in words; none is a pass.

``look`` drives one page through all of them: it is loaded once a browser context and then shown in every width
and in both colour schemes, so that a page costs a few seconds.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as Tab

from tests.browser.pages import Page
from tests.browser.site import ROOT, Site
from tests.browser.structure import structure

Until = Literal["load", "networkidle"]
AXE = ROOT / ".tools" / "node_modules" / "axe-core" / "axe.min.js"
VNU = ROOT / ".tools" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
MOST_BYTES, MOST_REQUESTS = 60_000, 8
"""Of one cold visit, as sent over the wire."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
                     p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets.push(sheet);
}"""
"""What a reader may set without losing anything (WCAG 1.4.12)."""
WIDER = """() => document.scrollingElement.scrollWidth > innerWidth
  ? [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest(".table-wrap, .tabs, pre, .hush, .skip")).slice(0, 3).map((e) => e.outerHTML.slice(0, 120))
  : null"""
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((e) => {
  if (!e.checkVisibility() || e.closest("p, dd, td, h1, h2, h3, svg, .hush, .skip") || e.matches(".skip")) return false;
  const label = e.matches("input") && e.closest("label");
  const box = (label || e).getBoundingClientRect();
  return box.width > 1 && (box.width < 24 || box.height < 24);
}).map((e) => e.outerHTML.slice(0, 120))"""
"""Targets under 24 px (WCAG 2.5.8), apart from links within a text."""

DAYS = r"""() => {
  const said = document.body.cloneNode(true);
  said.querySelectorAll("code, pre, script, .hint").forEach((e) => e.remove());
  return said.textContent.match(/.{0,40}(?<!\d)20\d\d-\d\d-\d\d(?!\d)/g) ?? [];
}"""
"""Days written for machines, other than where somebody is told what to write into a file or a field."""


@dataclass
class Visit:
    """What was heard of a page while it loaded and was looked at."""

    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Of the console and of the content policy, which Chromium tells there."""


def look(browser: Browser, site: Site, page: Page) -> list[str]:
    """Everything that is wrong with a page."""
    with_script = list(_looked_at(browser, site, page))
    return with_script + list(_without_script(browser, site, page))


def context(browser: Browser, site: Site, role: str, **how: Any) -> BrowserContext:
    """A fresh profile in which somebody of this role is signed in."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, **how)
    cookies = site.cookies[role] if role else {}
    made.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
    return made


def _looked_at(browser: Browser, site: Site, page: Page) -> Iterator[str]:
    profile = context(browser, site, page.role)
    try:
        tab, visit = opened(profile, site.url + page.path)
        yield from identity(tab, page)
        yield from weight(tab, visit)
        yield from validity(visit)
        yield from links(profile, tab, site, page.role)
        yield from structure(tab)
        yield from (f"a day as machines write it: {found}" for found in tab.evaluate(DAYS))
        yield from in_every_size(tab)
        yield from visit.complaints
    finally:
        profile.close()


def in_every_size(tab: Tab) -> Iterator[str]:
    """Of a page that is open, in every width and both colour schemes."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        yield from (f"{width} px: too small a target: {found}" for found in tab.evaluate(SMALL))
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            yield from (f"{width} px, {scheme}: {found}" for found in accessibility(tab, scheme))
    yield from reflow(tab)


def _without_script(browser: Browser, site: Site, page: Page) -> Iterator[str]:
    """The page says the same where no script runs."""
    profile = context(browser, site, page.role, java_script_enabled=False)
    try:
        tab, _ = opened(profile, site.url + page.path, until="load")
        yield from (f"without script: {found}" for found in identity(tab, page))
    finally:
        profile.close()


def opened(profile: BrowserContext, url: str, until: Until = "networkidle") -> tuple[Tab, Visit]:
    """An address in a tab, and what is heard of it from then on."""
    tab, visit = profile.new_page(), Visit()
    tab.on("response", lambda answer: visit.responses.append(answer))  # noqa: PLW0108  it marks what it is given
    tab.on("pageerror", lambda error: visit.complaints.append(f"script: {error}"))
    tab.on(
        "console",
        lambda said: visit.complaints.append(f"console: {said.text}") if said.type in ("error", "warning") else None,
    )
    tab.goto(url, wait_until=until)
    return tab, visit


def identity(tab: Tab, page: Page) -> list[str]:
    """It is the page that was meant, not an error in its place."""
    heading = tab.locator("h1").first.inner_text() if tab.locator("h1").count() else ""
    return [] if page.shows in heading else [f"its heading is {heading!r}, and not {page.shows!r}"]


def accessibility(tab: Tab, scheme: str) -> list[str]:
    """axe-core, every rule it has; nothing where it is not installed (``.ci/run`` installs it). A scheme changes
    colours and nothing else, so the second one is asked for those alone."""
    if not AXE.exists():
        return []
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
    only = {} if scheme == SCHEMES[0] else {"runOnly": ["color-contrast", "link-in-text-block"]}
    result = tab.evaluate("(only) => axe.run(document, {resultTypes: ['violations'], ...only})", only)
    return [
        f"axe {found['id']}: {found['help']}: {node['html'][:160]}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def reflow(tab: Tab) -> list[str]:
    """Nothing runs out of 320 px, not even with the widest spacing that a reader may set."""
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.evaluate(SPACING)
    wide = tab.evaluate(WIDER)
    return [] if wide is None else [f"320 px with text spacing: it scrolls sideways because of {wide}"]


def validity(visit: Visit) -> list[str]:
    """A parser has nothing to repair."""
    parser = html5lib.HTMLParser(strict=False)
    page = next(answer for answer in visit.responses if not 300 <= answer.status < 400)  # an address may lead elsewhere
    parser.parse(page.text())
    return [f"HTML at {where}: {code} {json.dumps(more, default=str)}" for where, code, more in parser.errors]


def nu(documents: Iterable[Path]) -> list[str]:
    """What the W3C's checker says of files, all at once since it takes seconds to start."""
    ran = subprocess.run(
        ["java", "-jar", VNU, "--errors-only", "--exit-zero-always", "--format", "gnu", *documents],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ran.stderr.splitlines()


def weight(tab: Tab, visit: Visit) -> list[str]:
    """A cold visit is small, and everything comes from here."""
    sizes = [
        answer.request.sizes()["responseBodySize"] + answer.request.sizes()["responseHeadersSize"]
        for answer in visit.responses
    ]
    here = urlsplit(tab.url).netloc
    found = [f"from elsewhere: {answer.url}" for answer in visit.responses if urlsplit(answer.url).netloc != here]
    found += [f"{answer.url} answers {answer.status}" for answer in visit.responses if answer.status >= 400]
    if sum(sizes) > MOST_BYTES:
        found.append(f"{sum(sizes):,} bytes, more than {MOST_BYTES:,}")
    if len(sizes) > MOST_REQUESTS:
        found.append(f"{len(sizes)} requests, more than {MOST_REQUESTS}")
    return found


def links(profile: BrowserContext, tab: Tab, site: Site, role: str) -> list[str]:
    """Every address of ours that the page names answers; one with a fragment has such a place."""
    named = tab.evaluate("() => [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))")
    found = []
    for href in sorted(set(named)):
        url, fragment = urldefrag(urljoin(tab.url, href))
        if not url.startswith(site.url):
            continue
        if url == tab.url:
            missing = fragment and not tab.evaluate("(id) => !!document.getElementById(id)", fragment)
            found += [f"no place #{fragment}"] if missing else []
            continue
        if (role, url) not in site.statuses:
            site.statuses[role, url] = profile.request.get(url).status
        if (status := site.statuses[role, url]) >= 400:
            found.append(f"{href} answers {status}")
    return found
