"""The tables of ``docs/configuration.md``, made from the schemas. ``python -m config.reference`` rewrites them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.schema import FILES, Schema, alternatives, schema
from connectors.registry import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"

OWN_TABLE = {"Secret": "secrets", "Condition": "conditions", "ItemValues": "examples"}
"""What stands at many places is told once."""


class Row(NamedTuple):
    """One key: its path, with ``[]`` for the entries of a list; its default as JSON; what it is."""

    key: str
    default: str
    text: str


def tables() -> Mapping[str, list[Row]]:
    """Every key of every file, by the name of the table it is in."""
    by_file = {file: _rows(schema(file), schema(file), "") for file in FILES if file != "syncd.yaml"}
    rules, service = schema("rules.yaml"), schema("syncd.yaml")
    shared = {
        "secrets": _rows(service, service["$defs"]["Secret"], ""),
        "conditions": _rows(rules, rules["$defs"]["Condition"], "", deep=False),
        "examples": _rows(rules, rules["$defs"]["ItemValues"], ""),
    }
    return {name: list(rows) for name, rows in ({**_service(service), **by_file, **shared}).items()}


def _service(root: Schema) -> dict[str, Iterator[Row]]:
    """``syncd.yaml`` without its trackers, and a table for each kind of tracker."""
    kinds = {
        kind: (
            row
            for part in alternatives(
                root, root["properties"]["trackers"]["items"], {"kind": kind, "mirror_only": False}
            )
            for row in _rows(root, part, "")
        )
        for kind in KINDS
    }
    return {"syncd.yaml": (row for row in _rows(root, root, "") if not row.key.startswith("trackers[]")), **kinds}


def _rows(root: Schema, above: Schema, prefix: str, *, deep: bool = True) -> Iterator[Row]:
    for part in alternatives(root, above):
        for name, entry in part.get("properties", {}).items():
            key = f"{prefix}.{name}".removeprefix(".")
            yield Row(key, _default(root, name, part), _text(root, entry))
            if deep and not _own_table(entry):
                yield from _rows(root, entry, key)
        if "items" in part and not _own_table(part["items"]):
            yield from _rows(root, part["items"], f"{prefix}[]")


def _own_table(entry: Schema) -> str | None:
    named = [entry, *entry.get("anyOf", ())]
    tables = (OWN_TABLE.get(part.get("$ref", "").rpartition("/")[2]) for part in named)
    return next(filter(None, tables), None)


def _default(root: Schema, name: str, above: Schema) -> str:
    """As JSON; empty where there is none, or where the rows below tell it."""
    if name in above.get("required", ()):
        return "required"
    entry = above["properties"][name]
    told_below = "properties" in next(alternatives(root, entry)) and not next(alternatives(root, entry)).get("required")
    value = entry.get("default")
    return "" if value is None or told_below else f"`{json.dumps(_whole(value))}`"


def _whole(value: Any) -> Any:
    """60 for 60.0, also inside."""
    if isinstance(value, dict):
        return {key: _whole(entry) for key, entry in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(root: Schema, entry: Schema) -> str:
    if "const" in entry and "description" not in entry:
        return f"`{entry['const']}`"
    described = (part.get("description", "") for part in (entry, *alternatives(root, entry)))
    text = re.sub(r"\s+", " ", next(filter(None, described), "").partition("\n\n")[0])
    pointer = f" See [{table}](#{table})." if (table := _own_table(entry)) else ""
    return text.replace("``", "`").replace("|", "\\|") + pointer


def written(page: str) -> str:
    """The page with its tables made anew, between ``<!-- table: NAME -->`` and ``<!-- end -->``."""
    for name, rows in tables().items():
        start, end = f"<!-- table: {name} -->\n", "<!-- end -->"
        before, found, after = page.partition(start)
        if not found or end not in after:
            raise ValueError(f"the page has no place for the table {name}")
        page = f"{before}{start}{_table(rows)}\n{after[after.index(end) :]}"
    return page


def _table(rows: list[Row]) -> str:
    lines = (f"| `{row.key}` | {row.default} | {row.text} |" for row in rows)
    return "\n".join(["| key | default | what it is |", "|---|---|---|", *lines])


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
