"""What is in Notion now, as ``syncd items --json`` should list it."""

from typing import Any

from connectors.item import Kind
from syncd.sandbox.notion import text
from syncd.sandbox.notion.bodies import page_url, title_of
from syncd.sandbox.notion.layout import STATUSES
from syncd.sandbox.notion.model import Page, stamp
from syncd.sandbox.notion.planting import KINDS
from syncd.sandbox.notion.workspace import Workspace

_KINDS: dict[str, Kind] = {name: kind for kind, name in KINDS.items()}
_CATEGORIES = {name: category for category, name in STATUSES.items()}


def truth(workspace: Workspace) -> list[dict[str, Any]]:
    """All pages that can be read and are not in the trash."""
    return [_row(page) for page in workspace.pages.values() if not page.source.forbidden and not page.in_trash]


def _row(page: Page) -> dict[str, Any]:
    columns = page.source.columns
    if "ID" not in columns:
        return _plain(page)

    def value(column: str) -> Any:
        return page.values.get(columns[column].id)

    status, kind, due, goal, priority = (value(name) for name in ("Status", "Kind", "Due", "Goal", "Priority"))
    return {
        "native_id": page.id,
        "container": page.source.id,
        "key": f"{columns['ID'].details['prefix']}-{page.number}",
        "kind": _KINDS[kind.name] if kind else "page",
        "title": title_of(page),
        "body": text.plain(value("Notes") or []),
        "url": page_url(page),
        "status": status.name if status else "",
        "status_category": _CATEGORIES.get(status.name, "todo") if status else "todo",
        "labels": [tag.name for tag in value("Tags") or ()],
        "assignees": ["" if user.gone else user.name for user in value("Owner") or ()],
        "parent": next(iter(value("Epic") or ()), None),
        "created_at": stamp(page.created),
        "updated_at": stamp(page.edited),
        "closed_at": None,
        "goals": [goal.name] if goal else [],
        "components": [],
        "priority": priority.name if priority else "",
        "points": value("Points"),
        "due": due["start"] if due else None,
        "milestone": "",
        "draft": None,
        "merged": None,
        "branch": None,
    }


def _plain(page: Page) -> dict[str, Any]:
    """A row of a table with columns of its own: what stands in each, as people read it."""
    said = {name: _said(page.values.get(spec.id)) for name, spec in page.source.columns.items()}
    return {"native_id": page.id, "container": page.source.id, "title": title_of(page), "url": page_url(page)} | {
        "values": said,
        "created_at": stamp(page.created),
        "updated_at": stamp(page.edited),
        "by": page.created_by.name,
    }


def _said(value: Any) -> str:
    if isinstance(value, list):
        return text.plain(value)
    if isinstance(value, dict):
        return "/".join(day for day in (value["start"], value["end"]) if day)
    return getattr(value, "name", "") or ""
