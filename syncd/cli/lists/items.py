"""``syncd items``."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, NOT_SYNCED, ON_SCREEN, known, synced
from syncd.cli.output import json_lines, table
from syncd.cli.session import database_errors, session

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from syncd.trackers.models import Item


def items(
    context: typer.Context,
    tracker: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only of this tracker; may be repeated.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="epic, story, task, bug, subtask, pull_request, page, other."),
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help="todo, in_progress, done or cancelled.")
    ] = None,
    goal: Annotated[str | None, typer.Option(metavar="ID", help="Only what serves this goal.")] = None,
    unlinked: Annotated[bool, typer.Option("--unlinked", help="Only what serves no goal.")] = False,
    search: Annotated[str | None, typer.Option(metavar="TEXT", help="Only what has this in its title or key.")] = None,
    deleted: Annotated[
        bool | None, typer.Option("--deleted/--live", help="Only deleted items, or only the others.")
    ] = None,
    limit: LIMIT = None,
    as_json: AS_JSON = False,
) -> None:
    """Items with the goals they serve. Deleted ones are in --json, with the time we learned of it, and not on screen."""
    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.worker import policy

    with database_errors():
        known("tracker", tracker, [settings.name for settings in config.service.trackers])
        known("goal", [goal] if goal else [], policy.current(config).strategy.by_id)
        found = _items(tracker, kind, status, goal, unlinked=unlinked, search=search)
        if deleted is not None or not as_json:
            found = found.filter(deleted_at__isnull=not deleted)
        if as_json:
            json_lines(islice(_as_json(found), limit))
            return
        _print_items(found, limit or ON_SCREEN)


def _items(
    tracker: list[str] | None,
    kind: list[str] | None,
    status: list[str] | None,
    goal: str | None,
    *,
    unlinked: bool,
    search: str | None,
) -> "QuerySet[Item]":
    from django.db.models import Q

    from connectors.item import KINDS, STATUS_CATEGORIES
    from syncd.trackers.models import Item

    known("kind", kind, KINDS)
    known("status", status, STATUS_CATEGORIES)
    found = Item.objects.filter(tracker__active=True)
    if tracker:
        found = found.filter(tracker__name__in=tracker)
    if kind:
        found = found.filter(kind__in=kind)
    if status:
        found = found.filter(status_category__in=status)
    if goal:
        found = found.filter(links__goal=goal)
    if unlinked:
        found = found.filter(decision__primary_goal="")
    if search:
        found = found.filter(Q(title__icontains=search) | Q(key__icontains=search))
    return found


def _as_json(found: "QuerySet[Item]") -> Iterator[dict[str, Any]]:
    """The documented object for each item, by keyset, so that memory stays flat."""
    from syncd.trackers import as_json

    last, batch = 0, 1000
    found = found.order_by("id").select_related("tracker", "decision").defer("decision__fingerprint")
    while rows := list(found.filter(id__gt=last).select_related("parent")[:batch]):
        for row in rows:
            yield as_json.item(row)
        last = rows[-1].id


def _print_items(found: "QuerySet[Item]", limit: int) -> None:
    rows = list(found.order_by("-updated_at", "-id").select_related("tracker", "decision")[: limit + 1])
    table(
        ["key", "kind", "status", "goal", "title"],
        ([row.key, row.kind, row.status, _goal(row), row.title] for row in rows[:limit]),
        empty="No items match." if synced() else NOT_SYNCED,
    )
    if len(rows) > limit:
        print(f"… the {limit} changed last; more with --limit, all with --json")


def _goal(row: "Item") -> str:
    decision = getattr(row, "decision", None)
    if decision is None:
        return "not judged yet"
    return decision.primary_goal or (f"exempt: {decision.exempt}" if decision.exempt else "–")
