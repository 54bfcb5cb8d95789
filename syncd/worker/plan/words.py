"""Words of rules and goals that occur on no stored item: mostly slips of the pen, or a label that was renamed."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.item import Item
from rules.match.folding import fold, plain
from rules.match.values import has_any
from rules.match.view import addresses
from rules.model import Policy

MOST = 50_000
"""Different words of one sort that are kept; where there are more, nothing is said about that sort."""

_SORTS: Mapping[str, str] = {
    "label": "label",
    "component": "component",
    "status": "status",
    "kind": "kind",
    "type": "type",
    "milestone": "milestone",
    "sprint": "sprint",
    "version": "version",
    "container": "container",
    "project": "container",
    "repository": "container",
    "data_source": "container",
}
"""Matcher -> the sort of words it asks for."""


@dataclass(frozen=True, slots=True)
class StrayWord:
    """A word that occurs nowhere. ``nearest`` is empty where no word that occurs is like it."""

    where: str
    """The rule or goal that names it."""
    sort: str
    word: str
    nearest: str


@dataclass(slots=True)
class Vocabulary:
    """The words that occur, by sort; folded word -> as written."""

    fields: frozenset[str] = frozenset()
    """Names of further fields whose values are asked for, folded."""
    names: frozenset[str] = frozenset()
    """How files name items, folded."""
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def for_(cls, policy: Policy) -> "Vocabulary":
        asked = list(_asked(policy))
        fields = frozenset(sort.partition(" ")[2] for _, sort, _ in asked if sort.startswith("field "))
        return cls(fields, frozenset(fold(word) for _, sort, word in asked if sort == "item"))

    def add(self, item: Item) -> None:
        self._keep("label", item.labels)
        self._keep("component", item.components)
        self._keep("version", item.versions)
        self._keep("goal field", item.goals)
        for sort in ("status", "kind", "type", "milestone", "sprint", "container"):
            self._keep(sort, (getattr(item, sort),))
        for name, value in item.fields.items():
            self._keep("field", (name,))
            if (folded := fold(name)) in self.fields:
                self._keep(f"field {folded}", plain(value))
        if self.names:
            self._keep("item", (name for name in addresses(item) if name in self.names))

    def _keep(self, sort: str, words: Iterable[str]) -> None:
        known = self.words.setdefault(sort, {})
        for word in words:
            if word and len(known) <= MOST:
                known.setdefault(fold(word), word)

    def strays(self, policy: Policy) -> Iterator[StrayWord]:
        """Each word that occurs nowhere, once for each rule or goal."""
        for where, sort, word in dict.fromkeys(_asked(policy)):
            known = self.words.get(sort, {})
            if len(known) <= MOST and not has_any((word,))(known):
                told = sort.partition(" ")[0] if sort.startswith("field ") else sort
                yield StrayWord(where, told, word, "" if sort == "item" else _nearest(word, known))


def _nearest(word: str, known: Mapping[str, str]) -> str:
    close = difflib.get_close_matches(fold(word), known, n=1)
    return known[close[0]] if close else ""


def _asked(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Where, which sort, which word."""
    for rule in policy.rules:
        yield from ((f"rule {rule.id}", sort, word) for sort, word in _in_condition(rule.when))
    yield from (("needs_goal", sort, word) for sort, word in _in_condition(policy.needs_goal) if sort != "kind")
    for goal in policy.strategy.goals:
        where = f"goal {goal.id}"
        yield from ((where, "label", word) for word in goal.accepts.labels)
        yield from ((where, "item", word) for word in goal.accepts.items)
        yield from ((where, "goal field", word) for word in goal.accepts.fields)


def _in_condition(when: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in when.items():
        if key in ("any", "all", "none"):
            for part in value:
                yield from _in_condition(part)
        elif key in ("parent", "ancestor") and isinstance(value, Mapping):
            yield from _in_condition(value)
        elif key == "field":
            for name, wanted in value.items():
                yield "field", str(name)
                yield from ((f"field {fold(str(name))}", word) for word in _words(wanted))
        elif key in _SORTS:
            yield from ((_SORTS[key], word) for word in _words(value))


def _words(value: Any) -> Iterator[str]:
    """The words of a matcher: one, a list, or any, all and none with such."""
    if isinstance(value, Mapping):
        for part in ("any", "all", "none"):
            yield from _words(value.get(part, ()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
    else:
        yield from plain(value)
