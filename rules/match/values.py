"""Matchers over an item's values: labels, kinds, people, fields. Exact or with ``*``, case never matters."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter

from connectors.item import KINDS, STATUS_CATEGORIES
from rules.match.clause import Answer, Clause, Need, Test, Way, all_of
from rules.match.errors import listed
from rules.match.folding import fold, plain
from rules.match.site import Build, Site
from rules.match.view import Values, View

Holds = Callable[[Collection[str]], bool]
Read = Callable[[View], tuple[str, ...]]

ENUMERATIONS: Mapping[str, Collection[str]] = {"kind": KINDS, "status_category": STATUS_CATEGORIES}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which values a matcher asks for: one of ``any``, each of ``all``, not one of ``none``."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @classmethod
    def read(cls, site: Site, *also: str, known: Collection[str] = (), truth: bool = False) -> "Wanted":
        """A word, a list of words (any of them), or a mapping of any, all and none.

        ``also`` names further keys that the mapping may have; ``known`` and ``truth`` are as for a word.
        """
        if not isinstance(site.value, Mapping):
            return cls(any=site.words(known, truth=truth))
        parts = site.mapping("any", "all", "none", *also)
        if not parts.keys() & {"any", "all", "none"}:
            raise site.refuse("expected any, all or none with the words to look for")
        return cls(**{name: parts[name].words(known, truth=truth) for name in parts if name not in also})

    def __iter__(self) -> Iterator[str]:
        yield from (*self.any, *self.all, *self.none)

    def __str__(self) -> str:
        """The values that must be there, for an explanation of their absence."""
        return " and ".join(filter(None, [listed(self.any), listed(self.all, "and")]))


def of_item(noun: str, values: Values) -> Build:
    """The matcher over one attribute of an item, called ``noun`` in explanations."""

    def build(site: Site) -> Clause:
        wanted = Wanted.read(site, known=ENUMERATIONS.get(values.name, ()))
        clause, needs = _clause(wanted, noun, attrgetter(values.name), values.shown), _needs(wanted, values)
        return replace(clause, needs=needs, exact=not wanted.none)

    return build


def _needs(wanted: Wanted, values: Values) -> tuple[Need, ...]:
    """Each word that must be there, and one of those of which any will do."""
    sets = [(word,) for word in wanted.all] + ([wanted.any] if wanted.any else [])
    return tuple((Way(values.read, _suits(has_any(words))),) for words in sets)


def _suits(holds: Holds) -> Callable[[str], bool]:
    return lambda value: holds((fold(value),))


def field(site: Site) -> Clause:
    """Further fields of the tracker by name. A field the item does not carry at all is unknown."""
    return all_of([_field(inner.counted().name, Wanted.read(inner, truth=True)) for inner in site.mapping().values()])


def _field(name: str, wanted: Wanted) -> Clause:
    key = fold(name)

    def read(view: View) -> tuple[str, ...]:
        return tuple(map(fold, plain(view.fields[key])))

    known = _clause(wanted, name, read, lambda view: plain(view.fields[key]))

    def test(view: View, now: datetime) -> Answer:
        return known.test(view, now) if key in view.fields else None

    def say(view: View, now: datetime, answer: Answer) -> str:
        return f"field {name} is not known" if answer is None else known.say(view, now, answer)

    return Clause(test, say)


def _clause(wanted: Wanted, noun: str, read: Read, shown: Read) -> Clause:
    words = _wording(wanted, noun)
    return Clause(_test(wanted, read), lambda view, _, answer: words(answer, shown(view)))


def _test(wanted: Wanted, read: Read) -> Test:
    any_, none = has_any(wanted.any), has_any(wanted.none)
    every = [has_any((word,)) for word in wanted.all]
    if not every and not wanted.none:
        if any("*" in word for word in wanted.any):
            return lambda view, _: any_(read(view))
        disjoint = frozenset(map(fold, wanted.any)).isdisjoint
        return lambda view, _: not disjoint(read(view))

    def test(view: View, _: datetime) -> Answer:
        values = read(view)
        if wanted.any and not any_(values):
            return False
        return not none(values) and all(has(values) for has in every)

    return test


def _wording(wanted: Wanted, noun: str) -> Callable[[Answer, tuple[str, ...]], str]:
    """The words for an answer about some values. The same few values come again and again."""
    asked, banned = has_any((*wanted.any, *wanted.all)), has_any(wanted.none)
    needs = str(wanted)

    @lru_cache(maxsize=128)
    def words(answer: Answer, values: tuple[str, ...]) -> str:
        if answer:
            return _describe(noun, [value for value in values if asked((fold(value),))] or values)
        if excluded := [value for value in values if banned((fold(value),))]:
            return f"{_describe(noun, excluded)}, which is excluded"
        return f"{noun} is {listed(values, 'and')}, not {needs}" if values else f"no {noun} (wanted: {needs})"

    return words


def _describe(noun: str, values: Sequence[str]) -> str:
    return f"{noun} is {listed(values, 'and')}" if values else f"no {noun}"


def has_any(words: Collection[str]) -> Holds:
    """Whether a collection of folded values holds one of the words, of which some may have ``*``."""
    folded = {fold(word) for word in words}
    exact = frozenset(word for word in folded if "*" not in word)
    globs = [glob(word) for word in sorted(folded - exact)]
    if not globs:
        return lambda values: not exact.isdisjoint(values)
    return lambda values: not exact.isdisjoint(values) or any(fits(value) for fits in globs for value in values)


def glob(pattern: str) -> Callable[[str], bool]:
    """Whether a value fits a pattern in which ``*`` stands for anything. Linear in the value."""
    head, *middle, tail = pattern.split("*")

    def fits(value: str) -> bool:
        if len(value) < len(head) + len(tail) or not (value.startswith(head) and value.endswith(tail)):
            return False
        at, end = len(head), len(value) - len(tail)
        for piece in middle:
            at = value.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return fits
