"""``syncd mcp``: read-only tools for assistants."""

import typer

from syncd.cli.session import session


def register(app: typer.Typer) -> None:
    app.command()(mcp)


def mcp(context: typer.Context) -> None:
    """Tools for assistants (MCP) over standard input and output. They read and change nothing."""
    here = session(context)
    here.store(here.config(), as_it_is=True)

    from syncd.mcp.server import serve

    serve()
