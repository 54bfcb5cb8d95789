"""``syncd flags decide`` and ``syncd flags undo``: what people decide, and their second thoughts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.numbers import whole
from syncd.cli.output import json_lines, line
from syncd.cli.session import Exit, database_errors, fail, session, user

if TYPE_CHECKING:
    from syncd.review.models import Flag, Verdict

IDS = Annotated[
    list[int], typer.Argument(metavar="ID…", parser=whole, help="One or more, as `syncd flags` shows them.")
]
AUTHOR = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who decides; default: who is signed in here.")
]
EVENTS = ("grows", "goal-changes")


def decide(
    context: typer.Context,
    ids: IDS,
    link: Annotated[str | None, typer.Option(metavar="GOAL", help="The work serves this goal.")] = None,
    exempt: Annotated[str | None, typer.Option(metavar="CATEGORY", help="It needs none, such as maintenance.")] = None,
    false_positive: Annotated[
        bool, typer.Option("--false-positive", help="The rule is wrong here; counts against it.")
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="True, and it stays so --until a day.")] = False,
    snooze: Annotated[
        str | None, typer.Option(metavar="DAY|grows|goal-changes", help="Show it again then, and not before.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept for whoever asks later.")] = "",
    until: Annotated[str | None, typer.Option(metavar="DAY", help="When it ends: 2027-01-31.")] = None,
    author: AUTHOR = None,
    as_json: AS_JSON = False,
) -> None:
    """Decide about flags. Takes one of --link, --exempt, --false-positive, --accept and --snooze."""
    how = _how(link, exempt, snooze, false_positive=false_positive, accept=accept)
    if until is not None:
        how["until"] = _day("--until", until)
    here = session(context)
    here.store(here.config())

    from syncd.review import verdicts

    def one(flag: "Flag", now: datetime) -> str:
        return verdicts.decide(flag, author=author or whoever(), reason=reason, now=now, **how).says

    _each(ids, one, as_json=as_json)


def undo(
    context: typer.Context,
    ids: IDS,
    decision: Annotated[bool, typer.Option("--decision", help="The ids are those of decisions, not of flags.")] = False,
    author: AUTHOR = None,
    as_json: AS_JSON = False,
) -> None:
    """Take the decision about a flag back. The flag and the evidence are as they were before."""
    here = session(context)
    here.store(here.config())

    from syncd.review import verdicts
    from syncd.review.models import Verdict

    def one(flag: "Flag", now: datetime) -> str:
        if flag.verdict is None:
            raise verdicts.Refused("no decision stands about it")
        verdicts.undo(flag.verdict, author or whoever(), now)
        return f"took back: {flag.verdict.says}"

    def by_decision(verdict: "Verdict", now: datetime) -> str:
        verdicts.undo(verdict, author or whoever(), now)
        return f"took back: {verdict.says}"

    if decision:
        _each(ids, by_decision, as_json=as_json, rows=Verdict.objects.select_related("flag"))
    else:
        _each(ids, one, as_json=as_json)


def whoever() -> str:
    """Who is signed in to this machine."""
    return user() or fail("who decides is not known here: say it with --as NAME", Exit.USAGE)


def _how(
    link: str | None, exempt: str | None, snooze: str | None, *, false_positive: bool, accept: bool
) -> dict[str, Any]:
    """What is decided, as ``verdicts.decide`` takes it."""
    asked: list[dict[str, Any]] = []
    if link is not None:
        asked.append({"kind": "link", "target": link})
    if exempt is not None:
        asked.append({"kind": "exempt", "target": exempt})
    if false_positive:
        asked.append({"kind": "false_positive"})
    if accept:
        asked.append({"kind": "accept"})
    if snooze in EVENTS:
        asked.append({"kind": "snooze", "until_event": snooze.replace("-", "_")})
    elif snooze is not None:
        asked.append({"kind": "snooze", "until": _day("--snooze", snooze)})
    if len(asked) != 1:
        fail("give exactly one of --link, --exempt, --false-positive, --accept and --snooze", Exit.USAGE)
    return asked[0]


def _day(option: str, asked: str) -> datetime:
    """The start of that day, UTC."""
    try:
        return datetime.combine(date.fromisoformat(asked), time.min, UTC)
    except ValueError:
        events = f", or {' or '.join(EVENTS)}" if option == "--snooze" else ""
        fail(f"{option} {asked}: expected a day such as 2027-01-31{events}", Exit.USAGE)


def _each(ids: list[int], one: Callable[[Any, datetime], str], *, as_json: bool, rows: Any = None) -> None:
    """Each by itself, with what came of it; what is refused for one holds the others up in nothing."""
    from syncd.review.models import Flag

    found = Flag.objects.select_related("verdict") if rows is None else rows
    ids_in = "syncd flags --state all" if rows is None else "syncd flags log ID"
    with database_errors():
        told = [_outcome(id_, found.filter(pk=id_).first(), one, ids_in) for id_ in dict.fromkeys(ids)]
    if as_json:
        json_lines(told)
    else:
        for row in told:
            says, number = row["says"] or row["error"], f"#{row['id']} "
            print(line(f"{number}{says.removeprefix(number)}"))
    if any(row["error"] for row in told):
        raise typer.Exit(Exit.FINDINGS)


def _outcome(id_: int, row: Any, one: Callable[[Any, datetime], str], ids_in: str) -> dict[str, Any]:
    from syncd.review.verdicts import Refused

    if row is None:
        return {"id": id_, "done": False, "says": None, "error": f"there is no such id: see `{ids_in}`"}
    try:
        return {"id": id_, "done": True, "says": one(row, datetime.now(UTC)), "error": None}
    except Refused as error:
        return {"id": id_, "done": False, "says": None, "error": str(error)}
