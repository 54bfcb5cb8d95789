"""From what people type, and what items say, to words: letters and digits, folded, nothing else.

Both databases are given only such words, so that no sign that somebody types means anything to a query language,
and both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_ASKED = 300
"""Characters of a question that are read."""
MOST_WORDS = 12
LONGEST_WORD = 40
STARTS = range(2, 9)
"""How many letters of a word's beginning are known by themselves; of longer beginnings the first eight."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. ``phrases``: each must be found, its words side by side."""

    phrases: tuple[tuple[str, ...], ...]

    @property
    def start(self) -> str:
        """The last word where it stands alone: people find by its beginning; else empty."""
        last = self.phrases[-1] if self.phrases else ()
        return last[0] if len(last) == 1 and len(last[0]) >= STARTS.start else ""


def asked(text: str) -> Asked:
    """The question in words: what blanks separate is looked for apart, ``WEB-12`` as web beside 12."""
    phrases: list[tuple[str, ...]] = []
    left = MOST_WORDS
    for part in text[:LONGEST_ASKED].replace("\0", " ").split():
        if found := tuple(words(part))[:left]:
            phrases.append(found)
            left -= len(found)
        if not left:
            break
    return Asked(tuple(phrases))


def words(text: str) -> Iterator[str]:
    """The words of a text, folded, in order."""
    for word in _WORD.findall(fold(text)):
        yield word[:LONGEST_WORD]


def fold(text: str) -> str:
    """Without case and accents: ``Café`` and ``CAFE`` are one word."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign)) if not apart.isascii() else apart
    return bare.casefold()


def starts(text: str) -> set[str]:
    """The beginnings by which the words of a text are found."""
    return {word[:length] for word in words(text) for length in STARTS if len(word) >= length}
