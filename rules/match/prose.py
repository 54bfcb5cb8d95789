"""Matchers over title and body: whole words and phrases, and regular expressions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from rules.match.clause import Answer, Clause, Test, Way
from rules.match.errors import listed, written
from rules.match.lexicon import PARTS, Lexicon, Part, compile_pattern, is_phrase
from rules.match.site import Site
from rules.match.values import Wanted
from rules.match.view import View

Numbers = frozenset[int]
"""The numbers of one word in each part of the text that is looked at."""
FOUND = attrgetter("found")


def text(site: Site) -> Clause:
    """Whole words and phrases: ``{any|all|none: [...], in: [title, body]}``, or the words alone."""
    wanted = Wanted.read(site, "in")
    for word in wanted:
        if not is_phrase(word):
            raise site.refuse(f"{written(word)} holds no letter, digit or sign to look for")
    parts = _parts(site)
    return _prose(wanted, parts, {word: _numbers(site.scope.lexicon, word, parts) for word in wanted})


def _numbers(lexicon: Lexicon, word: str, parts: Sequence[Part]) -> Numbers:
    return frozenset(lexicon.word(part, word) for part in parts)


def _prose(wanted: Wanted, parts: Sequence[Part], numbers: dict[str, Numbers]) -> Clause:
    any_, none = _together(wanted.any, numbers), _together(wanted.none, numbers)
    every = [numbers[word] for word in wanted.all]
    words, own = _wording(wanted, listed(parts), numbers), _together(tuple(wanted), numbers)

    def say(view: View, _: datetime, answer: Answer) -> str:
        return words(answer, own & view.found)

    needs = tuple((Way(FOUND, each.__contains__),) for each in (*every, any_) if each)
    test, exact = _test(any_, every, none), not wanted.none
    return Clause(test, say, prose=bool(wanted.any or wanted.all), needs=needs, exact=exact)


def _test(any_: Numbers, every: Sequence[Numbers], none: Numbers) -> Test:
    if not every and not none:
        return lambda view, _: not any_.isdisjoint(view.found)

    def test(view: View, _: datetime) -> Answer:
        found = view.found
        if any_ and any_.isdisjoint(found):
            return False
        return none.isdisjoint(found) and not any(each.isdisjoint(found) for each in every)

    return test


def _together(words: Sequence[str], numbers: dict[str, Numbers]) -> Numbers:
    return Numbers().union(*(numbers[word] for word in words))


def _wording(wanted: Wanted, place: str, numbers: dict[str, Numbers]) -> Callable[[Answer, Numbers], str]:
    """The words for an answer, given what is found. The same few come again and again."""

    @lru_cache(maxsize=128)
    def words(answer: Answer, found: Numbers) -> str:
        present = [word for word in numbers if not numbers[word].isdisjoint(found)]
        if answer:
            held = [word for word in (*wanted.any, *wanted.all) if word in present]
            return f"{place} has {_quoted(held, 'and')}" if held else f"{place} has no {_quoted(wanted.none)}"
        if banned := [word for word in wanted.none if word in present]:
            return f"{place} has {_quoted(banned)}, which is excluded"
        lacking = [word for word in wanted.all if word not in present]
        return f"{place} has no {_quoted(lacking or wanted.any)}"

    return words


def regex(site: Site) -> Clause:
    """Regular expressions of RE2, any of which may match: ``{pattern|patterns: …, in: [title, body]}``."""
    at = _patterns(site)
    parts = _parts(site)
    compiled = {inner.word(): _compile(inner) for inner in at.list()}
    try:
        numbers = frozenset(
            site.scope.lexicon.pattern(part, pattern, regexp) for pattern, regexp in compiled.items() for part in parts
        )
    except ValueError as error:
        raise site.refuse(str(error)) from None
    unmatched = f"{listed(parts)} does not match {listed(f'/{pattern}/' for pattern in compiled)}"

    def test(view: View, _: datetime) -> Answer:
        return not numbers.isdisjoint(view.found)

    def say(view: View, _: datetime, answer: Answer) -> str:
        return _matched(view, parts, compiled) if answer else unmatched

    return Clause(test, say, prose=True, needs=((Way(FOUND, numbers.__contains__),),), exact=True)


def _patterns(site: Site) -> Site:
    if not isinstance(site.value, Mapping):
        return site
    keys = site.mapping("pattern", "patterns", "in")
    if ("pattern" in keys) == ("patterns" in keys):
        raise site.refuse("expected either pattern or patterns")
    return keys.get("pattern") or keys["patterns"]


def _compile(site: Site) -> Any:
    try:
        return compile_pattern(site.word())
    except ValueError as error:
        raise site.refuse(str(error)) from None


def _matched(view: View, parts: Sequence[Part], compiled: dict[str, Any]) -> str:
    """Which part matched which pattern, with the text that did."""
    for part in parts:
        whole: str = getattr(view.item, part)
        for pattern, regexp in compiled.items():
            if hit := regexp.search(whole.encode(errors="replace")):
                return f"{part} has {_quoted([_clip(hit.group().decode(errors='replace'))])}, matching /{pattern}/"
    raise AssertionError("the search over all patterns found one that a search for each does not")


def _parts(site: Site) -> tuple[Part, ...]:
    if not isinstance(site.value, Mapping) or "in" not in site.value:
        return PARTS
    named = site.at("in", site.value["in"]).words(PARTS)
    return tuple(part for part in PARTS if part in named)


def _quoted(words: Sequence[str], joint: str = "or") -> str:
    return listed([f'"{word}"' for word in words], joint)


def _clip(hit: str, longest: int = 80) -> str:
    return hit if len(hit) <= longest else f"{hit[: longest - 1]}…"
