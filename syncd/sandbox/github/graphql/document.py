"""Reads a GraphQL document: the part of the language that queries are written in.

Source: the GraphQL specification (October 2021), section 2. Operations, aliases, arguments, variables,
fragments; block strings, subscriptions and directives are refused by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_WORD = re.compile(
    r"(?P<skip>[\s,\ufeff]+|#[^\n\r]*)|(?P<punct>\.\.\.|[!$&()\[\]{}:=|@])|(?P<name>[_A-Za-z]\w*)"
    r'|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<string>"(?:[^"\\\n]|\\.)*")'
)


class SyntaxProblem(ValueError):
    """The document cannot be read; says where."""


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """One selected field; ``key`` is its name in the answer."""

    name: str
    key: str
    arguments: Mapping[str, Any]
    selections: "tuple[Selection, ...]"


@dataclass(frozen=True, slots=True)
class Spread:
    """Fields that count for one type only: an inline fragment (with selections) or a named one."""

    on: str
    selections: "tuple[Selection, ...]" = ()
    fragment: str = ""


Selection = Field | Spread


@dataclass(slots=True)
class Document:
    """``kind`` is ``query`` or ``mutation``; ``defaults`` are those of its variables."""

    kind: str = "query"
    selections: tuple[Selection, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, Spread] = field(default_factory=dict)


def parse(text: str) -> Document:
    """The one operation of a document.

    :raises SyntaxProblem: it is no document, or uses what is not understood here
    """
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self._at = 0

    def document(self) -> Document:
        document = Document()
        while (word := self._peek()) != "":
            if word == "{":
                document.selections = self._selections()
            elif word in ("query", "mutation"):
                self._operation(document)
            elif word == "fragment":
                name, spread = self._fragment()
                document.fragments[name] = spread
            else:
                raise SyntaxProblem(f'Unexpected "{word}": expected a query, mutation or fragment')
        if not document.selections:
            raise SyntaxProblem("A query attribute must be specified and must be a string.")
        return document

    def _operation(self, document: Document) -> None:
        document.kind = self._next()
        if self._peek() not in ("(", "{"):
            self._name()
        if self._take("("):
            while not self._take(")"):
                name, default = self._variable_definition()
                document.defaults[name] = default
        document.selections = self._selections()

    def _variable_definition(self) -> tuple[str, Any]:
        self._expect("$")
        name = self._name()
        self._expect(":")
        while self._peek() in ("[", "]", "!") or re.match(r"[_A-Za-z]", self._peek()):
            self._next()
        return name, self._value() if self._take("=") else None

    def _fragment(self) -> tuple[str, Spread]:
        self._expect("fragment")
        name = self._name()
        self._expect("on")
        return name, Spread(self._name(), self._selections())

    def _selections(self) -> tuple[Selection, ...]:
        self._expect("{")
        found: list[Selection] = []
        while not self._take("}"):
            found.append(self._spread() if self._take("...") else self._field())
        if not found:
            raise SyntaxProblem("A selection set must not be empty")
        return tuple(found)

    def _spread(self) -> Spread:
        if self._peek() == "on":
            self._next()
            return Spread(self._name(), self._selections())
        if self._peek() == "{":
            return Spread("", self._selections())
        return Spread("", fragment=self._name())

    def _field(self) -> Field:
        key = name = self._name()
        if self._take(":"):
            name = self._name()
        arguments: dict[str, Any] = {}
        if self._take("("):
            while not self._take(")"):
                argument = self._name()
                self._expect(":")
                arguments[argument] = self._value()
        return Field(name, key, arguments, self._selections() if self._peek() == "{" else ())

    def _value(self) -> Any:
        word = self._next()
        if word == "$":
            return Variable(self._name())
        if word == "[":
            return self._list()
        if word == "{":
            return self._object()
        if word.startswith('"'):
            return word[1:-1].encode().decode("unicode_escape") if "\\" in word else word[1:-1]
        if re.fullmatch(r"-?\d+", word):
            return int(word)
        if re.fullmatch(r"-?\d.*", word):
            return float(word)
        return {"true": True, "false": False, "null": None}.get(word, word)

    def _list(self) -> list[Any]:
        values = []
        while not self._take("]"):
            values.append(self._value())
        return values

    def _object(self) -> dict[str, Any]:
        values = {}
        while not self._take("}"):
            name = self._name()
            self._expect(":")
            values[name] = self._value()
        return values

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _next(self) -> str:
        word = self._peek()
        if not word:
            raise SyntaxProblem("Unexpected end of document")
        self._at += 1
        return word

    def _take(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise SyntaxProblem(f'Expected "{word}", actual: "{self._peek() or "end of document"}"')

    def _name(self) -> str:
        word = self._next()
        if not re.fullmatch(r"[_A-Za-z]\w*", word):
            raise SyntaxProblem(f'Expected a name, actual: "{word}"')
        return word


def _words(text: str) -> list[str]:
    found, position = [], 0
    while position < len(text):
        match = _WORD.match(text, position)
        if match is None:
            raise SyntaxProblem(f'Unexpected character "{text[position]}" at position {position}')
        if match.lastgroup != "skip":
            found.append(match.group())
        position = match.end()
    return found
