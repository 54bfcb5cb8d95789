"""``syncd flags``: the queue, and the funnel that leads to it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, NOT_SYNCED, ON_SCREEN, known, synced
from syncd.cli.output import ago, json_lines, line, table
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from config.files import Config
    from syncd.review.models import Flag

SEVERITIES = ("high", "medium", "low")


def flags(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="open (default), snoozed, exempt, resolved or all.")
    ] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only of this check or rule.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Only those of this person.")] = None,
    severity: Annotated[list[str] | None, typer.Option(metavar="WORD", help="high, medium or low.")] = None,
    goal: Annotated[
        str | None, typer.Option(metavar="ID", help="Only about this goal, or work that serves it.")
    ] = None,
    tracker: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only about work in this tracker.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Only about this kind of work, such as epic.")
    ] = None,
    q: Annotated[str | None, typer.Option("--q", metavar="TEXT", help="Only with this in message or key.")] = None,
    held: Annotated[
        bool, typer.Option("--held", help="Instead: what is counted and not shown, by reason and check.")
    ] = False,
    funnel: Annotated[
        bool, typer.Option("--funnel", help="Instead: from raw findings to flags, with the reason for each step.")
    ] = False,
    limit: LIMIT = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where there is a flag, for scripts.")
    ] = False,
    as_json: AS_JSON = False,
) -> None:
    """Misalignments, those first whose repair clears most. With a command: decide about some."""
    if context.invoked_subcommand:
        return
    if funnel and held:
        fail("one of --funnel and --held, not both", Exit.USAGE)
    here = session(context)
    config = here.config()
    here.store(config)
    with database_errors():
        if funnel:
            _print_funnel(as_json=as_json)
            return
        if held:
            _print_held(as_json=as_json)
            return
        known("rule", rule, _rules(config))
        known("severity", severity, SEVERITIES)
        known("tracker", tracker, [settings.name for settings in config.service.sources])
        found = _asked(
            state or ["open"], rule=rule, owner=_one(owner), severity=severity, goal=_one(goal), tracker=tracker,
            kind=kind, q=_one(q),
        )  # fmt: skip
        rows = list(found[: limit + 1 if limit else None] if as_json else found[: (limit or ON_SCREEN) + 1])
        if as_json:
            json_lines(_as_json(rows[:limit]))
        else:
            _print_flags(rows, limit or ON_SCREEN, filtered=any((state, rule, owner, severity, goal, tracker, kind, q)))
    raise typer.Exit(Exit.FINDINGS if exit_code and rows else Exit.OK)


def _rules(config: "Config") -> set[str]:
    """The built-in checks, the rules that are configured, and those that have raised flags before."""
    from syncd.review.models import Flag
    from syncd.review.records import EVERY_CHECK

    raised = Flag.objects.values_list("rule", flat=True).distinct()
    return {*EVERY_CHECK, *(rule.id for rule in config.rules.rules), *raised}


def _one(value: str | None) -> list[str] | None:
    return [value] if value else None


def _asked(states: list[str], **narrowing: list[str] | None) -> "QuerySet[Flag]":
    """The flags that are meant, those first whose repair clears most."""
    from connectors.item import KINDS
    from syncd.review import queue
    from syncd.review.models import Flag

    known("state", states, [*Flag.STATES, "all"])
    known("kind", narrowing["kind"], KINDS)
    every = Flag.STATES if "all" in states else states
    asked = {name: values for name, values in narrowing.items() if values} | {"state": every, "sort": ["clears"]}
    filters = queue.Filters.of(asked)
    rows = Flag.objects.select_related("item__tracker", "verdict")
    return queue.matching(rows, filters).order_by(*filters.order)


def _as_json(rows: "list[Flag]") -> "Iterator[dict[str, Any]]":
    from syncd.review import as_json, queue

    return as_json.flags(queue.shown(rows))


def _print_flags(rows: "list[Flag]", limit: int, *, filtered: bool) -> None:
    none = "No flags match." if filtered else "No flags: everything that needs a goal has one."
    table(
        ["id", "rule", "severity", "clears", "owner", "opened", "message"],
        (
            [str(row.id), row.rule, row.severity, str(row.clears), row.owner or "–", ago(row.opened_at), _says(row)]
            for row in rows[:limit]
        ),
        empty=none if synced() else NOT_SYNCED,
    )
    if len(rows) > limit:
        print(f"… the first {limit}; more with --limit, all with --json")


def _says(row: "Flag") -> str:
    """The message, and where it is not open, why; where it is back, why."""
    if row.verdict and row.state != "open":
        return f"{row.message} ({line(row.verdict.says)})"
    back = row.detail.get("reopened")
    return f"{row.message} (back: {back})" if back else row.message


def _print_funnel(*, as_json: bool) -> None:
    from syncd.review import funnel

    if not synced():
        fail(NOT_SYNCED, Exit.TRY_LATER)
    steps = funnel.funnel()
    if as_json:
        json_lines({"step": s.reason, "count": s.count, "left": s.left, "because": s.because} for s in steps)
        return
    raw, *between, shown = steps
    rows = [(raw.count, raw), *((-step.count, step) for step in between if step.count), (shown.count, shown)]
    table(
        ["findings", "left", "step", "because"],
        ([f"{count:,}".replace("-", "−"), f"{s.left:,}", s.reason.replace("_", " "), s.because] for count, s in rows),
        empty="",
    )


def _print_held(*, as_json: bool) -> None:
    from syncd.review import funnel

    rows = funnel.held()
    if as_json:
        json_lines({"held": reason, "kind": kind, "count": count} for reason, kind, count in rows)
        return
    table(
        ["findings", "held", "kind", "because"],
        ([f"{count:,}", reason, kind, funnel.BECAUSE[reason]] for reason, kind, count in rows),
        empty="Nothing is held." if synced() else NOT_SYNCED,
    )
