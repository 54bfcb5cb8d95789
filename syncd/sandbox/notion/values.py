"""Property values as the API gives and takes them.

Source: "Page properties". Computed types (formula, rollup, unique id, stamps) are worked out here.
"""

from collections.abc import Callable
from typing import Any

from syncd.sandbox.notion import text
from syncd.sandbox.notion.errors import invalid
from syncd.sandbox.notion.model import DataSource, Option, Page, Property, User, stamp
from syncd.sandbox.notion.workspace import Workspace

REFERENCES = 25
"""How many references of one property a page object gives."""


def user(who: User) -> dict[str, Any]:
    """A user as far as others may know them."""
    if who.gone:
        return {"object": "user", "id": who.id}
    row = {"object": "user", "id": who.id, "name": who.name, "avatar_url": None}
    if who.bot:
        return row | {"type": "bot", "bot": {}}
    return row | {"type": "person", "person": {"email": who.email}}


def option(chosen: Option | None) -> dict[str, Any] | None:
    return {"id": chosen.id, "name": chosen.name, "color": chosen.color} if chosen else None


def give(page: Page, spec: Property, workspace: Workspace, *, whole: bool = False) -> dict[str, Any]:
    """The value in a page object: long lists of references are cut, unless ``whole``.

    :returns: ``{"id": …, "type": …, <type>: …}``
    """
    value = _GIVERS[spec.type](page, spec, workspace)
    row: dict[str, Any] = {"id": spec.id, "type": spec.type, spec.type: value}
    if spec.type == "relation":
        row["has_more"] = not whole and len(value) > REFERENCES
    if not whole and spec.type in _CUT and len(value) > REFERENCES:
        row[spec.type] = _CUT[spec.type](value)
    return row


def _first_references(references: list[Any]) -> list[Any]:
    return references[:REFERENCES]


