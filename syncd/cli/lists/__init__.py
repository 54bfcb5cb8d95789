"""``syncd items`` and ``syncd goals``."""

import typer

from syncd.cli.lists.goals import goals
from syncd.cli.lists.items import items


def register(app: typer.Typer) -> None:
    app.command()(items)
    app.command()(goals)
