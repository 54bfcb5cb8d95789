"""A file as written: its plain value, and the way back to the line of each key and value."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from config.problems import KeyPath

Scalar = str | int | float | bool | None


class Mark(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not YAML as we read it."""

    mark: Mark
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it starts; for a mapping also where its keys stand."""

    value: "Scalar | list[Node] | dict[str, Node]"
    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)

    def child(self, step: str | int) -> "Node | None":
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its plain value, and the way back to the lines. Without a root where it is not readable."""

    value: Any
    root: Node | None
    flaws: tuple[Flaw, ...] = ()

    def mark(self, path: KeyPath, *, at_key: bool = False) -> Mark:
        """Where the value (or the key) at ``path`` stands; of a missing one, where it belongs."""
        node, mark = self.root, Mark(1, 1)
        for depth, step in enumerate(path, start=1):
            child = node.child(step) if node else None
            if node is None or child is None:
                return mark
            key = node.keys.get(str(step))
            # a mapping is pointed at by its key: its own start is only that of its first key
            wants_key = key and (at_key or depth < len(path) or isinstance(child.value, dict | list))
            mark = key if key and wants_key else child.mark
            node = child
        return mark


class Unreadable(Exception):
    """The file cannot be read further than this."""

    def __init__(self, mark: Mark, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.flaw = Flaw(mark, message, hint)
