"""The fields of an issue: their names in JQL, what they compare to, how they sort, how ``/field`` lists them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal

from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.state import State
from syncd.sandbox.jira.text import plain

Deployment = Literal["cloud", "datacenter"]
Values = Callable[[Issue], Sequence[str]]

EPIC_LINK, EPIC_NAME, SPRINT, POINTS, GOAL = "Epic Link", "Epic Name", "Sprint", "Story Points", "Goal"
CUSTOM: dict[Deployment, dict[str, str]] = {
    "cloud": {SPRINT: "customfield_10020", POINTS: "customfield_10016", GOAL: "customfield_10042"},
    "datacenter": {
        EPIC_LINK: "customfield_10100",
        EPIC_NAME: "customfield_10102",
        SPRINT: "customfield_10104",
        POINTS: "customfield_10106",
        GOAL: "customfield_10042",
    },
}
"""Ids of the custom fields; they differ from site to site, so clients find them by schema."""

NO_MOMENT = 1 << 60
"""Sorts issues without a date behind all others."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a query or an answer depends on besides the issue: the site, and who is asking."""

    state: State
    deployment: Deployment
    zone: tzinfo
    me: str
    """Display name of the account."""


@dataclass(frozen=True, slots=True)
class Status:
    """A workflow status and its category."""

    id: str
    category: Literal["new", "indeterminate", "done"]


STATUSES = {
    "To Do": Status("10000", "new"),
    "In Progress": Status("3", "indeterminate"),
    "In Review": Status("10002", "indeterminate"),
    "Done": Status("10001", "done"),
    "Cancelled": Status("10003", "done"),
}
CATEGORY_NAMES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
TYPES = {"Epic": "10000", "Story": "10001", "Task": "10002", "Sub-task": "10003", "Bug": "10004", "Request": "10005"}
PRIORITIES = {"Highest": "1", "High": "2", "Medium": "3", "Low": "4", "Lowest": "5"}


def _day(text: str | None, zone: tzinfo) -> int | None:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000) if text else None


DATES: dict[str, Callable[[Issue], int | None]] = {
    "created": lambda issue: issue.created,
    "createddate": lambda issue: issue.created,
    "updated": lambda issue: issue.updated,
    "updateddate": lambda issue: issue.updated,
    "resolved": lambda issue: issue.resolved,
    "resolutiondate": lambda issue: issue.resolved,
}
TEXTS: dict[str, Callable[[Issue], str]] = {
    "summary": lambda issue: issue.summary,
    "description": lambda issue: plain(issue.description),
    "text": lambda issue: f"{issue.summary}\n{plain(issue.description)}",
}
KEYS = ("id", "issue", "key", "issuekey", "parent")
_NAMED: dict[str, Values] = {
    "status": lambda issue: (issue.status.lower(), STATUSES[issue.status].id),
    "statuscategory": lambda issue: (
        CATEGORY_NAMES[STATUSES[issue.status].category].lower(),
        STATUSES[issue.status].category,
    ),
    "issuetype": lambda issue: (issue.type.lower(), TYPES[issue.type]),
    "priority": lambda issue: (issue.priority.lower(), PRIORITIES[issue.priority]),
    "resolution": lambda issue: (issue.resolution.lower(),) if issue.resolution else (),
    "labels": lambda issue: tuple(label.lower() for label in issue.labels),
    "component": lambda issue: tuple(name.lower() for name in issue.components),
    "fixversion": lambda issue: tuple(name.lower() for name in issue.versions),
    "sprint": lambda issue: (issue.sprint.lower(),) if issue.sprint else (),
    "goal": lambda issue: (issue.goal.lower(),) if issue.goal else (),
}
_ALIASES = {"type": "issuetype", "label": "labels", "components": "component", "category": "statuscategory"}
_KNOWN_VALUES: dict[str, frozenset[str]] = {
    "status": frozenset(value for name, s in STATUSES.items() for value in (name.lower(), s.id)),
    "statuscategory": frozenset(value for pair in CATEGORY_NAMES.items() for value in (pair[0], pair[1].lower())),
    "issuetype": frozenset(value for name, id_ in TYPES.items() for value in (name.lower(), id_)),
    "priority": frozenset(value for name, id_ in PRIORITIES.items() for value in (name.lower(), id_)),
}


def values_of(name: str, site: Site) -> Values | None:
    """What a field holds, in the spelling of :func:`resolve`; None for an unknown field."""
    name = _ALIASES.get(name, name)
    if name == "project":
        return lambda issue: (str(issue.project),)
    if name in ("id", "issue", "key", "issuekey"):
        return lambda issue: (str(issue.id),)
    if name in ("parent", "epic link"):
        return lambda issue: (str(issue.parent),) if issue.parent is not None else ()
    if name in ("assignee", "reporter"):
        return lambda issue: (site.state.person(who),) if (who := str(getattr(issue, name))) else ()
    if name.startswith("cf["):
        name = _custom_name(f"customfield_{name[3:-1]}", site).lower()
    return _NAMED.get(name)


