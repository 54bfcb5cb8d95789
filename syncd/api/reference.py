"""``/api/v1/docs``: the OpenAPI description as a page of our own, for people who are signed in. No script, no other host."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syncd.api import describing
from syncd.api.limits import PER_MINUTE
from syncd.api.paging import MOST
from syncd.api.site import PREFIX, api

ONE_OF_ALL = ("after", "limit", "Idempotency-Key", "If-None-Match")
"""Parameters that are told once, above."""


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a field, with its type in words; ``shape``: the one that it is made of, empty for plain values."""

    name: str
    type: str
    shape: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    method: str
    path: str
    says: str
    needs: str
    asks: tuple[Value, ...]
    body: Value | None
    answer: Value | None


@dataclass(frozen=True, slots=True)
class Family:
    """Operations about one thing."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    says: str
    values: tuple[Value, ...]


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    families, shapes = _read()
    values = {
        "families": families,
        "shapes": shapes,
        "per_minute": PER_MINUTE,
        "most": MOST,
        "prefix": f"/{PREFIX[:-1]}",
    }
    return render(request, "api/reference.html", values)


@cache
def _read() -> tuple[tuple[Family, ...], tuple[Shape, ...]]:
    """Made once a process: the description does not change."""
    described = describing.describe(api, PREFIX)
    families: dict[str, Family] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            (tag,) = operation["tags"]
            families.setdefault(tag, Family(tag)).operations.append(_operation(method, path, operation))
    schemas = described["components"]["schemas"]
    shapes = (_shape(name, schemas[name]) for name in sorted(schemas) if "properties" in schemas[name])
    return tuple(families.values()), tuple(shape for shape in shapes if not shape.name.startswith("Listing"))


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    says = operation["description"].partition("\n\nNeeds")[0].removeprefix("Needs")
    body = operation.get("requestBody")
    answers = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return Operation(
        method=method.upper(),
        path=path.removeprefix(f"/{PREFIX[:-1]}"),
        says=" ".join(_plain(says).split()) if "`" not in says[:3] else "",
        needs=operation["x-needs"],
        asks=tuple(_asks(operation)),
        body=_content(body) if body else None,
        answer=next((_content(answer) for answer in answers if "content" in answer), None),
    )


def _asks(operation: Mapping[str, Any]) -> Iterator[Value]:
    for each in operation["parameters"]:
        if each["name"] not in ONE_OF_ALL and each["in"] != "path":
            type_, shape = _type(each["schema"])
            yield Value(each["name"], type_, shape, each["required"], "")


def _content(of: Mapping[str, Any]) -> Value:
    type_, shape = _type(of["content"]["application/json"]["schema"])
    return Value("", type_, shape, required=True, says="")


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    values = ((key, *_type(value)) for key, value in schema["properties"].items())
    fields = tuple(Value(key, type_, shape, key in required, "") for key, type_, shape in values)
    return Shape(name, " ".join(_plain(schema.get("description", "")).split()), fields)


def _type(schema: Mapping[str, Any]) -> tuple[str, str]:
    """In words, and the shape that it is made of."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        inner = name.removeprefix("Listing_").removesuffix("_")
        return ("list of", inner) if inner != name else ("", name)
    if "anyOf" in schema:
        told = [_type(each) for each in schema["anyOf"]]
        shape = next((shape for _, shape in told if shape), "")
        return " or ".join(dict.fromkeys(word for word, _ in told if word)), shape
    if "enum" in schema:
        return " | ".join(str(each) or "“”" for each in schema["enum"]), ""
    if schema.get("type") == "array":
        type_, shape = _type(schema["items"])
        return f"list of {type_}".strip(), shape
    return schema.get("format") or schema.get("type") or "any", ""


def _plain(text: str) -> str:
    return text.replace("``", "").replace("`", "")
