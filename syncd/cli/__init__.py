"""The command line: ``syncd COMMAND``.

Commands import what they need when they run, so that ``syncd --help`` answers at once. Exit codes
are the same everywhere: see :class:`syncd.cli.session.Exit`.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from syncd.cli import (
    configuration,
    daemon,
    explain,
    flags,
    lists,
    mcp,
    memory,
    messages,
    partners,
    people,
    planning,
    rules,
    sandbox,
    status,
    streams,
    sync,
)
from syncd.cli.session import Session

ORDER = (
    *("demo", "sandbox", "check", "sync", "status"),
    *("items", "goals", "flags", "explain", "rules", "plan", "apply", "versions", "partners"),
    *("run", "worker", "web", "mcp", "people", "messages", "config", "version"),
)
"""Commands as somebody meets them: trying, looking, changing, running."""


class Ordered(TyperGroup):
    """Lists commands and groups of commands in our order; those that it does not name come last."""

    def list_commands(self, ctx: Any) -> list[str]:
        places = {name: place for place, name in enumerate(ORDER)}
        return sorted(super().list_commands(ctx), key=lambda name: places.get(name, len(places)))


app = typer.Typer(
    name="syncd",
    cls=Ordered,
    help="Keeps the work in Jira, GitHub and Notion honest to the strategy it serves.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it fits any terminal, pipes well and is there at once
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="Folder with syncd.yaml. Default: $SYNCD_CONFIG, ./config, /etc/syncd.", metavar="DIR"),
    ] = None,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, show_default=False, help="Tell more; -vv tells everything.")
    ] = 0,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Tell only what went wrong.")] = False,
) -> None:
    context.obj = Session(config, verbosity=-1 if quiet else verbose)


for family in (
    sandbox,
    sync,
    status,
    lists,
    flags,
    explain,
    rules,
    planning,
    partners,
    configuration,
    people,
    messages,
    daemon,
    mcp,
):
    family.register(app)


def main() -> None:
    """The console script."""
    with streams.standard():
        memory.settle()
        app()
