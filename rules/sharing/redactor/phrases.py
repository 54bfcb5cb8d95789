"""Names of people and other words that are listed, found as whole words in one pass."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from rules.match.folding import fold
from rules.sharing.redactor.shapes import Hit
from rules.sharing.redactor.spelling import cleaned, plain

_UNSPACED = r"\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
"""Scripts that stand beside Latin words without a space."""
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+|[{_UNSPACED}]+")
_INITIAL = re.compile(r"(?<![^\W_])[^\W\d_](?:\. ?|['’])$")
_LONGEST = 8
"""Words of one phrase that count."""

_NAMES = """
april august june may art bill grant hope grace rose mark will rich frank summer sunny long young king day page
price rice field house white black brown green gray grey wood stone hill baker cook case chase dean drew faith
guy joy max miles pat penny ray rob star sky van von de da di la le del der den el al bin ben
"""
COMMON = frozenset(_NAMES.split())
"""First and last names that are words as well: they count only together with the rest of the name."""


class Listed:
    """Folded phrases of plain words, by their first word."""

    def __init__(self) -> None:
        self.by_first: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}
        self.parts: set[str] = set()
        self.unspaced: dict[str, tuple[str, str]] = {}

    def add(self, phrase: str, kind: str, because: str) -> None:
        """A phrase, found whatever its case and what stands between its words."""
        tokens = tuple(words(phrase))[:_LONGEST]
        if tokens and not _spaced(phrase):
            self.unspaced["".join(tokens)] = (kind, because)
        elif tokens:
            self.by_first.setdefault(tokens[0], {}).setdefault(tokens, (kind, because))

    def add_person(self, name: str) -> None:
        """A full name in both orders, as people make account names of it, and each part that is no other word."""
        because = "it is a name"
        self.add(name, "name", because)
        tokens = words(name)
        if len(tokens) < 2:
            return
        self.add(" ".join([tokens[-1], *tokens[:-1]]), "name", because)
        self.add(" ".join([tokens[0], tokens[-1]]), "name", because)
        if len(tokens[-1]) > 3:
            self.add(tokens[0] + tokens[-1], "name", because)
            self.add(tokens[0][0] + tokens[-1], "name", because)
        self.parts.update(token for token in tokens if len(token) > 1 and token not in COMMON)


class Phrases:
    """What finds listed phrases in a text. Where several lists have the same phrase, the first gives the reason."""

    def __init__(self, *lists: Listed) -> None:
        self._lists = lists

    def find(self, letters: str) -> Iterator[Hit]:
        """Every phrase; where several begin at one word, the longest. Parts of names need their capital."""
        found = list(_WORD.finditer(letters))
        tokens = [fold(match.group()) for match in found]
        for index, match in enumerate(found):
            if longest := self._longest(tokens[index : index + _LONGEST]):
                length, of = longest
                yield Hit(match.start(), found[index + length - 1].end(), *of)
            elif match.group()[0].isupper() and any(tokens[index] in each.parts for each in self._lists):
                yield Hit(_with_initial(letters, match.start()), match.end(), "name", "it is part of a name")
        yield from self._in_scripts_without_spaces(letters)

    def _longest(self, tokens: list[str]) -> tuple[int, tuple[str, str]] | None:
        """How many of these words the longest phrase takes that begins with the first, and what it is."""
        known = [those for each in self._lists if (those := each.by_first.get(tokens[0]))]
        for length in range(len(tokens) if known else 0, 0, -1):
            begin = tuple(tokens[:length])
            for those in known:
                if of := those.get(begin):
                    return length, of
        return None

    def _in_scripts_without_spaces(self, letters: str) -> Iterator[Hit]:
        if letters.isascii() or not self._unspaced:
            return
        for match in self._unspaced_pattern.finditer(letters):
            yield Hit(match.start(), match.end(), *self._unspaced[match.group()])

    @cached_property
    def _unspaced(self) -> dict[str, tuple[str, str]]:
        return {phrase: of for each in reversed(self._lists) for phrase, of in each.unspaced.items()}

    @cached_property
    def _unspaced_pattern(self) -> re.Pattern[str]:
        """An alternation of literals, which does not backtrack beyond the longest."""
        return re.compile("|".join(re.escape(each) for each in sorted(self._unspaced, key=len, reverse=True)))


def _with_initial(letters: str, start: int) -> int:
    """Where a name begins, with the initial or the O' before it."""
    before = _INITIAL.search(letters[max(start - 4, 0) : start])
    return start - len(before.group()) if before else start


def words(phrase: str) -> list[str]:
    """The words of a phrase in plain folded letters."""
    return [fold(word) for word in _WORD.findall(plain(cleaned(phrase)).letters)]


def _spaced(phrase: str) -> bool:
    """Whether its script puts spaces between words; those without upper and lower case mostly do not."""
    letters = [char for char in plain(cleaned(phrase)).letters if char.isalpha()]
    return not letters or any(char.isascii() or char.lower() != char.upper() for char in letters)


def phrases(people: tuple[str, ...], never: Iterable[str], words: Iterable[str]) -> Phrases:
    """All that is listed; where the same is listed twice, the agreement's reason stands before the others."""
    own = Listed()
    for word in never:
        own.add(word, "word", "the agreement says never")
    for word in words:
        own.add(word, "word", "it is a name of something inside")
    return Phrases(own, _of(people))


@lru_cache(2)
def _of(people: tuple[str, ...]) -> Listed:
    """The names of all who are known, ten thousand of them perhaps: made once for all partners."""
    made = Listed()
    for name in people:
        made.add_person(name)
    return made
