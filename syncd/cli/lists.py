"""``syncd items``, ``syncd goals`` and ``syncd flags``."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.output import ago, json_lines, table
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from config.files import Config
    from syncd.review.models import Flag
    from syncd.trackers.models import Item

AS_JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
LIMIT = Annotated[int | None, typer.Option(min=1, help="At most so many; --json gives all unless told.")]
ON_SCREEN = 50
NOT_SYNCED = "Nothing is here yet: run syncd sync."


def register(app: typer.Typer) -> None:
    app.command()(items)
    app.command()(goals)
    app.command()(flags)


def items(
    context: typer.Context,
    tracker: Annotated[list[str] | None, typer.Option(help="Only of this tracker; may be repeated.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="epic, story, task, bug, subtask, pull_request, page, other.")
    ] = None,
    status: Annotated[list[str] | None, typer.Option(help="todo, in_progress, done or cancelled.")] = None,
    goal: Annotated[str | None, typer.Option(help="Only what serves this goal.")] = None,
    unlinked: Annotated[bool, typer.Option("--unlinked", help="Only what serves no goal.")] = False,
    search: Annotated[str | None, typer.Option(help="Only what has this in its title or key.")] = None,
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
        _known("tracker", tracker, [settings.name for settings in config.service.trackers])
        _known("goal", [goal] if goal else [], policy.in_force(config).strategy.by_id)
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

    _known("kind", kind, KINDS)
    _known("status", status, STATUS_CATEGORIES)
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


def _synced() -> bool:
    from syncd.trackers.models import Item

    return Item.objects.exists()


def _known(option: str, values: list[str] | None, allowed: Iterable[str]) -> None:
    from config.problems import nearest

    for value in values or ():
        if value not in allowed:
            fail(f"--{option} {value}: {nearest(value, allowed)}", Exit.USAGE)


def _as_json(found: "QuerySet[Item]") -> Iterator[dict[str, Any]]:
    """The documented object for each item, by keyset, so that memory stays flat."""
    last, batch = 0, 1000
    found = found.order_by("id").select_related("tracker", "decision").defer("decision__fingerprint")
    while rows := list(found.filter(id__gt=last).select_related("parent")[:batch]):
        for row in rows:
            yield item_as_json(row)
        last = rows[-1].id


def item_as_json(row: "Item") -> dict[str, Any]:
    """See ``docs/commands.md``."""
    from rules import explain
    from syncd.trackers import doc

    values = {name: getattr(row, name) for name in doc.COLUMNS}
    item = doc.unpack(row.tracker.name, values, row.doc)
    decision = getattr(row, "decision", None)
    links = explain.from_json(decision.explanation).links if decision else ()
    return {
        "id": item.id,
        "key": item.key,
        "tracker": item.tracker,
        "kind": item.kind,
        "type": item.type,
        "title": item.title,
        "url": item.url,
        "status": item.status,
        "status_category": item.status_category,
        "labels": item.labels,
        "assignees": [person.name for person in item.assignees],
        "reporter": item.reporter.name if item.reporter else None,
        "parent": f"{item.tracker}:{row.parent.native_id}" if row.parent else None,
        "components": item.components,
        "versions": item.versions,
        "milestone": item.milestone or None,
        "sprint": item.sprint or None,
        "points": item.points,
        "priority": item.priority or None,
        "due": item.due,
        "draft": item.draft,
        "merged_at": item.merged_at,
        "branch": item.branch,
        "container": item.container,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "deleted_at": row.deleted_at,
        "goals": [
            {
                "goal": link.goal,
                "strength": link.strength.word,
                "primary": link.primary,
                "evidence": [{"kind": e.kind, "source": e.source, "detail": e.detail} for e in link.evidence],
            }
            for link in links
        ],
    }


def _print_items(found: "QuerySet[Item]", limit: int) -> None:
    rows = list(found.order_by("-updated_at", "-id").select_related("tracker", "decision")[: limit + 1])
    table(
        ["key", "kind", "status", "goal", "title"],
        ([row.key, row.kind, row.status, _goal(row), row.title] for row in rows[:limit]),
        empty="No items match." if _synced() else NOT_SYNCED,
    )
    if len(rows) > limit:
        print(f"… the {limit} changed last; more with --limit, all with --json")


def _goal(row: "Item") -> str:
    decision = getattr(row, "decision", None)
    if decision is None:
        return "not judged yet"
    return decision.primary_goal or (f"exempt: {decision.exempt}" if decision.exempt else "–")


def goals(context: typer.Context, as_json: AS_JSON = False) -> None:
    """The strategy tree with the work that serves each goal."""
    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.worker import policy

    with database_errors():
        rows = list(_goals(policy.in_force(config).strategy))
        if as_json:
            json_lines(rows)
            return
        table(
            ["goal", "kind", "status", "owner", "open", "done", "flags", "title"],
            (
                [
                    f"{'  ' * row['depth']}{row['id']}",
                    row["kind"].replace("_", " "),
                    row["status"],
                    row["owner"] or "–",
                    *(f"{row[name]:,}" for name in ("open", "done", "flags")),
                    row["title"],
                ]
                for row in rows
            ),
            empty="No goals yet: write strategy.yaml.",
        )


def _goals(strategy: Any) -> Iterator[dict[str, Any]]:
    from django.db.models import Count, Q

    from syncd.review.models import Flag
    from syncd.strategy.models import Link

    is_open = Q(item__status_category__in=["todo", "in_progress"])
    done = Q(item__status_category="done")
    live = Link.objects.filter(item__deleted_at=None, item__tracker__active=True)
    counts = {
        row["goal"]: row
        for row in live.values("goal")
        .annotate(open=Count("id", filter=is_open), done=Count("id", filter=done))
        .order_by()
    }
    flags = dict(
        Flag.objects.filter(state="open").exclude(goal="").values_list("goal").annotate(Count("id")).order_by()
    )
    for goal, depth in strategy.walk():
        of_goal: dict[str, Any] = counts.get(goal.id, {})  # type: ignore[assignment]
        yield {
            "id": goal.id,
            "kind": goal.kind,
            "parent": goal.parent or None,
            "depth": depth,
            "title": goal.title,
            "status": goal.status,
            "owner": goal.owner or None,
            "starts": goal.starts,
            "ends": goal.ends,
            "share": goal.share,
            "open": of_goal.get("open", 0),
            "done": of_goal.get("done", 0),
            "flags": flags.get(goal.id, 0),
        }


def flags(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="open (default), snoozed, exempt, resolved or all.")] = None,
    rule: Annotated[list[str] | None, typer.Option(help="Only of this check or rule.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those of this person.")] = None,
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
        _known("rule", rule, _rules(config))
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

    _known("state", states, [*Flag.STATES, "all"])
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
        empty=none if _synced() else NOT_SYNCED,
    )
    if len(rows) > limit:
        print(f"… the first {limit}; more with --limit, all with --json")
