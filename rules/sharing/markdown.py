"""Shared text as HTML that no browser runs: markdown, without images, and with links only where they are agreed.

Three belts. Tags that people write are shown as text and never parsed. What the markdown parser makes goes
through nh3 with a list of tags and no attribute but ``href``. What comes out is read again as its reader will:
where the markup puts together what the redactor had not seen, the text is shown without markup.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rules.sharing.redactor import MARK, Redactor

TAGS = frozenset(
    ("p", "br", "hr", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a")
) | {"table", "thead", "tbody", "tr", "th", "td"}
DEEPEST = 20
"""Quotes and lists inside one another; what is deeper is shown as text."""
NESTING = 100_000
"""Characters that open or close something, of which more are shown as text: they cost, and say nothing."""

_OPENERS = re.compile(r"[\[\]*_~`<>!|\\]")
_LINK_TO_NOWHERE = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(" + re.escape(MARK) + r"\)?")
"""A link whose address was taken out: its words stay."""
_TAG = re.compile(r"<[^>]*>")
_BLOCKS = "p|br|hr|h[1-6]|pre|blockquote|ul|ol|li|table|thead|tbody|tr|th|td"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?: [^>]*)?>")


def safe_html(text: str, redactor: Redactor) -> str:
    """A text as HTML. It is redacted first, which changes nothing where it was."""
    text = _LINK_TO_NOWHERE.sub(r"\1", redactor.redact(text).text)
    if len(_OPENERS.findall(text)) <= NESTING:
        made = _sanitised(_rendered(text, redactor.links), redactor.links)
        if not any(redactor.finds(block) for block in visible(made)):
            return made
    return _plain(redactor.redact(text).text)


def visible(made: str) -> list[str]:
    """What a reader sees of some HTML, block by block."""
    blocks = (_TAG.sub("", block) for block in _BLOCK.split(made))
    return [seen for block in blocks if (seen := html.unescape(block).strip()) and seen != MARK]


def plain_html(text: str) -> str:
    """A text of somebody else's as HTML: nothing in it is markup, and nothing is taken out."""
    return _plain(text)


def _rendered(text: str, links: frozenset[str]) -> str:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST, "linkify": False}).enable(
        ["table", "strikethrough"]
    )
    parser.validateLink = lambda url: _allowed(url, links)  # type: ignore[method-assign]  # the library's own way
    parser.disable(["image", "html_block", "html_inline"])
    tokens = parser.parse(text)
    _lower_headings(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _lower_headings(tokens: Iterable[Token]) -> None:
    """The page around has the first two levels."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 2, 6)}"


def _allowed(url: str, links: frozenset[str]) -> bool:
    """Whether a link leads to an agreed host, by https, as every browser reads it."""
    match = re.fullmatch(r"https://([a-z0-9.-]+)(?:[/?#][\x21-\x7e]*)?", url)
    return bool(match) and match[1] in links and "\\" not in url  # type: ignore[index]  # there is one


def _sanitised(made: str, links: frozenset[str]) -> str:
    def only_agreed(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "rel":  # people's own is not among the attributes: this is ``link_rel``
            return value
        return value if (tag, attribute) == ("a", "href") and _allowed(value, links) else None

    options: dict[str, Any] = {
        "tags": set(TAGS),
        "attributes": {"*": set(), "a": {"href"}},
        "attribute_filter": only_agreed,
        "url_schemes": {"https"},
        "link_rel": "noopener noreferrer nofollow",
    }
    return nh3.clean(made, **options)


def _plain(text: str) -> str:
    """The text as it stands, line by line."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    return "".join(
        f"<p>{'<br>'.join(html.escape(line, quote=False) for line in part.splitlines())}</p>\n" for part in paragraphs
    )
