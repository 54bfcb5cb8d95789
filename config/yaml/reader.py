"""Builds nodes from the events of the YAML parser."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from config.problems import quoted
from config.yaml.document import Flaw, Mark, Node, Scalar, Unreadable
from config.yaml.text import complaint

MAX_DEPTH = 32
MAX_VALUES = 100_000
"""Aliases count as often as they are used."""


def _mark(event: Event) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1) if start else Mark(1, 1)


class Reader:
    """Builds nodes from the parser's events, with our own depth limit: composers recurse without one."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self._anchors: dict[str, Node] = {}
        self._events: Iterator[Event] = iter(())

    def document(self, text: str) -> Node:
        self._events = _events(text)
        next(self._events)  # the stream's start
        if isinstance(next(self._events), StreamEndEvent):
            return Node(None, Mark(1, 1))
        root = self._node(next(self._events), 1)
        next(self._events)  # the document's end
        if isinstance(after := next(self._events), DocumentStartEvent):
            raise Unreadable(_mark(after), "a second document starts here", "keep one document in a file: remove ---")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Unreadable(_mark(event), f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if getattr(event, "tag", None):
            self.flaws.append(Flaw(_mark(event), "tags (!…) have no meaning here", "remove the tag"))
        node = self._untagged(event, depth)
        if anchor := getattr(event, "anchor", None):
            self._anchors[anchor] = node
        return node

    def _untagged(self, event: Event, depth: int) -> Node:
        if isinstance(event, ScalarEvent):
            return Node(_plain_scalar(event.value) if event.implicit[0] else event.value, _mark(event))
        if isinstance(event, SequenceStartEvent):
            return self._list(event, depth)
        return self._mapping(event, depth)

    def _alias(self, event: AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            what = f"no anchor &{event.anchor} stands before this alias"
            raise Unreadable(_mark(event), what, "put a text that starts with * in quotes")
        return self._anchors[event.anchor]

    def _list(self, start: Event, depth: int) -> Node:
        nodes = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            nodes.append(self._node(event, depth + 1))
        return Node(nodes, _mark(start))

    def _mapping(self, start: Event, depth: int) -> Node:
        nodes: dict[str, Node] = {}
        marks: dict[str, Mark] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event)
            value = self._node(next(self._events), depth + 1)
            if key == "<<":
                self.flaws.append(Flaw(_mark(event), "merge keys (<<) are not supported", "repeat the keys"))
            elif key in marks:
                first = f"first in line {marks[key].line}"
                self.flaws.append(Flaw(_mark(event), f"the key {quoted(key)} stands twice", first))
            else:
                nodes[key], marks[key] = value, _mark(event)
        return Node(nodes, _mark(start), marks)

    def _key(self, event: Event) -> str:
        if isinstance(event, ScalarEvent):
            return str(event.value)
        raise Unreadable(_mark(event), "a key must be plain text", "quote it if it starts with [, {, * or &")


def _events(text: str) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise complaint(error, text) from None


_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# eighteen digits are more than any number here; longer ones are identifiers that lack their quotes
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?([0-9]{0,18}\.[0-9]{1,18}|[0-9]{1,18}\.?)([eE][-+]?[0-9]{1,2})?")


def _plain_scalar(text: str) -> Scalar:
    """What an unquoted word means; hexadecimal, octal and infinite numbers stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


class Plain:
    """Nodes as plain values. Aliases are written out here, so here their number and depth are bounded."""

    def __init__(self) -> None:
        self._count = 0

    def value(self, node: Node, depth: int) -> Any:
        self._count += 1
        if self._count > MAX_VALUES:
            raise Unreadable(node.mark, f"more than {MAX_VALUES:,} values", "aliases count as often as they are used")
        if depth > MAX_DEPTH:
            raise Unreadable(node.mark, f"nested more than {MAX_DEPTH} levels deep", "aliases included")
        if isinstance(node.value, dict):
            return {key: self.value(child, depth + 1) for key, child in node.value.items()}
        if isinstance(node.value, list):
            return [self.value(child, depth + 1) for child in node.value]
        return node.value
