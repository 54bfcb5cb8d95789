"""``syncd run``, ``syncd worker`` and ``syncd web``."""

import functools
import threading
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from syncd import __version__
from syncd.cli.numbers import between
from syncd.cli.session import database_errors, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.files import Config

HOST = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Address to listen on; default: web.host of syncd.yaml.")
]
PORT = Annotated[
    int | None,
    typer.Option(metavar="N", parser=between(0, 65535), help="Port; default: web.port of syncd.yaml; 0: any free one."),
]
CONCURRENCY = Annotated[int, typer.Option(metavar="N", parser=between(1, 64), help="Jobs at the same time.")]


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(worker)
    app.command()(web)


def run(context: typer.Context, host: HOST = None, port: PORT = None, concurrency: CONCURRENCY = 4) -> None:
    """The daemon: worker and pages in one process, until a signal."""
    _serve(context, host, port, concurrency, pages=True, jobs=True)


def worker(context: typer.Context, concurrency: CONCURRENCY = 4) -> None:
    """Only the worker; on PostgreSQL start as many as you like."""
    _serve(context, None, None, concurrency, pages=False, jobs=True)


def web(
    context: typer.Context,
    host: HOST = None,
    port: PORT = None,
    partners: Annotated[
        bool,
        typer.Option(
            "--partners", help="Only the pages of partners, for an address of their own; default port: web.port + 1."
        ),
    ] = False,
) -> None:
    """Only the pages."""
    if partners:
        _serve_partners(context, host, port)
    _serve(context, host, port, 1, pages=True, jobs=False)


def _serve_partners(context: typer.Context, host: str | None, port: int | None) -> NoReturn:
    """A process that does not know the store's inside."""
    here = session(context)
    config = here.config()
    here.partners(config, log=here.verbosity)

    from django.conf import settings

    from syncd.worker.daemon.process import run as run_process

    address = (host or config.service.web.host, config.service.web.port + 1 if port is None else port)
    with database_errors():
        raise typer.Exit(
            run_process(settings.DATABASE_URL, settings.DATA_DIR, None, worker=False, host=address[0], port=address[1])
        )


def _serve(
    context: typer.Context, host: str | None, port: int | None, concurrency: int, *, pages: bool, jobs: bool
) -> None:
    here = session(context)
    config = here.config(secrets=jobs)
    here.store(config, log=here.verbosity)
    chosen = (host or config.service.web.host, config.service.web.port if port is None else port)
    serving = functools.partial(_tell_first_operator, config)
    code = serve(config, chosen, concurrency=concurrency, pages=pages, jobs=jobs, serving=serving)
    raise typer.Exit(code)


def _tell_first_operator(config: "Config", url: str) -> None:
    """The way in while there is nobody who could let others in. On standard output: it is a secret, and no log's."""
    from django.db import DatabaseError

    from syncd.accounts import links

    web = config.service.web
    try:
        link = links.first_operator(web.public_url if "public_url" in web.model_fields_set else url)
    except DatabaseError:
        return  # it is told at the next start; the pages say that the store is away
    if link:
        print(f"no operator yet; whoever opens this within an hour becomes one: {link}", flush=True)


def serve(
    config: "Config",
    address: tuple[str, int],
    *,
    concurrency: int = 4,
    pages: bool = True,
    jobs: bool = True,
    serving: "Callable[[str], None] | None" = None,
) -> int:
    """Run the process until a signal. :returns: its exit code"""
    import structlog
    from django.conf import settings

    from syncd.worker.daemon.process import run as run_process
    from syncd.worker.observe import Requests
    from syncd.worker.roster import Roster
    from syncd.worker.work import Work

    log, stop = structlog.get_logger(__name__), threading.Event()

    def begin() -> None:
        if jobs:
            roster.register(config.service.changes)
        names = [tracker.name for tracker in config.service.sources]
        log.info("started", version=__version__, config=str(config.folder), store=settings.DATABASE_URL, trackers=names)

    with Roster(config.service.trackers, stop=stop, observer=Requests()) as roster, database_errors():
        return run_process(
            settings.DATABASE_URL,
            settings.DATA_DIR,
            Work(config, roster),
            web=pages,
            worker=jobs,
            host=address[0],
            port=address[1],
            concurrency=concurrency,
            stop=stop,
            begin=begin,
            serving=serving,
        )
