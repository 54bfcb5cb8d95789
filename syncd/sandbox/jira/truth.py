"""How a Jira site stands, in the words of ``syncd items --json``."""

from datetime import UTC, datetime
from typing import Any

from connectors.item import Kind, StatusCategory
from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.state import State
from syncd.sandbox.jira.text import plain

KINDS: dict[str, Kind] = {
    "Epic": "epic",
    "Story": "story",
    "Task": "task",
    "Bug": "bug",
    "Sub-task": "subtask",
    "Request": "other",
}
CATEGORIES: dict[str, StatusCategory] = {
    "To Do": "todo",
    "In Progress": "in_progress",
    "In Review": "in_progress",
    "Done": "done",
    "Cancelled": "cancelled",
}


def truth(state: State, root: str) -> list[dict[str, Any]]:
    """Every issue that the account may see."""
    return [_true(state, root, issue) for issue in state.issues.values() if state.readable(issue)]


def _true(state: State, root: str, issue: Issue) -> dict[str, Any]:
    key = state.key(issue)
    return {
        "native_id": str(issue.id),
        "container": state.projects[issue.project].key,
        "key": key,
        "kind": KINDS[issue.type],
        "title": issue.summary,
        "body": plain(issue.description),
        "url": f"{root}/browse/{key}",
        "status": issue.status,
        "status_category": CATEGORIES[issue.status],
        "labels": list(issue.labels),
        "assignees": [issue.assignee] if issue.assignee else [],
        "reporter": issue.reporter,
        "parent": str(issue.parent) if issue.parent in state.issues else None,
        "created_at": _iso(issue.created),
        "updated_at": _iso(issue.updated),
        "closed_at": _iso(issue.resolved),
        "goals": [issue.goal] if issue.goal else [],
        "components": list(issue.components),
        "versions": list(issue.versions),
        "points": issue.points,
        "priority": issue.priority,
        "sprint": issue.sprint,
        "due": issue.due,
        "milestone": "",
        "draft": None,
        "merged": None,
        "branch": None,
    }


def _iso(ms: int | None) -> str | None:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat() if ms is not None else None
