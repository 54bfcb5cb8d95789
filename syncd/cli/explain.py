"""``syncd explain ITEM``: why an item is tied to its goals, or is not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.lists.common import NOT_SYNCED, synced
from syncd.cli.output import ago, json_lines, line, shortened
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from rules.explain import Answer, Flagged, Freshness, Step, Suggested, Tried
    from rules.model import Evidence, Link
    from syncd.review.why import Told
    from syncd.trackers.models import Item


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="Key (WEB-12, acme/web#40), tracker:key, id, or URL.", metavar="ITEM")],
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="As it was then: 2026-11-20 (the end of that day) or 2026-11-20T09:30, UTC."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Why an item is tied to its goals, or is not. With evidence, rules and why they matched or did not, and flags."""
    here = session(context)
    config = here.config()
    moment = None if at is None else _moment(at)
    here.store(config)

    from syncd.review.as_json import explanation

    with database_errors():
        row = _find(item)
        told = _told(row, moment)
    if as_json:
        json_lines([explanation(told)])
    else:
        _print(told, over=moment is None and row.status_category in ("done", "cancelled"))


def _moment(asked: str) -> datetime:
    """A day counts until its end, today until now; a time without a zone is in UTC."""
    now = datetime.now(UTC)
    try:
        if len(asked) == len("2026-11-20"):
            day = date.fromisoformat(asked)
            moment = now if day == now.date() else datetime.combine(day, time.max, UTC)
        else:
            moment = datetime.fromisoformat(asked)
    except ValueError:
        fail(
            f"--at {shortened(asked)}: expected a date such as 2026-11-20 or a time such as 2026-11-20T09:30",
            Exit.USAGE,
        )
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now:
        fail(f"--at {asked} has not come yet", Exit.USAGE)
    return moment


def _find(asked: str) -> "Item":
    """The item that is meant; ends the command where it is none or several."""
    from syncd.trackers.find import find

    found = find(asked)
    if not found and not synced():
        fail(NOT_SYNCED, Exit.TRY_LATER)
    if not found:
        fail(
            f"there is no item {shortened(asked)}: give its key, its id from `syncd items --json`, or its URL",
            Exit.USAGE,
        )
    if len(found) > 1:
        keys = ", ".join(f"{row.tracker.name}:{row.native_id}" for row in found)
        fail(f"{asked} is in several trackers: say which of {keys}", Exit.USAGE)
    return found[0]


def _told(row: "Item", moment: datetime | None) -> "Told":
    """Ends the command where there is nothing to tell."""
    from syncd.review.why import NotTold, why
    from syncd.strategy.versions import OldForm

    try:
        return why(row, moment)
    except NotTold as error:
        if error.waits and moment is None:
            fail(f"{row.key} has not been judged yet: run syncd sync", Exit.TRY_LATER)
        fail(str(error), Exit.OK)
    except OldForm as error:
        fail(f"{error}: the rules of then cannot be told", Exit.FINDINGS)


def _print(whole: "Told", *, over: bool) -> None:
    """:param over: the work is done or given up, so that nobody is asked to mend it"""
    told, fresh = whole.explanation, whole.freshness
    none = "none: the work is over, and there is nothing to mend" if over and not told.links else "none"
    if fresh.at:
        print(f"As it was {_on(fresh.at)} UTC.")
    print(f"{line(told.verdict)}\n{line(told.url)}\n")
    for depth, step in enumerate(told.path):
        print(line(_step(depth, step)))
    _section("Evidence", [text for link in (*told.links, *told.against) for text in _link(link)])
    _section("Against it", told.contradictions)
    _section("Outranked", [_outranked(each) for each in told.outranked])
    _section("Refers to", told.dead_ends)
    _section("Decided by people", [f"{r.kind} {r.target} by {r.author}{_because(r.reason)}" for r in told.rulings])
    _section("Rules", [text for tried in told.trials for text in _tried(tried)])
    _section("Counted and not shown", [f"{each.kind}: {each.message} ({each.why})" for each in told.held])
    _section("Flags", [text for flag in whole.flags for text in _flag(flag)] or [none])
    _section("It might serve", [_suggestion(each) for each in whole.suggestions])
    print(f"\n{line(_freshness(fresh))}")


def _step(depth: int, step: "Step") -> str:
    arrow = f"{'   ' * (depth - 1)}└─ " if depth else ""
    return f"{arrow}{step.text}{f'   ✗ {step.broken}' if step.broken else ''}"


def _link(link: "Link") -> list[str]:
    lead = f"{link.goal} ({link.strength.word}{', primary' if link.primary else ''})"
    return [lead, *(f"  {evidence.detail}" for evidence in link.evidence)]


def _outranked(evidence: "Evidence") -> str:
    return f"{evidence.goal}: {evidence.detail} ({evidence.strength.word})"


def _tried(tried: "Tried") -> Iterator[str]:
    sign = {True: "match", False: "near" if tried.near else "no", None: "unknown"}[tried.matched]
    aside = f" ({tried.mode}: without effect)" if tried.matched and tried.mode != "enforce" else ""
    yield f"{sign:8}{tried.rule}: {tried.because}{aside}"
    if tried.near:
        yield f"{'':8}  all holds but one clause: {tried.near}"


def _flag(flag: "Flagged") -> Iterator[str]:
    yield f"{flag.rule} (#{flag.id}, {flag.state}, clears {flag.clears}): {flag.message}"
    yield f"  {flag.fix}"
    for verdict in flag.verdicts:
        yield f"  {_answer(verdict)}"


def _answer(verdict: "Answer") -> str:
    kind = verdict.kind.replace("_", " ")
    until = f" until {verdict.until:%Y-%m-%d}" if verdict.until else ""
    until = f" until {verdict.until_event.replace('_', ' ')}" if verdict.until_event else until
    over = "" if verdict.standing else " (no longer)"
    return f"{verdict.author}: {kind} {verdict.target}".rstrip() + f"{until}{_because(verdict.reason)}{over}"


def _suggestion(one: "Suggested") -> str:
    sure = one.strength if one.confidence is None else f"{one.strength}, {one.confidence:.0%}"
    return f"{one.goal} “{one.title}” ({sure}): shares {', '.join(one.words)}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _freshness(fresh: "Freshness") -> str:
    if fresh.at:
        return f"changed {_on(fresh.updated_at)}, known {_on(fresh.known_at)}, decided {_on(fresh.decided_at)}"
    said = f"changed {ago(fresh.updated_at)}, known {ago(fresh.known_at)}, decided {ago(fresh.decided_at)}"
    said += f", tracker read {ago(fresh.synced_at)}"
    if fresh.waits:
        said += "; something changed since, and it is about to be judged again"
    return f"{said}; {fresh.frozen}" if fresh.frozen else said


def _on(when: datetime) -> str:
    return f"on {when.astimezone(UTC):%Y-%m-%d at %H:%M}"


def _section(title: str, lines: "tuple[str, ...] | list[str]") -> None:
    if lines:
        print(f"\n{title}")
        for text in lines:
            print(f"  {line(text)}")
