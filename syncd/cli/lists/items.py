"""``syncd items``."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, NOT_SYNCED, ON_SCREEN, known, synced
from syncd.cli.output import json_lines, table
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
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
    owner: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only what is assigned to this person; may be repeated.")
    ] = None,
    label: Annotated[list[str] | None, typer.Option(metavar="LABEL", help="Only with this label.")] = None,
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

    from connectors.item import KINDS, STATUS_CATEGORIES
    from syncd.trackers import as_json as json
    from syncd.trackers import listing
    from syncd.worker import policy

    with database_errors():
        known("tracker", tracker, [settings.name for settings in config.service.sources])
        known("goal", [goal] if goal else [], policy.current(config).strategy.by_id)
        known("kind", kind, KINDS)
        known("status", status, STATUS_CATEGORIES)
        if goal and unlinked:
            fail("--goal and --unlinked exclude one another", Exit.USAGE)
        filters = listing.Filters(
            text=search or "",
            tracker=tuple(tracker or ()),
            kind=tuple(kind or ()),
            status=tuple(status or ()),
            goal=(goal,) if goal else (),
            unlinked=unlinked,
            label=tuple(label or ()),
            owner=tuple(owner or ()),
            deleted=None if deleted is None and as_json else bool(deleted),
        )
        if as_json:
            json_lines(json.item(row) for row in islice(listing.every(filters), limit))
            return
        _print_items(listing.changed_last(filters, (limit or ON_SCREEN) + 1), limit or ON_SCREEN)


def _print_items(rows: "Sequence[Item]", limit: int) -> None:
    """:param rows: one more than the limit where there are more"""
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