def resolve(name: str, text: str, site: Site) -> str | None:
    """A value as written in a query, in the spelling that :func:`values_of` gives; None if Jira would
    not know it."""
    name = _ALIASES.get(name, name)
    if name == "project":
        by_name = (project for project in site.state.projects.values() if project.name.lower() == text.lower())
        project = site.state.project(text) or next(by_name, None)
        return str(project.id) if project and project.readable else None
    if name in (*KEYS, "epic link"):
        issue = site.state.find(text)
        return str(issue.id) if issue and site.state.readable(issue) else None
    if name in ("assignee", "reporter"):
        return site.state.person(_who(text, site))
    known = _KNOWN_VALUES.get(name)
    return None if known is not None and text.lower() not in known else text.lower()


def number_of(name: str, site: Site) -> Callable[[Issue], int] | None:
    """How a field sorts; None where the sandbox cannot sort by it."""
    if name in DATES:
        moment = DATES[name]
        return lambda issue: NO_MOMENT if (at := moment(issue)) is None else at
    if name in ("due", "duedate"):
        return lambda issue: NO_MOMENT if (day := _day(issue.due, site.zone)) is None else day
    if name in ("key", "issue", "issuekey"):
        rank = {project.id: n for n, project in enumerate(sorted(site.state.projects.values(), key=lambda p: p.key))}
        return lambda issue: rank[issue.project] * 10**9 + issue.number
    if name in ("id", "rank"):
        return lambda issue: issue.id
    if name == "priority":
        return lambda issue: -int(PRIORITIES[issue.priority])
    if name == "status":
        return lambda issue: int(STATUSES[issue.status].id)
    return None


def _who(text: str, site: Site) -> str:
    """A display name from what was written: an account id, a name, or ``currentUser()``."""
    if text.lower() == "currentuser":
        return site.me
    names = {name.lower(): name for name in site.state.people.values()}
    return site.state.people.get(text) or names.get(text.lower(), text)


def _custom_name(field_id: str, site: Site) -> str:
    return next((name for name, id_ in CUSTOM[site.deployment].items() if id_ == field_id), "")


_SYSTEM: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("summary", "Summary", {"type": "string"}),
    ("issuetype", "Issue Type", {"type": "issuetype"}),
    ("status", "Status", {"type": "status"}),
    ("resolution", "Resolution", {"type": "resolution"}),
    ("resolutiondate", "Resolved", {"type": "datetime"}),
    ("created", "Created", {"type": "datetime"}),
    ("updated", "Updated", {"type": "datetime"}),
    ("description", "Description", {"type": "string"}),
    ("labels", "Labels", {"type": "array", "items": "string"}),
    ("assignee", "Assignee", {"type": "user"}),
    ("reporter", "Reporter", {"type": "user"}),
    ("creator", "Creator", {"type": "user"}),
    ("project", "Project", {"type": "project"}),
    ("components", "Components", {"type": "array", "items": "component"}),
    ("fixVersions", "Fix versions", {"type": "array", "items": "version"}),
    ("versions", "Affects versions", {"type": "array", "items": "version"}),
    ("priority", "Priority", {"type": "priority"}),
    ("duedate", "Due date", {"type": "date"}),
    ("subtasks", "Sub-tasks", {"type": "array", "items": "issuelinks"}),
    ("issuelinks", "Linked Issues", {"type": "array", "items": "issuelinks"}),
    ("comment", "Comment", {"type": "comments-page"}),
    ("attachment", "Attachment", {"type": "array", "items": "attachment"}),
    ("worklog", "Log Work", {"type": "array", "items": "worklog"}),
    ("votes", "Votes", {"type": "votes"}),
    ("watches", "Watchers", {"type": "watches"}),
    ("environment", "Environment", {"type": "string"}),
    ("workratio", "Work Ratio", {"type": "number"}),
)
_GREENHOPPER = "com.pyxis.greenhopper.jira"
_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
_SCHEMAS: dict[str, dict[str, Any]] = {
    EPIC_LINK: {"type": "any", "custom": f"{_GREENHOPPER}:gh-epic-link"},
    EPIC_NAME: {"type": "string", "custom": f"{_GREENHOPPER}:gh-epic-label"},
    SPRINT: {"type": "array", "items": "json", "custom": f"{_GREENHOPPER}:gh-sprint"},
    POINTS: {"type": "number", "custom": f"{_TYPES}:float"},
    GOAL: {"type": "option", "custom": f"{_TYPES}:select"},
}


def listed(deployment: Deployment) -> list[dict[str, Any]]:
    """The answer of ``GET /field``."""
    system = [_listed(id_, name, schema | {"system": id_}) for id_, name, schema in _SYSTEM]
    if deployment == "cloud":
        parent = {"id": "parent", "key": "parent", "name": "Parent", "custom": False, "orderable": False}
        system.append(parent | {"navigable": True, "searchable": False, "clauseNames": ["parent"]})
    return system + [_custom(id_, name, deployment) for name, id_ in CUSTOM[deployment].items()]


def _listed(id_: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id_,
        "key": id_,
        "name": name,
        "custom": "customId" in schema,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [id_],
        "schema": schema,
    }


def _custom(id_: str, name: str, deployment: Deployment) -> dict[str, Any]:
    number = int(id_.removeprefix("customfield_"))
    schema = _SCHEMAS[name] | {"customId": number}
    if deployment == "cloud" and name == POINTS:  # as team-managed projects have it
        name, schema = "Story point estimate", schema | {"custom": f"{_GREENHOPPER}:jsw-story-points"}
    if deployment == "datacenter" and name == SPRINT:
        schema = schema | {"items": "string"}
    return _listed(id_, name, schema) | {"clauseNames": [f"cf[{number}]", name]}
