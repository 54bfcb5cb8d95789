"""Conditions on work, and the items that try one.

``rules.match`` decides what a condition may hold and says what is wrong with one; the schema here tells
the same to editors. Its keys are those of ``rules.match.BUILDS``, which a test holds it to.
"""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

from config.models.values import Day
from connectors.item import KINDS, STATUS_CATEGORIES, Kind, StatusCategory
from connectors.settings import Strict

Condition = Annotated[dict[str, Any], WithJsonSchema({"is": "Condition"})]
"""``config.schema`` makes the marker a reference to ``CONDITION``: pydantic knows no foreign definitions."""


def _words(description: str, word: dict[str, Any] | None = None, **further: Any) -> dict[str, Any]:
    """One word, a list of which any fits, or any, all and none with lists."""
    one = word or {"type": ["string", "number"]}
    some = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    choice = {"any": some, "all": some, "none": some, **further}
    mapping = {"type": "object", "properties": choice, "additionalProperties": False, "minProperties": 1}
    return {"description": description, "anyOf": [*some["anyOf"], mapping]}


def _keyed(description: str, **properties: Any) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _group(description: str) -> dict[str, Any]:
    return {"description": description, "type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1}


def _kin(description: str) -> dict[str, Any]:
    names: list[dict[str, Any]] = [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    return {"description": description, "anyOf": [*names, {"$ref": "#/$defs/Condition"}]}


_FLAG = {"type": "boolean"}
_NUMBER = {"type": "number"}
_DAY = {"type": "string", "format": "date"}
_SPAN = {"type": "string", "pattern": r"^\s*\d{1,5}(\.\d{1,3})?\s*[mhdw]\s*$"}
_SPANS = {"older_than": _SPAN, "newer_than": _SPAN, "before": _DAY, "after": _DAY}
_PARTS = {"anyOf": [{"enum": ["title", "body"]}, {"type": "array", "items": {"enum": ["title", "body"]}}]}
_PATTERNS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_VALUE = {"type": ["string", "number", "boolean"]}

CONDITION: dict[str, Any] = _keyed(
    "Which work: all keys of one mapping must hold. Words ignore case, and * stands for anything.",
    any=_group("At least one of these conditions holds."),
    all=_group("Every one of these conditions holds."),
    none=_group("None of these conditions holds."),
    label=_words("Labels or tags, such as checkout or area/payments*."),
    kind=_words(f"Kinds of work: {', '.join(KINDS)}.", {"enum": list(KINDS)}),
    type=_words("The tracker's own names for kinds, such as Story."),
    status=_words("The tracker's own names for states, such as In Review."),
    status_category=_words(f"States: {', '.join(STATUS_CATEGORIES)}.", {"enum": list(STATUS_CATEGORIES)}),
    field={
        "description": "Further fields of the tracker, by name: {Team: [Web, App]}.",
        "type": "object",
        "additionalProperties": _words("Values of the field.", _VALUE),
        "minProperties": 1,
    },
    component=_words("Components."),
    text=_words(
        "Whole words and phrases in title and body, or in one of them: {any: [checkout], in: title}.", **{"in": _PARTS}
    ),
    regex={
        "description": "Regular expressions (RE2) over title and body: a pattern, a list, or {pattern: …, in: title}.",
        "anyOf": [
            *_PATTERNS["anyOf"],
            _keyed("Patterns and where to look.", pattern=_PATTERNS, patterns=_PATTERNS, **{"in": _PARTS}),
        ],
    },
    parent=_kin("The parent: its key, or a condition that holds for it."),
    ancestor=_kin("Any item above: its key, or a condition that holds for it."),
    assignee=_words("People it is assigned to: name, e-mail or account id."),
    reporter=_words("Who reported it: name, e-mail or account id."),
    tracker=_words("Names of trackers in syncd.yaml."),
    container=_words("Jira projects, repositories or Notion data sources."),
    project=_words("Jira project keys; another word for container."),
    repository=_words("Repositories as owner/name; another word for container."),
    data_source=_words("Notion data source ids; another word for container."),
    milestone=_words("Milestones."),
    version=_words("Fix versions."),
    sprint=_words("Sprints."),
    age=_keyed("Time since it was created: {older_than: 90d}.", older_than=_SPAN, newer_than=_SPAN),
    created=_keyed("When it was created: {after: 2026-10-01}, {newer_than: 2w}.", **_SPANS),
    updated=_keyed("When it last changed: {older_than: 30d}.", **_SPANS),
    in_state=_keyed("Since when it is in its state: {older_than: 10d}.", **_SPANS),
    due=_keyed(
        "The due date: {within: 7d}, {overdue: true}, {set: false}.", **_SPANS, within=_SPAN, overdue=_FLAG, set=_FLAG
    ),
    points=_keyed("The estimate: {min: 8}, {set: false}.", min=_NUMBER, max=_NUMBER, set=_FLAG),
    draft={"description": "Whether a pull request is a draft.", **_FLAG},
    merged={"description": "Whether a pull request is merged.", **_FLAG},
)

Words = tuple[str, ...]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$")]


class ItemValues(Strict):
    """An item that tries a rule; what is not named has no value."""

    title: str | None = Field(None, description="Title.")
    body: str | None = Field(None, description="Description, as plain text.")
    kind: Kind | None = Field(None, description=f"Kind of work: {', '.join(KINDS)}.")
    type: str | None = Field(None, description="The tracker's own name for the kind.")
    status: str | None = Field(None, description="The tracker's own name for the state.")
    status_category: StatusCategory | None = Field(None, description=f"State: {', '.join(STATUS_CATEGORIES)}.")
    labels: Words | None = Field(None, description="Labels or tags.")
    components: Words | None = Field(None, description="Components.")
    versions: Words | None = Field(None, description="Fix versions.")
    milestone: str | None = Field(None, description="Milestone.")
    sprint: str | None = Field(None, description="Sprint.")
    assignees: Words | None = Field(None, description="Names of the people it is assigned to.")
    reporter: str | None = Field(None, description="Name of who reported it.")
    tracker: str | None = Field(None, description="Name of the tracker in syncd.yaml.")
    container: str | None = Field(None, description="Jira project, repository or Notion data source.")
    key: str | None = Field(None, description="What people call it, such as WEB-12.")
    parent: str | None = Field(None, description="Address of the parent, such as jira:WEB-12.")
    goals: Words | None = Field(None, description="Values of the tracker's goal field.")
    points: float | None = Field(None, description="Estimate.")
    priority: str | None = Field(None, description="Priority.")
    due: Day | None = Field(None, description="Due date, such as 2026-12-31.")
    draft: bool | None = Field(None, description="Whether a pull request is a draft.")
    branch: str | None = Field(None, description="Source branch of a pull request.")
    created_at: Moment | None = Field(None, description="When it was created: 2026-10-01 or 2026-10-01T09:30Z.")
    updated_at: Moment | None = Field(None, description="When it last changed.")
    closed_at: Moment | None = Field(None, description="When it was closed.")
    merged_at: Moment | None = Field(None, description="When a pull request was merged.")
    fields: dict[str, Any] | None = Field(None, description="Further fields of the tracker, by name.")
