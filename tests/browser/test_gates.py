"""Every page passes every gate, and the gates do bite."""

import shutil

import pytest

from tests.browser import gate
from tests.browser.pages import PAGES, SAMPLES, Page
from tests.browser.structure import structure


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_passes_every_gate(browser, demo, page):
    assert gate.look(browser, demo, page) == []


@pytest.mark.parametrize("page", SAMPLES, ids=lambda page: page.name)
def test_the_parts_of_the_kit_pass_every_gate(browser, samples, page):
    assert gate.look(browser, samples, page) == []


@pytest.mark.skipif(not (gate.VNU.exists() and shutil.which("java")), reason="no Java, or vnu-jar is not in .tools")
def test_the_nu_checker_has_nothing_to_say(browser, demo, samples, tmp_path):
    documents = []
    for site, pages in ((demo, PAGES), (samples, SAMPLES)):
        for page in pages:
            profile = gate.context(browser, site, page.role)
            documents.append(tmp_path / f"{len(documents)}-{page.name}.html")
            documents[-1].write_bytes(profile.request.get(site.url + page.path).body())
            profile.close()
    assert "\n".join(gate.nu(documents)) == ""
    bad = tmp_path / "bad.html"
    bad.write_text(BAD, encoding="utf-8")
    assert len(gate.nu([bad])) >= 2


BAD = """<!doctype html><html><head><title>Bad</title><link rel="icon" href="data:,"></head>
<body style="color: red" data-keys><h1>Wrong</h1><p>due 2026-11-27<p></div><a href="/nowhere-at-all">x</a><a href="#no">y</a>
<img src="/static/web/mark.svg" width="900"><div><button></button></div><script>window.x = 1</script>
<nav aria-label="Main"><a href="/bad/">z</a></nav><nav aria-label="Main"></nav><main></main><h1>Again</h1><h3>Deep</h3>
<table aria-label="T" border><caption align="bottom"><a href="/bad/">low</a></caption>
<tr><td>1</td><td>2</td></tr><tr><td>3</td><td><a href="/bad/">high</a></td></tr></table></body></html>"""


def test_a_bad_page_fails_in_every_way(browser, samples, monkeypatch):
    monkeypatch.setattr(gate, "MOST_BYTES", 100)
    monkeypatch.setattr(gate, "MOST_REQUESTS", 1)
    context = browser.new_context

    def with_bad_page(**how):
        made = context(**how)
        policy = {"Content-Security-Policy": "default-src 'none'; img-src 'self'", "Content-Type": "text/html"}
        made.route("**/bad/", lambda route: route.fulfill(body=BAD, headers=policy))
        made.route("**/nowhere-at-all", lambda route: route.fulfill(status=404))
        return made

    monkeypatch.setattr(browser, "new_context", with_bad_page)
    found = "\n".join(gate.look(browser, samples, Page("bad", "/bad/", "", "Right")))
    for sign in ["its heading is", "bytes, more than", "requests, more than", "HTML at", "no place #no",
                 "too small a target", "axe image-alt", "axe html-has-lang", "scrolls sideways", "Content Security Policy",
                 "without script", "headings of the first level: ['Wrong', 'Again']", "“Deep” of level 3", "2 landmarks navigation",
                 "a button without a name", "“T” has no headers", "the Tab key jumps", "does not say where one is",
                 "nothing leads past", "nothing says what was done", "a day as machines write it"]:  # fmt: skip
        assert sign in found, f"{sign}:\n{found}"


def test_a_way_past_the_navigation_that_leads_nowhere_is_found(browser):
    tab = browser.new_page()
    for place, wrong in (("content", []), ("no", ["the way past the navigation leads nowhere"])):
        tab.set_content(f"""<a class="skip" href="#{place}">Past</a><nav aria-label="Main"></nav>
            <main id="content" tabindex="-1"><h1>Here</h1></main>""")
        assert list(structure(tab)) == wrong
    tab.close()
