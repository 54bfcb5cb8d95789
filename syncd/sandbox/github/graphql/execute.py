"""Answers a GraphQL query from a schema of plain functions, with partial data where part of it fails.

Source: the GraphQL specification (October 2021), section 6: a field that fails is null and named in
``errors``; GitHub adds a ``type`` to errors.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncd.sandbox.github.graphql.document import Document, Field, Selection, Variable

Resolver = Callable[[Any, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Type:
    """An object type: its name, its interfaces, its fields."""

    name: str
    fields: Mapping[str, Resolver]
    interfaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its type; a resolver returns one, a list of them, None or a plain value."""

    type: Type
    value: Any


class Missing(Exception):
    """Nothing is there, or not for this credential; becomes an error of this type."""

    def __init__(self, message: str, kind: str = "NOT_FOUND") -> None:
        super().__init__(message)
        self.message, self.kind = message, kind


class Unanswerable(Exception):
    """The query is not valid in this schema: there is no data at all, only this error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.error = error


@dataclass(slots=True)
class Execution:
    """One run of a document."""

    document: Document
    variables: Mapping[str, Any]
    errors: list[dict[str, Any]] = field(default_factory=list)

    def run(self, root: Node) -> dict[str, Any]:
        """The answer: ``data``, and ``errors`` if there are any."""
        try:
            data = self._object(root, self.document.selections, [])
        except Unanswerable as problem:
            return {"errors": [problem.error]}
        return {"data": data, "errors": self.errors} if self.errors else {"data": data}

    def _object(self, node: Node, selections: tuple[Selection, ...], path: list[str | int]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for wanted in self._fields(node.type, selections):
            answer[wanted.key] = self._field(node, wanted, [*path, wanted.key])
        return answer

    def _fields(self, of: Type, selections: tuple[Selection, ...]) -> Iterator[Field]:
        """The fields that count for this type, fragments opened."""
        for selection in selections:
            if isinstance(selection, Field):
                yield selection
                continue
            spread = selection
            if selection.fragment:
                if selection.fragment not in self.document.fragments:
                    raise Unanswerable({"message": f"Fragment {selection.fragment} was used, but not defined"})
                spread = self.document.fragments[selection.fragment]
            if spread.on in ("", of.name) or spread.on in of.interfaces:
                yield from self._fields(of, spread.selections)

    def _field(self, node: Node, wanted: Field, path: list[str | int]) -> Any:
        if wanted.name == "__typename":
            return node.type.name
        if wanted.name not in node.type.fields:
            raise Unanswerable(_unknown_field(node.type.name, wanted.name, path))
        try:
            value = node.type.fields[wanted.name](node.value, self._arguments(wanted))
        except Missing as missing:
            return self._failed(missing, path)
        return self._complete(value, wanted, path)

    def _complete(self, value: Any, wanted: Field, path: list[str | int]) -> Any:
        if isinstance(value, list):
            return [self._complete(each, wanted, [*path, index]) for index, each in enumerate(value)]
        if isinstance(value, Missing):
            return self._failed(value, path)
        if isinstance(value, Node):
            if not wanted.selections:
                message = f"Field must have selections (field '{wanted.name}' returns {value.type.name} but has no selections)"
                raise Unanswerable({"message": message, "path": ["query", *map(str, path)]})
            return self._object(value, wanted.selections, path)
        return value

    def _failed(self, missing: Missing, path: list[str | int]) -> None:
        self.errors.append({"type": missing.kind, "path": path, "message": missing.message})

    def _arguments(self, wanted: Field) -> dict[str, Any]:
        return {name: self._value(value) for name, value in wanted.arguments.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Variable):
            return self.variables.get(value.name, self.document.defaults.get(value.name))
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        return value


def _unknown_field(type_name: str, field_name: str, path: list[str | int]) -> dict[str, Any]:
    return {
        "path": ["query", *(str(part) for part in path if not isinstance(part, int))],
        "extensions": {"code": "undefinedField", "typeName": type_name, "fieldName": field_name},
        "message": f"Field '{field_name}' doesn't exist on type '{type_name}'",
    }
