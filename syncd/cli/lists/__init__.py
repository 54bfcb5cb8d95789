"""``syncd items``, ``syncd goals`` and ``syncd flags``."""

import typer

from syncd.cli.lists.flags import flags
from syncd.cli.lists.goals import goals
from syncd.cli.lists.items import items


def register(app: typer.Typer) -> None:
    app.command()(items)
    app.command()(goals)
    app.command()(flags)
