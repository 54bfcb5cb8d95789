"""What a text says about why work is done: for whom (user), what is wrong for them (problem), and what will
be measurably better (outcome).

Read as people write it: a heading (``Problem:``, or ``Problem`` in a line of its own) with something below
it that is not a placeholder, a field of that name, or a turn of phrase (“As a receptionist …”, “so that …”).
An outcome is measurable when there is a figure: under its heading, or anywhere with a unit.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import re2

from connectors.item import Item
from rules.crowds import FIGURE
from rules.match.folding import fold, plain
from rules.match.lexicon import MEMORY
from rules.model.checks import PARTS, Part

Said = frozenset[Part]
Headings = tuple[tuple[str, ...], ...]
"""For each of ``PARTS``, in their order, the headings under which people state it, folded."""

LONGEST = 20_000
"""Characters that are read; nobody looks for the reason further down."""
CACHED = 2_000

_HEADINGS: Mapping[Part, tuple[str, ...]] = {
    "user": ("user", "users", "who", "for whom", "persona", "audience", "customer", "customers", "user story"),
    "problem": (
        *("problem", "problems", "problem statement", "user problem", "why", "background", "motivation", "pain"),
        *("need", "context", "reason", "opportunity", "what is wrong", "current behaviour", "current behavior"),
    ),
    "outcome": (
        *("outcome", "outcomes", "expected outcome", "metric", "metrics", "measure", "measured by", "kpi", "target"),
        *("success", "success criteria", "success criterion", "success metric", "success metrics", "key result"),
        *("expected result", "impact", "expected impact", "goal"),
    ),
}
_PLACEHOLDERS = frozenset(
    (
        "",
        "n/a",
        "na",
        "none",
        "none yet",
        "none agreed",
        "tbd",
        "tba",
        "todo",
        "to do",
        "to be defined",
        "unknown",
        "no response",
    )
)
_PHRASES: Mapping[Part, Any] = {
    "user": re2.compile(r"(?im)(?:^|[.:!?]\s)[^\w\n]{0,6}as an? [^\s,.]"),
    "problem": re2.compile(r"(?i)\b(?:so that|in order to|because)\b"),
}
_FIGURE = re2.compile(
    r"(?i)\d|\b(?:no|none|half|all|every|twice|one|two|three|four|five|six|seven|eight|nine|ten|zero)\b"
)


def headings(further: Mapping[Part, tuple[str, ...]]) -> Headings:
    return _with(further) if further else _USUAL


def _with(further: Mapping[Part, tuple[str, ...]]) -> Headings:
    return tuple((*_HEADINGS[part], *(fold(name.strip()) for name in further.get(part, ()))) for part in PARTS)


_USUAL = _with({})


def said(item: Item, known: Headings) -> Said:
    """What the item says itself, in title, text and fields."""
    parts = _in_words(item.title, item.body, known)
    if len(parts) < len(PARTS) and item.fields:
        parts |= _in_fields(item.fields, known)
    return parts


@lru_cache(maxsize=CACHED)
def _in_words(title: str, body: str, known: Headings) -> Said:
    text, signs = _bytes(body[:LONGEST]), _signs(known)
    in_text = signs.Match(text) or ()
    parts = {PARTS[sign] for sign in (*in_text, *(signs.Match(_bytes(title)) or ())) if sign != HEADING}
    if HEADING in in_text and len(parts) < len(PARTS):
        parts |= _under_headings(text, known)
    if "outcome" not in parts and len(body) > LONGEST and FIGURE.search(_bytes(body)):
        parts.add("outcome")
    return frozenset(parts)


HEADING = len(PARTS)


@lru_cache(maxsize=8)
def _signs(known: Headings) -> Any:
    """Notices in one pass what states a part by itself, each by its place in ``PARTS``, and headings.

    It has several times the memory that the largest of its patterns may take by itself: a search with too
    little finds nothing and does not say so.
    """
    options = re2.Options()
    options.never_capture, options.max_mem = True, MEMORY
    signs = re2.Set.SearchSet(options)
    for sign in (_PHRASES["user"], _PHRASES["problem"], FIGURE, _marker(known)):
        signs.Add(sign.pattern)
    signs.Compile()
    return signs


def _under_headings(text: bytes, known: Headings) -> set[Part]:
    """The parts under whose headings more stands than a placeholder."""
    parts: set[Part] = set()
    marks = [
        (match.start(), match.end(), fold(match.group(1).decode(errors="replace")))
        for match in _marker(known).finditer(text)
    ]
    for index, (_, end, heading) in enumerate(marks):
        until = marks[index + 1][0] if index + 1 < len(marks) else len(text)
        below = text[end:until].decode(errors="replace")
        parts.update(
            part for part, names in zip(PARTS, known, strict=True) if heading in names and _states(part, below)
        )
    return parts


def _bytes(text: str) -> bytes:
    """What RE2 reads; halves of characters, which some trackers send, do not stop it."""
    return text.encode(errors="replace")


def _in_fields(fields: Mapping[str, Any], known: Headings) -> set[Part]:
    named = {fold(name): " ".join(plain(value)) for name, value in fields.items()}
    return {
        part
        for part, names in zip(PARTS, known, strict=True)
        if any(name in named and _states(part, named[name]) for name in names)
    }


def _states(part: Part, text: str) -> bool:
    """Whether there is more than a placeholder; for an outcome, with a figure."""
    bare = fold(text.strip(" \t\r\n.:;,*_-–—#>?[]()"))
    return bare not in _PLACEHOLDERS and (part != "outcome" or bool(_FIGURE.search(_bytes(bare))))


@lru_cache(maxsize=8)
def _marker(known: Headings) -> Any:
    """Finds headings: at the start of a line or sentence, with a colon, or alone in the line."""
    names = sorted({name for part in known for name in part}, key=len, reverse=True)
    one_of = "|".join(r"\s+".join(map(re2.escape, name.split())) for name in names)
    return re2.compile(rf"(?im)(?:^|[.;!?]\s)[^\w\n]{{0,6}}({one_of})[*_]{{0,3}}[ \t]*(?::|\??[*_]{{0,3}}[ \t]*$)")
