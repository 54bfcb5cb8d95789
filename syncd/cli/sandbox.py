"""``syncd demo`` and ``syncd sandbox``: trackers on this machine to try syncd on."""

import os
import shutil
import signal
import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.numbers import between, whole
from syncd.cli.output import shortened
from syncd.cli.session import Exit, Session, code_of, fail, session
from syncd.web.words import counted

if TYPE_CHECKING:
    from config.files import Config
    from syncd.sandbox.server import Sandbox
    from syncd.worker.once import Pass

FOLDER = Path("var/demo")
CAST = (
    ("operator", "omar@acme.example", "Omar"),
    ("pm", "ana@acme.example", "Ana"),
    ("viewer", "vera@acme.example", "Vera"),
)
"""Who works at the demo's company."""


def register(app: typer.Typer) -> None:
    app.command()(demo)
    app.command()(sandbox)


def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Stop after the first sync.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Remove everything that an earlier demo left.")] = False,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", parser=between(0, 65535), help="Port of the pages; default: 8642, or any free one."),
    ] = None,
) -> None:
    """Try syncd on made-up trackers: a first sync, then the pages. Nothing leaves the machine."""
    from syncd.sandbox.world import build, write_config

    _make_room(reset=reset)
    with build(live=not once) as trackers:
        write_config(trackers, FOLDER)
        here = Session(FOLDER, session(context).verbosity)
        config = here.config(secrets=True)
        here.store(config, log=here.verbosity - 1)

        from syncd.cli.daemon import serve
        from syncd.cli.sync import run, tell_troubles
        from syncd.worker.once import Orders

        began = time.monotonic()
        done = run(here, config, Orders([tracker.name for tracker in config.service.sources], full=True))
        if done.errors:
            tell_troubles(done)
            raise typer.Exit(code_of(done.errors))
        _tell(done, time.monotonic() - began)
        _share(config)
        if once:
            return
        address = ("127.0.0.1", _free_port() if port is None else port)
        code = serve(config, address, serving=lambda url: _tell_where(url, trackers))
    raise typer.Exit(code)


def _make_room(*, reset: bool) -> None:
    """A folder and a store of the demo's own: empty, since its trackers start anew as well. Another demo that is
    at it is left alone."""
    from syncd.worker.daemon.lock import AlreadyRunning, locked

    os.environ.pop("SYNCD_DATABASE", None)
    os.environ["SYNCD_DEMO"] = "1"
    try:
        with locked(FOLDER):
            for path in FOLDER.glob("*.db*"):
                path.unlink()
            if reset:
                shutil.rmtree(FOLDER)
    except AlreadyRunning as error:
        fail(str(error), Exit.TRY_LATER)
    except OSError as error:
        fail(f"the demo needs the folder {FOLDER}: {error.strerror}", Exit.UNAVAILABLE)


def _tell(done: "Pass", seconds: float) -> None:
    """The lines that matter."""
    from django.db.models import Count, Q

    from syncd.review.models import Flag
    from syncd.strategy.models import Decision

    requests = sum(pulled.requests for pulled in done.pulled.values())
    rows = Decision.objects.aggregate(
        items=Count("id"), tied=Count("id", filter=~Q(primary_goal="")), exempt=Count("id", filter=~Q(exempt=""))
    )
    flags = Flag.objects.filter(state="open").order_by("-clears", "-stake", "id")
    items, tied, exempt = rows["items"], rows["tied"], rows["exempt"]
    print(f"{items} items of Acme from Jira, GitHub and Notion, in {counted(requests, 'request')} and {seconds:.1f} s")
    print(f"{tied} serve a goal, {exempt} are exempt, {items - tied - exempt} serve none")
    if first := flags.select_related("item").first():
        print(f"{counted(flags.count(), 'flag')}; the first clears {first.clears}: {first.message}")
        key = first.item.key if first.item else ""
        print(f"why: syncd --config {FOLDER} explain {key}")
    print(f"all: syncd --config {FOLDER} flags")


SHARED_WITH = "globex"
"""The partner whose agreement the demo approves; another is left for whoever tries it."""


