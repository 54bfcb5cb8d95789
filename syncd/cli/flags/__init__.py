"""``syncd flags``, and ``decide``, ``undo`` and ``log`` about single ones."""

import typer

from syncd.cli.flags.deciding import decide, undo
from syncd.cli.flags.listing import flags
from syncd.cli.flags.story import log


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command()(decide)
    group.command()(undo)
    group.command()(log)
    # typed without a command it lists, as every noun does
    group.callback(invoke_without_command=True, help=flags.__doc__)(flags)
    app.add_typer(group, name="flags")
