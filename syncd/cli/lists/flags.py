"""``syncd flags``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, NOT_SYNCED, ON_SCREEN, known, synced
from syncd.cli.output import ago, json_lines, table
from syncd.cli.session import Exit, database_errors, session

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from config.files import Config
    from syncd.review.models import Flag


def flags(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="open (default), snoozed, exempt, resolved or all.")
    ] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only of this check or rule.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Only those of this person.")] = None,
    limit: LIMIT = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where there is a flag, for scripts.")
    ] = False,
    as_json: AS_JSON = False,
) -> None:
    """Misalignments, those first whose repair clears most."""
    here = session(context)
    config = here.config()
    here.store(config)
    with database_errors():
        known("rule", rule, _rules(config))
        found = _flags(state or ["open"], rule, owner)
        rows = list(found[: limit + 1 if limit else None] if as_json else found[: (limit or ON_SCREEN) + 1])
        if as_json:
            json_lines(flag_as_json(row) for row in rows[:limit])
        else:
            _print_flags(rows, limit or ON_SCREEN, filtered=bool(state or rule or owner))
    raise typer.Exit(Exit.FINDINGS if exit_code and rows else Exit.OK)


def _rules(config: "Config") -> set[str]:
    """The built-in checks, the rules that are configured, and those that have raised flags before."""
    from syncd.review.models import Flag

    raised = Flag.objects.values_list("rule", flat=True).distinct()
    return {"unlinked", "off_strategy", "conflict", *(rule.id for rule in config.rules.rules), *raised}


def _flags(states: list[str], rule: list[str] | None, owner: str | None) -> "QuerySet[Flag]":
    from syncd.review.models import Flag

    known("state", states, [*Flag.STATES, "all"])
    found = Flag.objects.select_related("item__tracker").order_by("-clears", "id")
    if "all" not in states:
        found = found.filter(state__in=states)
    if rule:
        found = found.filter(rule__in=rule)
    return found.filter(owner=owner) if owner else found


def flag_as_json(row: "Flag") -> dict[str, Any]:
    """See ``docs/commands.md``."""
    return {
        "id": row.id,
        "rule": row.rule,
        "severity": row.severity,
        "state": row.state,
        "item": f"{row.item.tracker.name}:{row.item.native_id}" if row.item else None,
        "key": row.item.key if row.item else None,
        "goal": row.goal or None,
        "message": row.message,
        "clears": row.clears,
        "fix": row.fix,
        "owner": row.owner or None,
        "opened_at": row.opened_at,
        "resolved_at": row.resolved_at,
        "resolved_because": row.resolved_because or None,
        "regressed": row.regressed,
    }


def _print_flags(rows: "list[Flag]", limit: int, *, filtered: bool) -> None:
    none = "No flags match." if filtered else "No flags: everything that needs a goal has one."
    table(
        ["id", "rule", "severity", "clears", "owner", "opened", "message"],
        (
            [str(row.id), row.rule, row.severity, str(row.clears), row.owner or "–", ago(row.opened_at), row.message]
            for row in rows[:limit]
        ),
        empty=none if synced() else NOT_SYNCED,
    )
    if len(rows) > limit:
        print(f"… the first {limit}; more with --limit, all with --json")
