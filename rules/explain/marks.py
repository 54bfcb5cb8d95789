"""What of an item a rule's match rests on, as places and values that a page can highlight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import re2

from connectors.item import Item
from rules.match import Scope, View, compile_condition
from rules.match.folding import fold, fold_prose
from rules.match.lexicon import PARTS, compile_pattern, word_pattern
from rules.match.values import has_any
from rules.match.view import Values
from rules.model import Case


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of an item that speaks for a match: ``part`` is ``title``, ``body``, or the matcher's key such as
    ``label``; ``text`` as it is written there. ``start`` and ``end`` count characters in title or body; -1 for
    values, and where folding a text moved its characters."""

    part: str
    text: str
    start: int = -1
    end: int = -1


def marks(when: Mapping[str, Any], case: Case, now: datetime) -> tuple[Mark, ...]:
    """What a condition found, each once: title and body first. What it keeps out (``none``), what stands above
    the item, and times and numbers leave no mark."""
    view = View.of(case, Scope().lexicon)
    found = dict.fromkeys(_found(when, case, view, now))
    return tuple(sorted(found, key=lambda mark: (_order(mark.part), mark.start)))


def _order(part: str) -> int:
    return PARTS.index(part) if part in PARTS else len(PARTS)


def _found(when: Mapping[str, Any], case: Case, view: View, now: datetime) -> Iterator[Mark]:
    for key, value in when.items():
        if key in ("any", "all"):
            for condition in value:
                if compile_condition(condition)(case, now):
                    yield from _found(condition, case, view, now)
        elif key == "text":
            yield from _words(value, view.item)
        elif key == "regex":
            yield from _patterns(value, view.item)
        elif isinstance(values := getattr(View, key, None), Values):
            yield from _values(key, value, values, view)


def _words(value: Any, item: Item) -> Iterator[Mark]:
    for part in _parts(value):
        text: str = getattr(item, part)
        folded = fold_prose(text)
        moved = len(folded) != len(text)
        for word in _wanted(value):
            if span := _place(word, folded):
                yield Mark(part, word) if moved else Mark(part, text[slice(*span)], *span)


def _place(word: str, folded: str) -> tuple[int, int] | None:
    """Where a whole word first stands in folded prose, in characters and without its boundaries."""
    text = folded.encode(errors="replace")
    hit = re2.compile(word_pattern(word), options=_BYTES).search(text)
    if hit is None:
        return None
    start, end = (len(text[:at].decode(errors="replace")) for at in hit.span())
    first, last = fold_prose(word).split()[0][0], fold_prose(word).split()[-1][-1]
    return start + (folded[start] != first), end - (folded[end - 1] != last)


def _patterns(value: Any, item: Item) -> Iterator[Mark]:
    asked = value if isinstance(value, Mapping) else {"patterns": value}
    for part in _parts(value):
        text: str = getattr(item, part)
        for pattern in _list(asked.get("patterns", asked.get("pattern"))):
            if hit := compile_pattern(pattern).search(text.encode(errors="replace")):
                start = len(text.encode(errors="replace")[: hit.start()].decode(errors="replace"))
                matched = hit.group().decode(errors="replace")
                yield Mark(part, matched, start, start + len(matched))


def _values(key: str, value: Any, values: Values, view: View) -> Iterator[Mark]:
    fits = has_any(_wanted(value))
    for shown in values.shown(view):
        if fits((fold(shown),)):
            yield Mark(key, shown)


def _wanted(value: Any) -> list[str]:
    """The words that must be there: those of ``any`` and ``all``."""
    if isinstance(value, Mapping):
        return [*_list(value.get("any")), *_list(value.get("all"))]
    return _list(value)


def _parts(value: Any) -> tuple[str, ...]:
    named = _list(value.get("in")) if isinstance(value, Mapping) else []
    return tuple(part for part in PARTS if not named or part in named)


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _bytes() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return options


_BYTES = _bytes()
