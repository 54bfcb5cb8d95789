"""The columns of a planted data source: every type of property that a team's tracker has a use for."""

from collections.abc import Callable
from typing import Any

from syncd.sandbox.notion.model import DataSource, Option, Property, PropertyType

STATUSES = {"todo": "Not started", "in_progress": "In progress", "done": "Done", "cancelled": "Cancelled"}
"""Category -> the option that the team uses for it."""
_GROUPS = {"To-do": ("Not started",), "In progress": ("In progress",), "Complete": ("Done", "Cancelled")}
_COLUMNS: tuple[tuple[str, PropertyType], ...] = (
    ("Name", "title"),
    ("ID", "unique_id"),
    ("Status", "status"),
    ("Kind", "select"),
    ("Tags", "multi_select"),
    ("Goal", "select"),
    ("Priority", "select"),
    ("Owner", "people"),
    ("Due", "date"),
    ("Points", "number"),
    ("Hours", "formula"),
    ("Epic", "relation"),
    ("Epic status", "rollup"),
    ("Related", "relation"),
    ("Link", "url"),
    ("Notes", "rich_text"),
    ("Blocked", "checkbox"),
    ("Created by", "created_by"),
    ("Created", "created_time"),
    ("Edited by", "last_edited_by"),
    ("Edited", "last_edited_time"),
)


def build_columns(
    source: DataSource, new_id: Callable[[], str], option: Callable[[Property, str], Option]
) -> dict[str, Property]:
    """The columns, by name."""
    columns = {name: Property("title" if kind == "title" else new_id(), name, kind) for name, kind in _COLUMNS}
    status = columns["Status"]
    status.groups = {group: [option(status, name).id for name in names] for group, names in _GROUPS.items()}
    columns["ID"].details = {"prefix": _prefix(source.title)}
    columns["Hours"].details = {"expression": 'prop("Points") * 8', "of": columns["Points"].id, "times": 8}
    for relation in ("Epic", "Related"):
        columns[relation].details = {"data_source_id": source.id, "database_id": source.database.id}
    columns["Epic status"].details = {"relation": columns["Epic"].id, "target": status.id}
    return columns


def _prefix(title: str) -> str:
    letters = "".join(letter for letter in title.upper() if letter.isalpha())
    return letters[:3] or "DS"


def config(spec: Property, source: DataSource) -> dict[str, Any]:
    """The column as ``GET /v1/data_sources/{id}`` describes it."""
    return {
        "id": spec.id,
        "name": spec.name,
        "description": None,
        "type": spec.type,
        spec.type: _details(spec, source),
    }


def _details(spec: Property, source: DataSource) -> dict[str, Any]:
    match spec.type:
        case "select" | "multi_select":
            return {"options": [_option(each) for each in spec.options.values()]}
        case "status":
            colors = ("gray", "blue", "green")
            groups = [
                {"id": f"{spec.id}-{position}", "name": name, "color": colors[position], "option_ids": ids}
                for position, (name, ids) in enumerate(spec.groups.items())
            ]
            return {"options": [_option(each) for each in spec.options.values()], "groups": groups}
        case "number":
            return {"format": "number"}
        case "relation":
            return {**spec.details, "type": "single_property", "single_property": {}}
        case "formula":
            return {"expression": spec.details["expression"]}
        case "unique_id":
            return {"prefix": spec.details["prefix"]}
        case "rollup":
            relation, target = spec.details["relation"], spec.details["target"]
            return {
                "function": "show_original",
                "relation_property_id": relation,
                "relation_property_name": source.properties[relation].name,
                "rollup_property_id": target,
                "rollup_property_name": source.properties[target].name,
            }
    return {}


def _option(each: Option) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "color": each.color, "description": None}
