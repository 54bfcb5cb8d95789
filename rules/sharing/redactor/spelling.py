"""Text as a reader sees it, so that no trick of Unicode or markup hides a word from the shapes.

``cleaned`` is what is shown: without characters that nobody sees. ``Plain`` is what is searched: one plain
letter for each that looks like it. Every character of it knows where it stands in the cleaned text.
"""

import html
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from rules.sharing.redactor.lookalikes import HIDDEN, LOOKALIKES

_ENTITY = re2.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENTITIES_IN_ENTITIES = 4
"""How often entities are resolved; what is still one after that is an attempt to hide something."""

_INVISIBLE = frozenset(("Cf", "Cc", "Cs", "Co", "Cn"))
_MARKS = frozenset(("Mn", "Me"))


def latin1() -> Any:
    """Options for patterns over one byte a character."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return options


def cleaned(text: str) -> str:
    """The text without invisible characters, its entities resolved, composed (NFC)."""
    if "&" in text:
        text = _resolved(text)
    if text.isascii():
        return text if text.isprintable() else "".join(_visible(char) for char in text)
    return unicodedata.normalize("NFC", "".join(_visible(char) for char in text))


def _resolved(text: str) -> str:
    for _ in range(_ENTITIES_IN_ENTITIES):
        before, text = text, _sub(text, html.unescape)
        if text == before:
            return text
    return _sub(text, lambda _: "")


def _sub(text: str, make: Any) -> str:
    data = text.encode(errors="replace")
    pieces, last = [], 0
    for match in _ENTITY.finditer(data):
        pieces += [data[last : match.start()], make(match.group().decode()).encode(errors="replace")]
        last = match.end()
    return b"".join([*pieces, data[last:]]).decode()


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    if char in "\n\t":
        return char
    if char in "\r\u2028\u2029\x0b\x0c\x85":
        return "\n"
    return "" if char in HIDDEN or unicodedata.category(char) in _INVISIBLE else char


@dataclass(frozen=True, slots=True)
class Plain:
    """A text to search: its letters, and for each where it stands in the cleaned text."""

    letters: str
    at: Sequence[int]

    @property
    def data(self) -> bytes:
        """One byte a letter: ``ÿ`` for each letter of another script, a space for other signs."""
        if self.letters.isascii():
            return self.letters.encode()
        return "".join(map(_byte, self.letters)).encode("latin-1")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the letters stands in the cleaned text."""
        return self.at[start], self.at[end - 1] + 1


def plain(text: str) -> Plain:
    """A cleaned text in plain letters."""
    if text.isascii():
        return Plain(text, range(len(text)))
    letters: list[str] = []
    at: list[int] = []
    for index, char in enumerate(text):
        for letter in char if char.isascii() else _letters(char):
            letters.append(letter)
            at.append(index)
    return Plain("".join(letters), at)


@lru_cache(maxsize=8192)
def _letters(char: str) -> str:
    """What a character looks like: the letter without its accents, the figure, the dash."""
    if char in LOOKALIKES:
        return LOOKALIKES[char]
    bare = [part for part in unicodedata.normalize("NFKD", char) if unicodedata.category(part) not in _MARKS]
    return "".join(_letter(part) for part in bare)


def _letter(char: str) -> str:
    if char.isascii() or char in LOOKALIKES:
        return LOOKALIKES.get(char, char)
    match unicodedata.category(char):
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.digit(char))
        case "Zs" | "Zl" | "Zp":
            return " "
    return char


@lru_cache(maxsize=4096)
def _byte(char: str) -> str:
    if char < "\xff":
        return char
    return "\xff" if char.isalnum() else " "


_MARKUP = re2.compile(
    rb"\\([!-/:-@\[-`{-~])|(%[0-9A-Fa-f]{2})|[*`~]+|<[^<>\n]{0,500}>|\]\([^()\n]{0,500}\)|\]\[[^\[\]\n]{0,200}\]|[\[\]]"
    rb"|(?:^|[^A-Za-z0-9])(_+)|(_+)(?:[^A-Za-z0-9]|$)",
    latin1(),
)


def unmarked(text: Plain) -> Plain | None:
    """The letters as they read once markdown, tags and percent signs are resolved; None where there are none."""
    pieces: list[str] = []
    at: list[int] = []
    last = 0
    for start, end, letter in _gaps(text.data):
        pieces += [text.letters[last:start], letter]
        at += text.at[last:start]
        at += [text.at[start]] * len(letter)
        last = end
    if not last:
        return None
    return Plain("".join([*pieces, text.letters[last:]]), [*at, *text.at[last:]])


def _gaps(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Stretches of markup, and the letter that each stands for."""
    for match in _MARKUP.finditer(data):
        if match.group(1):
            yield match.start(), match.end(), match.group(1).decode("latin-1")
        elif match.group(2):
            yield match.start(), match.end(), chr(int(match.group(2)[1:], 16))
        elif group := next((group for group in (3, 4) if match.group(group)), 0):
            yield *match.span(group), ""
        else:
            yield match.start(), match.end(), ""
