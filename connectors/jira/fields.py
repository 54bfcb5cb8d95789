"""Finds a site's custom fields by their schema, never by a name that people change and translate."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from connectors.base import BadResponse
from connectors.jira.settings import Fields

EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
TEAM_POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
"""Story points of team-managed projects. Those of company-managed projects are a plain number field
that Jira creates under one of the names below."""
NUMBER = "com.atlassian.jira.plugin.system.customfieldtypes:float"
POINTS_NAMES = frozenset({"story points", "story point estimate"})

FOR_PARTNERS = ("Public title", "Public notes")
"""Fields of these names are kept without being asked for: their text was written to be shown."""

Definition = Mapping[str, Any]
"""One entry of ``GET /rest/api/3/field``."""


def find(definitions: Sequence[Definition], wanted: Fields) -> dict[str, tuple[str, ...]]:
    """The ids of the fields that play a part: ``goal``, ``epic``, ``sprint``, ``points``.

    :raises BadResponse: a field that the settings name is not there
    """
    return {
        "goal": _named(definitions, wanted.goal) if wanted.goal else (),
        "epic": _named(definitions, wanted.epic) if wanted.epic else _of_type(definitions, EPIC_LINK),
        "sprint": _named(definitions, wanted.sprint) if wanted.sprint else _of_type(definitions, SPRINT),
        "points": _named(definitions, wanted.points) if wanted.points else _points(definitions),
    }


def more(definitions: Sequence[Definition], wanted: Fields) -> dict[str, tuple[str, ...]]:
    """Name -> ids of the further fields whose values are kept.

    :raises BadResponse: a field that the settings name is not there
    """
    if wanted.more is None:
        known = {_name(field) for field in definitions}
        found = {name: _named(definitions, name) for name in FOR_PARTNERS if name.lower() in known}
    else:
        found = {name: _named(definitions, name) for name in wanted.more}
    names = {str(field["id"]): str(field.get("name")) for field in definitions}
    return {names[ids[0]]: ids for ids in found.values()}


def _of_type(definitions: Iterable[Definition], custom: str) -> tuple[str, ...]:
    return tuple(field["id"] for field in definitions if _type(field) == custom)


def _points(definitions: Sequence[Definition]) -> tuple[str, ...]:
    usual = (field["id"] for field in definitions if _type(field) == NUMBER and _name(field) in POINTS_NAMES)
    return (*_of_type(definitions, TEAM_POINTS), *usual)


def _named(definitions: Sequence[Definition], wanted: str) -> tuple[str, ...]:
    """By id, or else by name: several team-managed projects may each have a field of that name."""
    if any(field["id"] == wanted for field in definitions):
        return (wanted,)
    if ids := tuple(field["id"] for field in definitions if _name(field) == wanted.strip().lower()):
        return ids
    names = [str(field.get("name")) for field in definitions]
    near = ", ".join(get_close_matches(wanted, names, n=3)) or "none is similar"
    raise BadResponse(
        f"no field {wanted!r} that this account can see: correct it in syncd.yaml (similar: {near})", where="fields"
    )


def _type(field: Definition) -> str:
    schema = field.get("schema")
    return str(schema.get("custom")) if isinstance(schema, Mapping) else ""


def _name(field: Definition) -> str:
    return str(field.get("name")).strip().lower()
