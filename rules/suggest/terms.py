"""What texts are compared by: words, pairs of neighbours, and runs of letters inside words.

``PodLevelResources`` counts as a whole and as *pod*, *level*, *resources*; runs of four letters let
*autoscaler* meet *autoscaling*. On epics this tells more than any language model that was tried.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from rules.match.folding import fold

Family = Literal["word", "pair", "run"]

RUN = 4
"""Letters of one run; the space before a word counts as one."""
UNSPACED = "\u2e80"
"""From here on scripts write without spaces, and two characters are a word's worth."""

STOP = frozenset(  # a paragraph reads better than 140 words in quotes
    """
    a about add added adds after again all allow allows also always an and any are as at be because been before being
    between both but by can could did do does each every everybody few fix fixed fixes for from had has have how i if in
    into is it its itself just may me more most much must my never new no nobody not nothing now of often on one ones only
    or other our ours ourselves out over own s same shall she should so some somebody something still such t than that the
    their them themselves then there these they this those to too under until up us use used uses using very via was we
    were what when where whether which while who whom whose why will with without would you your yours
    """.split()  # noqa: SIM905
)
"""Words that say nothing about a goal, in prose and in the titles of changes."""

_ADDRESS = re.compile(r"https?://\S+")
_WRITTEN = re.compile(r"\w+")
_PARTS = (
    r"[vV]\d+(?:(?:alpha|beta)\d+)?",  # v2, v1beta1
    r"[A-Z]+(?=V\d)",  # API in APIV3
    r"[A-Z]{2,}(?=s?(?![a-z])|v\d)",  # CRD in CRDs, KMS in KMSv2
    r"[A-Z]+(?=[A-Z][a-z])",  # HTTP in HTTPServer
    r"[A-Z]?[a-z]+(?=v\d)",  # cgroup in cgroupv2
    r"[A-Z]?[a-z]+",
    r"[A-Z]+",
)
_PART = re.compile("|".join(_PARTS))


class Token(NamedTuple):
    """A word as it is written, and the words that it counts as."""

    written: str
    words: tuple[str, ...]


def tokens(text: str) -> Iterator[Token]:
    """The words of a text that may tell something, in order."""
    for written in _WRITTEN.findall(_ADDRESS.sub(" ", text)):
        if words := tuple(word for word in _words(written) if len(word) > 1 and word not in STOP):
            yield Token(written, words)


def _words(written: str) -> list[str]:
    if not written.isascii():
        return [fold(written)]
    parts = [part.lower() for part in _PART.findall(written)]
    return ["".join(parts), *parts] if len(parts) > 1 else parts


def terms(text: Iterable[Token]) -> Counter[str]:
    """How often each ``word``, ``~run`` and ``pair of words`` occurs."""
    words = [word for token in text for word in token.words]
    count = Counter(words)
    for word, times in list(count.items()):
        for run in runs(word):
            count[run] += times
    count.update(f"{one} {other}" for one, other in pairwise(words))
    return count


def runs(word: str) -> list[str]:
    """The runs of letters in a word, and where it begins; how it ends (*-ing*, *-ation*) tells nothing."""
    length = RUN if word < UNSPACED else 2
    begun = f" {word}"
    return [f"~{begun[at : at + length]}" for at in range(max(1, len(begun) - length + 1))]


def family(term: str) -> Family:
    if term[0] == "~":
        return "run"
    return "pair" if " " in term else "word"
