"""The JSON Schema (2020-12) of each file, made from the models. ``python -m config.schema`` rewrites the folder."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from config.models.conditions import CONDITION
from config.models.partners import PartnersFile
from config.models.rules import RulesFile
from config.models.service import Service
from config.models.strategy import StrategyFile
from config.problems import KeyPath
from connectors.settings import Strict

FILES: Mapping[str, type[Strict]] = {
    "syncd.yaml": Service,
    "strategy.yaml": StrategyFile,
    "rules.yaml": RulesFile,
    "partners.yaml": PartnersFile,
}
FOLDER = Path(__file__).parent / "schema"

Schema = Mapping[str, Any]


class _Untitled(GenerateJsonSchema):
    """Without the titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002, the signature is pydantic's
        return False


@cache
def schema(file: str) -> Schema:
    """The schema of one file, by the file's name."""
    generated = _linked(FILES[file].model_json_schema(schema_generator=_Untitled))
    definitions = {**generated.get("$defs", {}), **_DEFINITIONS.get(file, {})}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **generated, "$defs": definitions, "title": file}


_DEFINITIONS = {"rules.yaml": {"Condition": CONDITION}, "partners.yaml": {"Condition": CONDITION}}


def _linked(part: Any) -> Any:
    """The marks of conditions as references to their one definition."""
    if isinstance(part, list):
        return [_linked(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    if part.get("is") == "Condition":
        return {"$ref": "#/$defs/Condition", **{key: entry for key, entry in part.items() if key != "is"}}
    return {key: _linked(entry) for key, entry in part.items()}


def schema_path(file: str) -> Path:
    """Where the schema of a file is kept."""
    return FOLDER / file.replace(".yaml", ".json")


def as_text(file: str) -> str:
    return json.dumps(schema(file), indent=2, ensure_ascii=False) + "\n"


def at(root: Schema, path: KeyPath, value: Any) -> tuple[Schema, ...]:
    """The sub-schemas that apply at ``path`` of ``value``; several where the schema offers a choice."""
    found = tuple(alternatives(root, root, value))
    for step in path:
        value = _child(value, step)
        found = tuple(
            alternative
            for above in found
            if (below := _below(above, step)) is not None
            for alternative in alternatives(root, below, value)
        )
    return found


def keys(schemas: tuple[Schema, ...]) -> list[str]:
    """The keys that a mapping may have there."""
    return list(dict.fromkeys(key for part in schemas for key in part.get("properties", ())))


def _below(schema: Schema, step: str | int) -> Schema | None:
    below = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
    return below if isinstance(below, dict) else None


def _child(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def alternatives(root: Schema, schema: Schema, value: Any = None) -> Iterator[Schema]:
    """The schema itself with its references followed, or the choices that agree with the value's constants."""
    if "$ref" in schema:
        target = root["$defs"][schema["$ref"].rpartition("/")[2]]
        without_reference = {key: entry for key, entry in schema.items() if key != "$ref"}
        yield from alternatives(root, {**target, **without_reference}, value)
    elif choices := schema.get("oneOf") or schema.get("anyOf"):
        described = {"description": schema["description"]} if "description" in schema else {}
        for choice in choices:
            yield from alternatives(root, {**choice, **described}, value)
    elif _agrees(schema, value):
        yield schema


def _agrees(schema: Schema, value: Any) -> bool:
    if not isinstance(value, dict):
        return True
    constants = ((key, entry["const"]) for key, entry in schema.get("properties", {}).items() if "const" in entry)
    return all(value.get(key, constant) == constant for key, constant in constants)


if __name__ == "__main__":
    for name in FILES:
        schema_path(name).write_text(as_text(name), encoding="utf-8")
