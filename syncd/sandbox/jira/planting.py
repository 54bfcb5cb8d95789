"""Plants works as the people of a Jira site would have written them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.item import Kind, StatusCategory
from syncd.sandbox.base import Work
from syncd.sandbox.jira.state import State

TYPES: dict[Kind, str] = {
    "epic": "Epic",
    "story": "Story",
    "task": "Task",
    "bug": "Bug",
    "subtask": "Sub-task",
    "pull_request": "Task",
    "page": "Task",
    "other": "Request",
}
STATUSES: dict[StatusCategory, str] = {
    "todo": "To Do",
    "in_progress": "In Progress",
    "done": "Done",
    "cancelled": "Cancelled",
}
PROJECT_NAMES = {"WEB": "Web app", "PAY": "Billing and payments", "OPS": "Operations"}


def plant(state: State, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
    """Create issues; in each project they are numbered in the order given.

    :returns: name -> key
    """
    ids = {work.name: state.new_id() for work in works}
    keys = {}
    for work in works:
        project = state.project(work.place) or state.add_project(work.place, PROJECT_NAMES.get(work.place, ""))
        issue = state.add(ids[work.name], project, **_values(work, ids, addresses))
        keys[work.name] = state.key(issue)
        state.running_sprint = work.sprint or state.running_sprint
        for name in (*work.people, work.reporter):
            if name:
                state.person(name)
    state.happened.clear()
    return keys


def _values(work: Work, ids: Mapping[str, int], addresses: Mapping[str, str]) -> dict[str, Any]:
    seen = [addresses[name] for name in (*work.closes, *work.mentions) if name in addresses]
    body = "\n\n".join(filter(None, [work.body, f"See {', '.join(seen)}." if seen else ""]))
    return {
        "type": TYPES[work.kind],
        "summary": work.title,
        "created": _ms(work.created),
        "updated": _ms(work.updated),
        "description": body,
        "labels": work.labels,
        "assignee": work.people[0] if work.people else "",
        "reporter": work.reporter,
        "parent": ids[work.parent] if work.parent else None,
        "goal": work.goal,
        "components": work.components,
        "versions": (work.milestone,) if work.milestone else (),
        "points": work.points,
        "priority": work.priority or "Medium",
        "due": work.due.isoformat() if work.due else None,
        "sprint": work.sprint,
    } | in_status(STATUSES[work.status], _ms(work.closed or work.updated))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def in_status(name: str, at: int) -> dict[str, Any]:
    """A status with the resolution that its workflow sets."""
    resolution = {"Done": "Done", "Cancelled": "Won't Do"}.get(name, "")
    return {"status": name, "resolution": resolution, "resolved": at if resolution else None}
