"""Shared text becomes HTML that no browser runs, whatever somebody wrote."""

from html.parser import HTMLParser
from random import Random

import pytest

from rules.sharing.markdown import TAGS, safe_html, visible
from rules.sharing.redactor import LARGEST, MARK, Redactor
from tests.rules.sharing.corpus import INSIDE, LINKS

REDACTOR = Redactor(INSIDE, LINKS)
HOSTILE = 5_000

PIECES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<iframe src=//evil.example>", "<style>@import 'x'</style>", "<b title=x lang=y onclick=z>", "</p></div></body>", "<!-- -->",
    "<![CDATA[", "<?php ?>", '<math><mi//xlink:href="data:x">', "<base href=//evil.example>", "<form action=x><input>", "<x:y z>",
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](data:text/html;base64,PHN2Zz4=)", "[a](vbscript:x)", "[a](//evil.example)",
    "[a](https://docs.partner.example/x)", "[a](https://docs.partner.example@evil.example)", "[a](<https://docs.partner.example/ x>)",
    "[a](https://docs.partner.example.evil.example)", "[a](https://docs.partner.example\\@evil.example)", "[a](http://docs.partner.example)",
    '[a](https://docs.partner.example/" onclick=alert(1))', '[a](https://docs.partner.example/ "t\\" onclick=x")', "![a](https://docs.partner.example/p.png)",
    "![a](x)", "[a][b]\n\n[b]: javascript:alert(1)\n", "<javascript:alert(1)>", "<https://docs.partner.example/y>", "<ana@acme.example>",
    "&lt;script&gt;", "&#60;img src=x&#62;", "&#x6A;avascript:", "&NewLine;", "&colon;", "\x00", "\u202e", "\u2028", "\ufeff", "\ud800",
    "`<b>`", "```html onload=x\n<script>\n```", "~~~\n</code></pre><script>\n", "    <script>\n", "|a|<b>|\n|-|-|\n|<i>|\\||\n", "# <h1 id=x>",
    "> ", "- ", "1. ", "***", "__", "~~", "[", "](", ")", "<", ">", '"', "'", "=", "\\", "&", ";", "\n", "\n\n", " ", "\t", "a", "W**EB**-1",
    "<a\nhref='https://docs.partner.example'\nid=x>", '<noscript><p title="</noscript><img src=x>">', "<textarea>", "<template>", "{{7*7}}",
)  # fmt: skip


class Reader(HTMLParser):
    """Collects what stands in some HTML that is not allowed there."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        allowed = {"href", "rel"} if tag == "a" else set()
        if tag not in TAGS or {name for name, _ in attrs} - allowed:
            self.wrong.append((tag, attrs))
        for name, value in attrs:
            if name == "href" and not value.startswith("https://docs.partner.example/"):
                self.wrong.append((tag, value))
            if name == "rel" and value != "noopener noreferrer nofollow":
                self.wrong.append((tag, value))

    def handle_comment(self, data):
        self.wrong.append(("comment", data))

    def handle_decl(self, decl):
        self.wrong.append(("declaration", decl))

    def handle_pi(self, data):
        self.wrong.append(("instruction", data))

    unknown_decl = handle_decl


def wrong_in(made):
    reader = Reader()
    reader.feed(made)
    reader.close()
    return reader.wrong


def test_hostile_text_gives_no_tag_attribute_or_address_that_is_not_allowed():
    random = Random(8)
    links = 0
    for _ in range(HOSTILE):
        text = "".join(random.choice(PIECES) for _ in range(random.randint(1, 9)))
        made = safe_html(text, REDACTOR)
        assert wrong_in(made) == [], text
        links += "<a href" in made
    assert links > 100, "the agreed links were to be tried as well"


NESTED = (
    "<div>", "> ", "- ", "1. ", "[", "![", "*a **b ", "`", "(", "[a](", "~~a", "|a", "**", "_a ", "\\`", "<a href='", "> - ", "&#1;", "#",
)  # fmt: skip


@pytest.mark.parametrize("piece", NESTED)
def test_twenty_thousand_nested_constructs_are_safe(piece):
    made = safe_html(piece * 20_000, REDACTOR)
    assert wrong_in(made) == []
    assert depth(made) <= 60


def depth(made):
    """How deep elements stand inside one another."""
    deepest = now = 0

    class Counter(HTMLParser):
        def handle_starttag(self, tag, attrs):
            nonlocal deepest, now
            now += tag not in ("br", "hr")
            deepest = max(deepest, now)

        def handle_endtag(self, tag):
            nonlocal now
            now -= 1

    Counter().feed(made)
    return deepest


def test_the_usual_markup_is_kept():
    made = safe_html(
        "# Plan\n\n**Bold** and *soft*\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n> said\n\n`x < y`\n", REDACTOR
    )
    for kept in (
        "<h3>Plan</h3>",
        "<strong>Bold</strong>",
        "<em>soft</em>",
        "<li>two</li>",
        "<td>2</td>",
        "<blockquote>",
        "<code>x &lt; y</code>",
    ):
        assert kept in made


def test_links_become_text_unless_they_are_agreed():
    assert safe_html("[the board](https://jira.acme.example/b)", REDACTOR) == "<p>the board</p>\n"
    made = safe_html("[the guide](https://docs.partner.example/g)", REDACTOR)
    assert made == '<p><a href="https://docs.partner.example/g" rel="noopener noreferrer nofollow">the guide</a></p>\n'


def test_there_are_no_images():
    assert "<img" not in safe_html(
        "![x](https://docs.partner.example/p.png) <img src=https://docs.partner.example/p.png>", REDACTOR
    )


@pytest.mark.parametrize(
    "text",
    [
        "W**EB**-12",
        "WEB\\-12",
        "WEB&#45;12",
        "**W**EB-12",
        "W[EB](https://docs.partner.example/)-12",
        "`WEB`-12",
        "~~W~~EB-12",
    ],
)
def test_markup_does_not_put_a_key_together(text):
    seen = " ".join(visible(safe_html(f"see {text} there", REDACTOR)))
    assert MARK in seen
    assert seen.replace(MARK, "").strip("*~` ").split() in (
        ["see", "there"],
        ["see", "**", "there"],
        ["see", "`", "there"],
        ["see", "~~", "there"],
    )


def test_what_renders_into_something_to_take_out_is_shown_without_markup(monkeypatch):
    """The last belt, by itself: as if the redactor had not seen through the markup."""
    blind = Redactor()
    monkeypatch.setattr("rules.sharing.redactor.redact.unmarked", lambda _: None)
    made = safe_html("the W**EB**-12 one", blind)
    assert "<strong>" not in made
    assert "WEB-12" not in " ".join(visible(made))


def test_a_text_with_more_markup_than_words_is_shown_as_it_stands():
    made = safe_html("*a " * 60_000 + "[" * 60_000, REDACTOR)
    assert "<em>" not in made
    assert wrong_in(made) == []


def test_a_long_text_is_cut():
    assert len(safe_html("word " * LARGEST, REDACTOR)) <= LARGEST + 100
