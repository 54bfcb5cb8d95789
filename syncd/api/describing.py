"""The OpenAPI description: what ninja makes of the operations, and what holds for all of them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ninja import NinjaAPI

from syncd.api import once, problems
from syncd.api.door import Entrance

ALWAYS = (400, 401, 403, 404, 422, 429, 500, 503)
CHANGING = (409, 412, 413, 415)
METHODS = ("get", "post", "put", "patch", "delete")

PROBLEM = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, it is done once and answered alike, for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": f"^{once.SHAPE.pattern}$"},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag of an earlier answer: where nothing changed, 304 without a body.",
    "schema": {"type": "string"},
}


def describe(api: NinjaAPI, prefix: str) -> dict[str, Any]:
    """The whole description, as JSON knows it."""
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=prefix))
    shapes = schema["components"]["schemas"]
    schema["components"]["schemas"] = {**{name: _given(shape) for name, shape in shapes.items()}, "Problem": PROBLEM}
    needs = dict(_needs(api))
    for methods in schema["paths"].values():
        for method in METHODS:
            if method in methods:
                methods[method] = _whole(methods[method], method, needs)
    return schema


def _given(shape: dict[str, Any]) -> dict[str, Any]:
    """An answer has all its fields, also those that a value may be made without. Bodies may; they forbid others."""
    asked = shape.get("additionalProperties") is False
    return shape if asked or "properties" not in shape else {**shape, "required": list(shape["properties"])}


def _whole(operation: Mapping[str, Any], method: str, needs: Mapping[str, Entrance]) -> dict[str, Any]:
    """With its need, the problems it may end in, and the headers that it understands."""
    entrance = needs[operation["operationId"]]
    told = [operation.get("description", "").strip()]
    told.append(f"Needs `{entrance.act}`{', in person' if entrance.in_person else ''}.")
    statuses = ALWAYS if method == "get" else (*ALWAYS, *CHANGING)
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    answers |= {str(status): _problem(status) for status in statuses}
    more = [KEY] if method == "post" else [IF_NONE_MATCH] if method == "get" else []
    if method == "get":
        answers["304"] = {"description": "Not Modified"}
    return {
        **operation,
        "description": "\n\n".join(filter(None, told)),
        "x-needs": str(entrance.act),
        "parameters": [*operation.get("parameters", ()), *more],
        "responses": dict(sorted(answers.items())),
    }


@cache
def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    told = problems.TOLD.get(status, problems.title(status))
    return {"description": told, "content": {problems.MEDIA_TYPE: {"schema": schema}}}


def operations(api: NinjaAPI) -> Iterator[Any]:
    """Every operation there is."""
    for router in api._get_bound_routers():  # noqa: SLF001  ninja has no other way to list them
        for view in router.path_operations.values():
            yield from view.operations


def _needs(api: NinjaAPI) -> Iterator[tuple[str, Entrance]]:
    for operation in operations(api):
        yield api.get_openapi_operation_id(operation), operation.auth_callbacks[0]
