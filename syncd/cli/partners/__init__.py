"""``syncd partners``: what outsiders see, what waits for approval, and the ways in."""

import typer

from syncd.cli.partners.deciding import approve, resume, stop
from syncd.cli.partners.ledger import ledger
from syncd.cli.partners.linking import link, links, revoke
from syncd.cli.partners.listing import partners
from syncd.cli.partners.looking import show, waiting, why
from syncd.cli.partners.mirroring import mirror, mirrors


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    for command in (show, waiting, approve, stop, resume, why, link, links, revoke, mirrors, mirror, ledger):
        group.command()(command)
    # typed without a command it lists, as every noun does
    group.callback(invoke_without_command=True, help=partners.__doc__)(partners)
    app.add_typer(group, name="partners")
