"""``syncd plan``, ``syncd apply`` and ``syncd versions``: changing strategy and rules with open eyes."""

import typer

from syncd.cli.planning import apply, plan, versions


def register(app: typer.Typer) -> None:
    app.command()(plan.plan)
    app.command()(apply.apply)
    app.command()(versions.versions)
