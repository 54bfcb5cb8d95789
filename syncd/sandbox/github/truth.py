"""What is in GitHub now, as ``syncd items --json`` should list it."""

from typing import Any

from connectors.item import Kind, StatusCategory
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.model import Issue
from syncd.sandbox.github.planting import WORKING
from syncd.sandbox.github.rows import html_url, maybe, stamp

_KINDS: dict[str, Kind] = {"Epic": "epic", "Feature": "story", "Task": "task", "Bug": "bug"}


def truth(hub: Hub) -> list[dict[str, Any]]:
    """All issues and pull requests that can be read."""
    return [_row(issue, hub) for issue in hub.issues.values() if not issue.repository.forbidden]


def _row(issue: Issue, hub: Hub) -> dict[str, Any]:
    status, category = _status(issue)
    pull = issue.pull
    return {
        "native_id": str(issue.id),
        "container": issue.repository.full_name,
        "key": issue.key,
        "kind": _kind(issue),
        "title": issue.title,
        "body": issue.body or "",
        "url": html_url(issue),
        "status": status,
        "status_category": category,
        "labels": [label.name for label in issue.labels],
        "assignees": [user.login for user in issue.assignees],
        "reporter": issue.user.login if issue.user else "ghost",
        "parent": str(issue.parent.id) if issue.parent else None,
        "created_at": stamp(issue.created),
        "updated_at": stamp(issue.updated),
        "closed_at": maybe(issue.closed),
        "goals": [value] if (value := issue.fields.get(hub.fields["Goal"])) else [],
        "components": [],
        "priority": issue.fields.get(hub.fields["Priority"], ""),
        "points": issue.fields.get(hub.fields["Points"]),
        "due": issue.fields.get(hub.fields["Target date"]),
        "milestone": issue.milestone.title if issue.milestone else "",
        "draft": pull.draft if pull else None,
        "merged": pull.merged is not None if pull else None,
        "branch": pull.branch if pull else None,
    }


def _kind(issue: Issue) -> Kind:
    if issue.pull:
        return "pull_request"
    return _KINDS[issue.type.name] if issue.type else "task"


def _status(issue: Issue) -> tuple[str, StatusCategory]:
    pull = issue.pull
    if pull and pull.merged:
        return "merged", "done"
    if issue.closed:
        return "closed", "cancelled" if pull or issue.state_reason in ("not_planned", "duplicate") else "done"
    if pull:
        return "draft" if pull.draft else "open", "in_progress"
    return "open", "in_progress" if any(label.name == WORKING for label in issue.labels) else "todo"
