"""The redactor: a text in, the text that may be shared out, with what was taken out and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.model.partners import Inside, Taken
from rules.sharing.redactor import places
from rules.sharing.redactor.phrases import phrases
from rules.sharing.redactor.shapes import SHAPES, Hit, find, of_projects
from rules.sharing.redactor.spelling import Plain, cleaned, plain, unmarked

LARGEST = 256 * 1024
"""Bytes of a text, as UTF-8; the rest is cut."""
MARK = "[removed]"
PASSES = 8
"""What is taken out may uncover what stood against it; after so many times somebody is playing games."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be shared."""

    text: str
    taken: tuple[Taken, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing that can be read is left beside the marks."""
        return not any(char.isalnum() for char in self.text.replace(MARK, ""))


class Redactor:
    """What is taken out, made ready for many texts.

    Redacting twice gives what redacting once gives. The time is linear in the text.

    :param inside: names of people, hosts, projects and other words of ours
    :param links: hosts to which shared text may link; a host that is itself ``inside`` is none
    :param never: words and phrases that the agreement keeps out
    """

    def __init__(self, inside: Inside | None = None, links: Iterable[str] = (), never: Iterable[str] = ()) -> None:
        inside = inside or Inside()
        self._inner = frozenset(host.lower().strip(".") for host in inside.hosts)
        self.links = frozenset(host.lower() for host in links) - self._inner
        self._shapes = (*SHAPES, *of_projects(inside.projects))
        self._phrases = phrases(tuple(inside.people), never, inside.words)

    def redact(self, text: str) -> Redacted:
        """The text without what must not leave the house; each piece leaves ``MARK`` behind."""
        short, cut = _cut(cleaned(text))
        taken: list[Taken] = []
        for _ in range(PASSES):
            short, more = self._without(short)
            taken += more
            if not more:
                return Redacted(short, (*taken, *cut))
        return Redacted("", (*taken, *cut, Taken("length", "", "what was taken out kept uncovering more")))

    def _without(self, text: str) -> tuple[str, list[Taken]]:
        """One pass."""
        pieces: list[str] = []
        taken: list[Taken] = []
        last = 0
        for start, end, kind, because in self._found(text):
            pieces += [text[last:start], MARK]
            taken.append(Taken(kind, text[start:end], because))
            last = end
        return "".join([*pieces, text[last:]]), taken

    def finds(self, text: str) -> bool:
        """Whether there is anything to take out, once it is shown as plain text."""
        return any(True for _ in self._found(cleaned(text)))

    def _found(self, text: str) -> list[Hit]:
        """What goes, in the order of the text, without overlaps."""
        letters = plain(text)
        marked = unmarked(letters)
        hits = [*self._hits(letters), *(self._hits(marked) if marked else ())]
        return list(_merged(_around_marks(hits, text)))

    def _hits(self, letters: Plain) -> Iterator[Hit]:
        data = letters.data
        found = (*find(self._shapes, data), *places.find(data, self._inner, self.links))
        for start, end, kind, because in (*found, *self._phrases.find(letters.letters)):
            yield Hit(*letters.span(start, end), kind, because)


class Names(Redactor):
    """Looks for listed names and nothing else: a tenth of the time, where all else was taken out before."""

    def __init__(self, people: Iterable[str]) -> None:
        super().__init__(Inside(people=tuple(people)))

    def _hits(self, letters: Plain) -> Iterator[Hit]:
        for start, end, kind, because in self._phrases.find(letters.letters):
            yield Hit(*letters.span(start, end), kind, because)


def _cut(text: str) -> tuple[str, tuple[Taken, ...]]:
    """The text up to ``LARGEST``, and no part of a word at its end: half a secret is not recognised."""
    data = text.encode(errors="replace")
    if len(data) <= LARGEST:
        return text, ()
    kept = data[:LARGEST].decode(errors="ignore")
    kept = kept[: max(kept.rfind(" "), kept.rfind("\n"), 0)]
    return kept, (Taken("length", "", f"the text has more than {LARGEST // 1024} KiB; its end is cut"),)


def _around_marks(hits: Iterable[Hit], text: str) -> Iterator[Hit]:
    """What is found in the marks that redacting once left is not found again."""
    marks: list[tuple[int, int]] = []
    at = text.find(MARK)
    while at >= 0:
        marks.append((at, at + len(MARK)))
        at = text.find(MARK, at + len(MARK))
    inside = {position for start, end in marks for position in range(start, end)}
    return (hit for hit in hits if not (hit.start in inside and hit.end - 1 in inside))


def _merged(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Overlapping hits as one, which has the reason of the one that begins first."""
    last: Hit | None = None
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if last and hit.start < last.end:
            last = last._replace(end=max(last.end, hit.end))
            continue
        if last:
            yield last
        last = hit
    if last:
        yield last
