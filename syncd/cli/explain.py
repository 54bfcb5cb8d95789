"""``syncd explain ITEM``: why an item is tied to its goals, or is not."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.output import ago, json_lines, line
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from rules.explain import Explanation, Step
    from rules.model import Link
    from syncd.trackers.models import Item


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="Key (WEB-12, acme/web#40), tracker:key, id, or URL.", metavar="ITEM")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Why an item is tied to its goals, or is not. With evidence, rules and why they matched or did not, and flags."""
    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.worker import policy

    with database_errors():
        row = _find(item)
        told = _explained(row, policy.current(config))
        facts = _facts(row)
    if as_json:
        json_lines([{"explanation": _as_json(told), **facts}])
    else:
        _print(told, facts)


def _as_json(told: "Explanation") -> dict[str, Any]:
    """The whole explanation, strengths by their words."""
    from rules.model import Strength

    def named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value.word if isinstance(value, Strength) else value for name, value in pairs}

    return asdict(told, dict_factory=named)


def _find(asked: str) -> "Item":
    """The item that is meant; ends the command where it is none or several."""
    from syncd.trackers.find import find

    found = find(asked)
    if not found:
        fail(f"there is no item {asked}: give its key, its id from `syncd items --json`, or its URL", Exit.USAGE)
    if len(found) > 1:
        keys = ", ".join(f"{row.tracker.name}:{row.native_id}" for row in found)
        fail(f"{asked} is in several trackers: say which of {keys}", Exit.USAGE)
    return found[0]


def _explained(row: "Item", policy: Any) -> "Explanation":
    """What was decided, as it was then, told with the item as it is now."""
    from rules import explain as telling
    from syncd.trackers import cases

    decision = getattr(row, "decision", None)
    if row.deleted_at:
        fail(f"{row.key} is no longer in its tracker ({row.fate}, {ago(row.deleted_at)}): it serves nothing", Exit.OK)
    if decision is None:
        fail(f"{row.key} has not been judged yet: run syncd sync", Exit.TRY_LATER)
    judgement, case = telling.from_json(decision.explanation), cases.load([row.id])[row.id]
    return telling.explain(judgement, case, policy, decision.decided_at)


def _facts(row: "Item") -> dict[str, Any]:
    """What stands around the judgement: flags, and how fresh everything is."""
    from django.db.models import Q

    from syncd.cli.lists.flags import flag_as_json
    from syncd.review.models import Flag
    from syncd.trackers import cases

    fingerprints = row.findings.values_list("fingerprint", flat=True)
    # what is flagged above is repaired there, for this one as well
    flags = Flag.objects.filter(Q(fingerprint__in=fingerprints) | Q(item__in=cases.line(row.id)))
    flags = flags.exclude(state="resolved")
    flags = flags.select_related("item__tracker")
    return {
        "flags": [flag_as_json(flag) for flag in flags.order_by("-clears", "id")],
        "freshness": {
            "updated_at": row.updated_at,
            "known_at": row.known_at,
            "decided_at": row.decision.decided_at,
            "synced_at": row.stream.last_success_at,
            "strategy_version": row.decision.version.hash,
        },
    }


def _print(told: "Explanation", facts: dict[str, Any]) -> None:
    print(f"{line(told.verdict)}\n{line(told.url)}\n")
    for depth, step in enumerate(told.path):
        print(line(_step(depth, step)))
    _section("Evidence", [text for link in (*told.links, *told.against) for text in _link(link)])
    _section("Outranked", [f"{e.goal}: {e.detail} ({e.strength.word})" for e in told.outranked])
    signs = {True: "match", False: "no", None: "unknown"}
    _section("Rules", [f"{signs[t.matched]:8}{t.rule}: {t.because}" for t in told.trials])
    flags = [
        text
        for flag in facts["flags"]
        for text in (f"{flag['rule']} (#{flag['id']}, clears {flag['clears']}): {flag['message']}", f"  {flag['fix']}")
    ]
    _section("Flags", flags or ["none"])
    fresh = facts["freshness"]
    print(
        f"\nchanged {ago(fresh['updated_at'])}, known {ago(fresh['known_at'])}, decided {ago(fresh['decided_at'])}, "
        f"tracker read {ago(fresh['synced_at'])}"
    )


def _step(depth: int, step: "Step") -> str:
    arrow = f"{'   ' * (depth - 1)}└─ " if depth else ""
    return f"{arrow}{step.text}{f'   ✗ {step.broken}' if step.broken else ''}"


def _link(link: "Link") -> list[str]:
    lead = f"{link.goal} ({link.strength.word}{', primary' if link.primary else ''})"
    return [lead, *(f"  {evidence.detail}" for evidence in link.evidence)]


def _section(title: str, lines: list[str]) -> None:
    if lines:
        print(f"\n{title}")
        for text in lines:
            print(f"  {line(text)}")
