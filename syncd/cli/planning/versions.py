"""``syncd versions``: what was in force when, by whom and why."""

from typing import Annotated, Any

import typer

from syncd.cli.lists.common import LIMIT, ON_SCREEN
from syncd.cli.output import ago, json_lines, table
from syncd.cli.session import database_errors, session


def versions(
    context: typer.Context,
    limit: LIMIT = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each version.")] = False,
) -> None:
    """Versions of strategy and rules; the newest is in force."""
    here = session(context)
    here.store(here.config())

    from syncd.strategy import as_json as told
    from syncd.strategy.models import StrategyVersion

    with database_errors():
        found = StrategyVersion.objects.order_by("-id").defer("strategy", "rules", "files")
        most = limit or (None if as_json else ON_SCREEN)
        rows = [told.version(version, in_force=not place) for place, version in enumerate(found[:most])]
    if as_json:
        json_lines(rows)
        return
    table(
        ["version", "in force since", "by", "changed", "message"],
        (
            [str(row["version"]), ago(row["applied_at"]), row["author"] or "–", _changed(row), row["message"] or "–"]
            for row in rows
        ),
        empty="Nothing is in force yet: run syncd sync.",
    )


def _changed(row: dict[str, Any]) -> str:
    effect = row["effect"]
    return f"{effect['changed']:,} of {effect['judged']:,} items" if effect else "–"
