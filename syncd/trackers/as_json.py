"""Items and streams as the command line prints them and the API answers: see ``docs/commands.md``."""

from datetime import datetime
from typing import Any

from rules import explain
from rules.model import Link
from syncd.trackers import doc
from syncd.trackers.models import Item, Stream


def id_of(row: Item) -> str:
    """Tracker name and immutable id: it stays, whatever the item is called later."""
    return f"{row.tracker.name}:{row.native_id}"


def item(row: Item) -> dict[str, Any]:
    """:param row: with its tracker, its parent, and the decision about it"""
    values = {name: getattr(row, name) for name in doc.COLUMNS}
    whole = doc.unpack(row.tracker.name, values, row.doc)
    decision = getattr(row, "decision", None)
    links = explain.from_json(decision.explanation).links if decision else ()
    return {
        "id": whole.id,
        "key": whole.key,
        "tracker": whole.tracker,
        "kind": whole.kind,
        "type": whole.type,
        "title": whole.title,
        "url": whole.url,
        "status": whole.status,
        "status_category": whole.status_category,
        "labels": whole.labels,
        "assignees": [person.name for person in whole.assignees],
        "reporter": whole.reporter.name if whole.reporter else None,
        "parent": f"{whole.tracker}:{row.parent.native_id}" if row.parent else None,
        "components": whole.components,
        "versions": whole.versions,
        "milestone": whole.milestone or None,
        "sprint": whole.sprint or None,
        "points": whole.points,
        "priority": whole.priority or None,
        "due": whole.due,
        "draft": whole.draft,
        "merged_at": whole.merged_at,
        "branch": whole.branch,
        "container": whole.container,
        "created_at": whole.created_at,
        "updated_at": whole.updated_at,
        "closed_at": whole.closed_at,
        "deleted_at": row.deleted_at,
        "goals": [_link(link) for link in links],
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "goal": link.goal,
        "strength": link.strength.word,
        "primary": link.primary,
        "evidence": [{"kind": e.kind, "source": e.source, "detail": e.detail} for e in link.evidence],
    }


def stream(row: Stream, now: datetime, **counted: int) -> dict[str, Any]:
    """How a stream is doing.

    :param counted: ``items``, how many of them are there, where somebody counted
    """
    lag = (now - row.last_success_at).total_seconds() if row.last_success_at else None
    return {
        "tracker": row.tracker.name,
        "stream": row.name,
        **counted,
        "last_success_at": row.last_success_at,
        "lag_s": round(lag, 1) if lag is not None else None,
        "error": row.error or row.tracker.error or None,
        "problems": [*row.problems, *row.tracker.problems],
        "next_poll_at": row.next_due_at,
        "requests": row.requests,
        "backfilled": bool(row.cursor.get("backfilled")),
        "held": row.held or None,
    }
