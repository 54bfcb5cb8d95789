"""``syncd sync``: one pass now."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.output import json_lines, table
from syncd.cli.session import Exit, Session, code_of, database_errors, fail, session
from syncd.cli.status import tell_waiting
from syncd.web.words import counted, span

if TYPE_CHECKING:
    from config.files import Config
    from connectors.base import ConnectorError
    from syncd.worker.once import Orders, Pass
    from syncd.worker.sweep import Swept
    from syncd.worker.sync import Pulled


def register(app: typer.Typer) -> None:
    app.command()(sync)


def sync(
    context: typer.Context,
    trackers: Annotated[
        list[str] | None, typer.Argument(help="Trackers by name; default: all.", metavar="TRACKER…")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything anew instead of what changed.")] = False,
    sweep: Annotated[bool, typer.Option("--sweep", help="Also look for deleted and moved items.")] = False,
    accept_deletions: Annotated[
        bool, typer.Option("--accept-deletions", help="With --sweep: believe it however many are missing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each stream.")] = False,
) -> None:
    """One pass over the trackers now. What changed comes in, is tied to goals, and is flagged."""
    here = session(context)
    config = here.config(secrets=True)
    names = _names(config, trackers or [])
    here.store(config)

    from syncd.worker.once import Orders

    done = run(here, config, Orders(names, full, sweep or accept_deletions, accept_deletions))
    if as_json:
        report_json(done)
    elif here.verbosity >= 0:
        report(done)
    tell_troubles(done)
    tell_waiting(config, to_stderr=True)
    raise typer.Exit(exit_of(done))


def exit_of(done: "Pass") -> Exit:
    """What the command ends with: worst is what kept a tracker from being read, then what another process keeps."""
    if done.errors:
        return code_of(done.errors)
    if done.busy:
        return Exit.TRY_LATER
    return Exit.FINDINGS if done.unreadable else Exit.OK


def run(here: Session, config: "Config", orders: "Orders") -> "Pass":
    """A pass with progress bars where somebody watches. Ctrl-C ends it after the page under way."""
    from syncd.cli.progress import watcher
    from syncd.worker.observe import Requests
    from syncd.worker.once import one_pass
    from syncd.worker.roster import Roster

    roster_of_all = Roster(config.service.trackers, observer=Requests())
    with roster_of_all as roster, watcher(here) as watching, database_errors():
        try:
            return one_pass(config, roster, orders, watching)
        except KeyboardInterrupt:
            roster.stop.set()
            fail("stopped; what is committed stays, and the next pass goes on from there", Exit.TRY_LATER)


def tell_troubles(done: "Pass") -> None:
    """What went wrong, each thing once, on stderr; and from when on a tracker may be asked again that wants a pause."""
    for trouble in dict.fromkeys(f"! {tracker}: {_trouble(error)}" for tracker, error in done.troubles()):
        typer.echo(trouble, err=True)


def _trouble(error: "ConnectorError") -> str:
    from connectors.base import RateLimited

    if not isinstance(error, RateLimited):
        return str(error)
    again = f"{datetime.now(UTC) + timedelta(seconds=error.retry_after):%H:%M} UTC"
    return f"{error}; asked again in {span(error.retry_after)} ({again}) at the earliest"


def report(done: "Pass") -> None:
    """What came in, stream by stream, and what was decided."""
    sweeping = ["deleted"] if done.swept else []
    table(
        ["stream", "new", "changed", *sweeping, "requests", "state"],
        (_row(done, name) for name in sorted(done.pulled)),
        empty="No streams: see what went wrong, and syncd check.",
    )
    judged = done.judged
    print(
        f"{counted(judged.items, 'item')} judged, {counted(judged.opened, 'flag')} opened, {judged.resolved} resolved"
    )


def _row(done: "Pass", name: str) -> list[str]:
    pulled, swept = done.pulled[name], done.swept.get(name)
    figures = [pulled.written.new, pulled.written.changed]
    figures += [swept.buried if swept else 0] if done.swept else []
    figures += [pulled.requests + (swept.requests if swept else 0)]
    return [name, *(f"{number:,}" for number in figures), _state(name, pulled, swept)]


def _state(name: str, pulled: "Pulled", swept: "Swept | None") -> str:
    if pulled.busy or (swept and swept.busy):
        return f"busy: {_holder(name)} is at it"
    if pulled.error or (swept and swept.error):
        return "failed"
    if swept and swept.held:
        return f"held: {counted(swept.missing, 'item')} missing, see syncd status"
    return "ok"


def _holder(name: str) -> str:
    """Who holds a stream, if it is still held."""
    from syncd.trackers.models import Stream

    tracker, _, stream = name.partition("/")
    held = Stream.objects.filter(tracker__name=tracker, name=stream).values_list("lease_by", flat=True)
    host, pid, _ = [*(held.first() or "").rsplit(":", 2), "", ""][:3]
    return f"process {pid} on {host}" if pid else "another process"


def report_json(done: "Pass") -> None:
    """One object a stream; see ``docs/commands.md``."""
    json_lines(
        {
            "stream": name,
            "new": pulled.written.new,
            "changed": pulled.written.changed,
            "same": pulled.written.same,
            "requests": pulled.requests,
            "busy": pulled.busy,
            "error": str(pulled.error) if pulled.error else None,
            "sweep": _sweep_json(done, name),
        }
        for name, pulled in sorted(done.pulled.items())
    )


def _sweep_json(done: "Pass", name: str) -> dict[str, object] | None:
    swept = done.swept.get(name)
    if swept is None:
        return None
    error = str(swept.error) if swept.error else None
    return {
        "seen": swept.seen,
        "missing": swept.missing,
        "buried": swept.buried,
        "held": swept.held,
        "requests": swept.requests,
        "error": error,
    }


def _names(config: "Config", asked: list[str]) -> list[str]:
    """The trackers to pull; ends the command where one is not configured."""
    from config.problems import nearest

    known = [settings.name for settings in config.service.sources]
    for name in asked:
        if name not in known:
            fail(f"there is no tracker {name}; {nearest(name, known)}", Exit.USAGE)
    return asked or known