def _share(config: "Config") -> None:
    """Approve what one partner is to see, as one of the cast, and show it."""
    from django.utils import timezone

    from syncd.sharing import approvals
    from syncd.sharing.models import Deal
    from syncd.worker.publish import publish

    deal, pm = Deal.objects.get(partner=SHARED_WITH), CAST[1][1]
    approvals.approve(deal, pm, "Agreed at the kick-off", timezone.now())
    publish(config)
    shown = counted(approvals.counts(deal).shown, "item")
    print(f"{deal.name} sees {shown}: syncd --config {FOLDER} partners show {deal.partner}")


def _partner_link(url: str) -> str:
    """A share link to the partner's pages, and whose it is."""
    from django.utils import timezone

    from syncd.sharing import links
    from syncd.sharing.models import Deal

    deal = Deal.objects.get(partner=SHARED_WITH)
    _, secret = links.make(deal, "the demo", "syncd demo", timezone.now())
    return f"come in as the partner {deal.name}: {url}/p/with/{secret}"


def _free_port(wanted: int = 8642) -> int:
    try:
        with socket.create_server(("127.0.0.1", wanted)):
            return wanted
    except OSError:
        return 0


def _tell_where(url: str, trackers: "Sandbox") -> None:
    """A one-time link for each role, and where everything is."""
    from syncd.accounts import links, people

    for role, email, name in CAST:
        person = people.add("syncd demo", email, role, name)
        print(f"sign in as {name}, {person.get_role_display()}: {links.make('syncd demo', person, base=url)}")
    print(_partner_link(url))
    print(f"pages: {url}    trackers: {trackers.url}    Ctrl-C stops it", flush=True)


def _moment(text: str) -> datetime:
    """A day's start, or a time, in UTC. :raises typer.BadParameter: it is none"""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise typer.BadParameter(f"{shortened(text)}: expected a day such as 2027-01-31") from error


def sandbox(
    port: Annotated[
        int, typer.Option(metavar="N", parser=between(0, 65535), help="Port; 0 takes any free one.")
    ] = 8700,
    items: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole, help="Generated items in each tracker; default: the demo's story."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", parser=whole, help="The same seed, the same items.")] = 1,
    latency_ms: Annotated[
        float,
        typer.Option(metavar="N", parser=between(0.0, 60_000.0), help="How long every request waits, in milliseconds."),
    ] = 0,
    live: Annotated[bool, typer.Option("--live", help="Somebody changes something every few seconds.")] = False,
    deployment: Annotated[str, typer.Option(metavar="NAME", help="Which Jira: cloud or datacenter.")] = "cloud",
    archive: Annotated[
        Path | None, typer.Option(help="Serve this export of a GitHub repository instead.", metavar="FILE")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", parser=_moment, help="With --archive: the repository as it was then."),
    ] = None,
    config_out: Annotated[Path | None, typer.Option(help="Write a ready config folder here.", metavar="DIR")] = None,
) -> None:
    """Only the trackers, until a signal. They speak the real HTTP APIs."""
    from config.problems import nearest
    from syncd.sandbox.world import build, replay, write_config

    if deployment not in ("cloud", "datacenter"):
        fail(f"--deployment {deployment}: {nearest(deployment, ['cloud', 'datacenter'])}", Exit.USAGE)
    if as_of and not archive:
        fail("--as-of needs --archive: the made-up trackers have no past", Exit.USAGE)
    try:
        if archive:
            world = replay(archive, port, as_of=as_of, latency_ms=latency_ms)
        else:
            world = build(
                port,
                items=items,
                seed=seed,
                latency_ms=latency_ms,
                live=live,
                deployment="datacenter" if deployment == "datacenter" else "cloud",
            )
    except (ValueError, FileNotFoundError) as error:
        fail(f"--archive: {error}", Exit.USAGE)
    except OSError as error:
        fail(f"port {port} is taken ({error.strerror}): choose another with --port", Exit.TRY_LATER)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with world:
        print(f"sandbox: {world.url}", flush=True)
        for prefix, service in world.services.items():
            print(f"{prefix}: {world.root(prefix)}  token: {service.token}")
        if config_out:
            write_config(world, config_out, items=items)
            print(f"config: syncd --config {config_out} sync")
        print(f"truth: {world.url}/_sandbox/state  requests: {world.url}/_sandbox/requests", flush=True)
        over.wait()
