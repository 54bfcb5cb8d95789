"""What a data source's schema means to us: which property plays which part, which status is which. Pure.

Shapes: https://developers.notion.com/reference/property-object
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import structlog

from connectors.base import BadResponse, Problem, Stream
from connectors.item import StatusCategory
from connectors.notion import properties
from connectors.notion.settings import Properties

log = structlog.get_logger(__name__)

Schema = Mapping[str, Any]
"""``properties`` of a data source: name -> ``{"id": …, "type": …, …}``."""

ROLES: dict[str, tuple[str, ...]] = {
    "title": ("title", "rich_text", "formula"),
    "status": ("status", "select", "checkbox"),
    "kind": ("select", "multi_select", "status", "rich_text", "formula"),
    "parent": ("relation",),
    "goal": ("select", "multi_select", "relation", "rich_text", "formula", "rollup"),
    "labels": ("multi_select", "select"),
    "assignees": ("people",),
    "due": ("date", "formula", "rollup"),
    "points": ("number", "formula", "rollup"),
    "priority": ("select", "status", "number", "rich_text", "formula"),
    "sprint": ("select", "multi_select", "status", "relation", "rich_text", "formula"),
    "body": ("rich_text", "formula"),
}
"""The parts a property can play, and the types that can play them."""

_OWNERS = frozenset({"assignee", "assignees", "assign", "assigned to", "owner", "owners"})

_CATEGORIES: tuple[tuple[StatusCategory, re.Pattern[str]], ...] = (
    ("cancelled", re.compile(r"\bcancel|\bwon'?t\b|\babandoned|\breject|\bdeclined|\bdropped|\bduplicate|\bobsolete")),
    ("todo", re.compile(r"^(?:to|on hold|unstarted|unplanned|unscheduled)\b|\bto-?do\b|\bnot\b")),
    (
        "in_progress",
        re.compile(
            r"progress|\bdoing\b|\bstarted|\bactive|\bwip\b|review|\btest|\bqa\b|\bdevelop|\bbuild|\bongoing|\bunderway"
        ),
    ),
    (
        "done",
        re.compile(
            r"\bdone\b|\bcomplete|\bshipped|\breleased|\bclosed|\bresolved|\bfinished|\bdelivered|\blive\b|\bmerged"
            r"|\blaunched|\bdeployed|\bfixed|\barchived"
        ),
    ),
)
"""What a status sounds like, tried in this order: "not started" is not started, "in review" is not done."""


def stream_of(source: Mapping[str, Any], wanted: Properties, known: Stream | None) -> tuple[Stream, list[Problem]]:
    """The stream of a data source, and what the operator's settings name that is not in it.

    :param source: the data source as Notion gives it
    :param known: the same stream from an earlier discovery: a property that was renamed since is
        followed by the id it had then
    """
    schema: Schema = source["properties"]
    name = properties.text(source.get("title"))[:200] or source["id"]
    configured = wanted.model_dump(exclude_none=True)
    roles, problems = _roles(schema, configured, known, name)
    problems += [
        Problem(
            name,
            BadResponse(f'the property "{label}" has the unknown type {spec["type"]}: it is left empty'),
            partial=True,
        )
        for label, spec in schema.items()
        if not properties.known(spec["type"])
    ]
    meta = {
        "properties": roles,
        "configured": configured,
        "schema": {spec["id"]: {"name": label, "type": spec["type"]} for label, spec in schema.items()},
        "statuses": _statuses(schema, roles.get("status")),
        "rollups": {
            spec["id"]: spec["rollup"].get("relation_property_id")
            for spec in schema.values()
            if spec["type"] == "rollup"
        },
    }
    return Stream(properties.uuid(source["id"]), name, meta), problems


def _roles(
    schema: Schema, configured: Mapping[str, str], known: Stream | None, where: str
) -> tuple[dict[str, str], list[Problem]]:
    """Role -> property id: as configured, else by type where only one fits."""
    roles, problems = _by_type(schema), []
    for role, word in configured.items():
        roles.pop(role, None)
        label = _named(schema, word) or _renamed(schema, role, word, known)
        if label is None:
            problems.append(Problem(where, BadResponse(_missing(schema, role, word)), partial=True))
        elif schema[label]["type"] not in ROLES[role]:
            problems.append(Problem(where, BadResponse(_unfit(role, label, schema[label]["type"])), partial=True))
        else:
            roles[role] = schema[label]["id"]
    return roles, problems


def _by_type(schema: Schema) -> dict[str, str]:
    owners = {label: spec for label, spec in schema.items() if label.strip().lower() in _OWNERS}
    found = {
        "title": _only(schema, "title"),
        "key": _only(schema, "unique_id"),
        "status": _only(schema, "status"),
        "assignees": _only(owners, "people"),
    }
    return {role: property_id for role, property_id in found.items() if property_id is not None}


def _only(schema: Schema, kind: str) -> str | None:
    ids = [spec["id"] for spec in schema.values() if spec["type"] == kind]
    return ids[0] if len(ids) == 1 else None


def _named(schema: Schema, word: str) -> str | None:
    """The name of the property that an operator calls by its name or id."""
    if word in schema:
        return word
    return next((label for label, spec in schema.items() if unquote(spec["id"]) == unquote(word)), None)


def _renamed(schema: Schema, role: str, word: str, known: Stream | None) -> str | None:
    """The present name of a property that had the configured name when it was last seen."""
    if known is None or known.meta.get("configured", {}).get(role) != word:
        return None
    property_id = known.meta.get("properties", {}).get(role)
    label = next((label for label, spec in schema.items() if spec["id"] == property_id), None)
    if label:
        log.info("property_renamed", data_source=known.name, configured=word, now=label)
    return label


def _missing(schema: Schema, role: str, word: str) -> str:
    fitting = [label for label, spec in schema.items() if spec["type"] in ROLES[role]]
    near = get_close_matches(word, schema, n=1, cutoff=0.5) or fitting[:1]
    hint = f': did you mean "{near[0]}"?' if near else f": it has none of type {' or '.join(ROLES[role])}"
    return f'no property "{word}" for {role}{hint}'


def _unfit(role: str, label: str, kind: str) -> str:
    return f'the property "{label}" is of type {kind}: {role} needs {" or ".join(ROLES[role])}'


def _statuses(schema: Schema, status: str | None) -> dict[str, StatusCategory]:
    """Option id -> category, from the groups of a status property; other types have none."""
    spec = next((spec for spec in schema.values() if spec["id"] == status and spec["type"] == "status"), None)
    if spec is None:
        return {}
    names = {option["id"]: option["name"] for option in spec["status"].get("options") or ()}
    out: dict[str, StatusCategory] = {}
    for position, group in enumerate(spec["status"].get("groups") or ()):
        category = _of_group(group, position)
        for option in group["option_ids"]:
            cancelled = category == "done" and category_of(names.get(option, "")) == "cancelled"
            out[option] = "cancelled" if cancelled else category
    return out


def _of_group(group: Mapping[str, Any], position: int) -> StatusCategory:
    """Notion's groups are To-do, In progress and Complete, in this order, whatever the language."""
    named: dict[str, StatusCategory] = {"to-do": "todo", "in progress": "in_progress", "complete": "done"}
    in_order: Sequence[StatusCategory] = ("todo", "in_progress", "done")
    return named.get(group["name"].strip().lower()) or in_order[min(position, 2)]


@lru_cache(maxsize=1024)
def category_of(status: str) -> StatusCategory:
    """The category that a status sounds like; ``todo`` where it sounds like nothing."""
    name = status.strip().lower().replace("’", "'")
    return next((category for category, pattern in _CATEGORIES if pattern.search(name)), "todo")