def _within_references(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The text up to the reference that is one too many."""
    seen = 0
    for position, piece in enumerate(pieces):
        seen += piece["type"] == "mention"
        if seen > REFERENCES:
            return pieces[:position]
    return pieces


_CUT: dict[str, Callable[[list[Any]], list[Any]]] = {
    "relation": _first_references,
    "people": _first_references,
    "title": _within_references,
    "rich_text": _within_references,
}


def _formula(page: Page, spec: Property) -> float | None:
    number = page.values.get(spec.details["of"])
    return None if number is None else number * spec.details["times"]


def _rollup(page: Page, spec: Property, workspace: Workspace) -> dict[str, Any]:
    """The original values of the related pages, of the first 25 of them."""
    target = page.source.properties[spec.details["target"]]
    found = []
    for page_id in (page.values.get(spec.details["relation"]) or ())[:REFERENCES]:
        related = workspace.pages.get(page_id)
        if related and target.id in related.source.properties:
            found.append({"type": target.type, target.type: _GIVERS[target.type](related, target, workspace)})
    return {"type": "array", "array": found, "function": "show_original"}


_GIVERS: dict[str, Callable[[Page, Property, Workspace], Any]] = {
    "title": lambda page, spec, _: page.values.get(spec.id) or [],
    "rich_text": lambda page, spec, _: page.values.get(spec.id) or [],
    "select": lambda page, spec, _: option(page.values.get(spec.id)),
    "status": lambda page, spec, _: option(page.values.get(spec.id)),
    "multi_select": lambda page, spec, _: [option(each) for each in page.values.get(spec.id) or ()],
    "people": lambda page, spec, _: [user(each) for each in page.values.get(spec.id) or ()],
    "relation": lambda page, spec, _: [{"id": page_id} for page_id in page.values.get(spec.id) or ()],
    "number": lambda page, spec, _: page.values.get(spec.id),
    "url": lambda page, spec, _: page.values.get(spec.id),
    "date": lambda page, spec, _: page.values.get(spec.id),
    "checkbox": lambda page, spec, _: bool(page.values.get(spec.id)),
    "unique_id": lambda page, spec, _: {"prefix": spec.details["prefix"], "number": page.number},
    "formula": lambda page, spec, _: {"type": "number", "number": _formula(page, spec)},
    "rollup": _rollup,
    "created_by": lambda page, *_: user(page.created_by),
    "last_edited_by": lambda page, *_: user(page.edited_by),
    "created_time": lambda page, *_: stamp(page.created),
    "last_edited_time": lambda page, *_: stamp(page.edited),
}


def take(source: DataSource, properties: Any, workspace: Workspace) -> dict[str, Any]:
    """What a client wrote, by property id.

    :raises Refused: 400 validation_error, naming the property
    """
    if not isinstance(properties, dict):
        raise invalid("body failed validation: body.properties should be an object.")
    return dict(_take(source, name, entry, workspace) for name, entry in properties.items())


def _take(source: DataSource, name: str, entry: Any, workspace: Workspace) -> tuple[str, Any]:
    spec = source.property(name)
    if spec is None:
        raise invalid(f"{name} is not a property that exists.")
    if spec.type not in _TAKERS:
        raise invalid(f"{name} is a computed property and cannot be set.")
    if isinstance(entry, list) and spec.type == "title":
        entry = {"title": entry}
    if not isinstance(entry, dict) or spec.type not in entry:
        raise invalid(f"{name} is expected to be {spec.type}.")
    return spec.id, _TAKERS[spec.type](spec, entry[spec.type], workspace)


def _take_text(spec: Property, value: Any, _: Workspace) -> Any:
    return text.read(value, f"body.properties.{spec.name}.{spec.type}")


def _take_option(spec: Property, value: Any, workspace: Workspace) -> Option | None:
    """By name or id; a select makes new options, a status does not."""
    if value is None:
        return None
    for known in spec.options.values():
        if isinstance(value, dict) and (value.get("id") == known.id or value.get("name") == known.name):
            return known
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or not name:
        raise invalid(f"body failed validation: body.properties.{spec.name}.{spec.type}.name should be a string.")
    if spec.type == "status":
        raise invalid(f'Status option "{name}" does not exist".')
    if "," in name:
        raise invalid(f"Invalid {spec.type} option, commas not allowed: {name}")
    if len(name) > 100:
        raise invalid(f"body failed validation: body.properties.{spec.name}.{spec.type}.name.length should be ≤ `100`.")
    return workspace.option(spec, name)


def _take_options(spec: Property, value: Any, workspace: Workspace) -> list[Option | None]:
    return [_take_option(spec, each, workspace) for each in _list(spec, value) if each]


def _take_people(spec: Property, value: Any, workspace: Workspace) -> list[User]:
    found = [workspace.user_by_id(str(each.get("id"))) for each in _list(spec, value)]
    people = [each for each in found if each]
    if len(people) != len(found):
        raise invalid(f"{spec.name} names a user who is not in the workspace.")
    return people


def _take_relation(spec: Property, value: Any, _: Workspace) -> list[str]:
    ids = [str(each.get("id")) for each in _list(spec, value)]
    if len(ids) > 100:
        raise invalid(f"body.properties.{spec.name}.relation.length should be ≤ `100`, instead was `{len(ids)}`.")
    return ids


def _take_number(spec: Property, value: Any, _: Workspace) -> Any:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise invalid(f"{spec.name} is expected to be number.")
    return value


def _take_string(spec: Property, value: Any, _: Workspace) -> Any:
    if value is not None and (not isinstance(value, str) or not value):
        raise invalid(f"body failed validation: body.properties.{spec.name}.{spec.type} should be a non-empty string.")
    return value


def _take_date(spec: Property, value: Any, _: Workspace) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("start"), str):
        raise invalid(f"body failed validation: body.properties.{spec.name}.date.start should be defined.")
    return {"start": value["start"], "end": value.get("end"), "time_zone": value.get("time_zone")}


def _take_checkbox(spec: Property, value: Any, _: Workspace) -> bool:
    if not isinstance(value, bool):
        raise invalid(f"body failed validation: body.properties.{spec.name}.checkbox should be a boolean.")
    return value


def _list(spec: Property, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise invalid(f"body failed validation: body.properties.{spec.name}.{spec.type} should be an array.")
    return value


_TAKERS: dict[str, Callable[[Property, Any, Workspace], Any]] = {
    "title": _take_text,
    "rich_text": _take_text,
    "select": _take_option,
    "status": _take_option,
    "multi_select": _take_options,
    "people": _take_people,
    "relation": _take_relation,
    "number": _take_number,
    "url": _take_string,
    "date": _take_date,
    "checkbox": _take_checkbox,
}
