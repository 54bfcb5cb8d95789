"""``syncd goals``."""

from typing import Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import json_lines, table
from syncd.cli.session import database_errors, session


def goals(context: typer.Context, as_json: AS_JSON = False) -> None:
    """The strategy tree: how each goal is doing, and its work."""
    here = session(context)
    config = here.config()
    here.store(config)

    from django.utils import timezone

    from syncd.strategy import as_json as shape
    from syncd.strategy.goals import standings
    from syncd.worker import policy

    with database_errors():
        current = policy.current(config)
        rows = [shape.goal(each) for each in standings(current.strategy, current.checks, timezone.now())]
        if as_json:
            json_lines(rows)
            return
        table(
            ["goal", "kind", "status", "owner", "health", "share", "open", "done", "flags", "title"],
            [_cells(row) for row in rows],
            empty="No goals yet: write strategy.yaml.",
        )


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        f"{'  ' * row['depth']}{row['id']}",
        row["kind"].replace("_", " "),
        row["status"],
        row["owner"] or "–",
        _health(row),
        _share(row),
        *(f"{row[name]:,}" for name in ("open", "done", "flags")),
        row["title"],
    ]


def _health(row: dict[str, Any]) -> str:
    """What its people said last, and what is computed where that is something else."""
    said, computed = row["health"], (row["computed"]["health"] or "").replace("_", " ")
    if said["health"] is None or said["stale"]:
        return f"({computed})" if computed else "–"
    told = said["health"].replace("_", " ")
    return told if computed in ("", told) else f"{told} ({computed})"


def _share(row: dict[str, Any]) -> str:
    """Actual of intended."""
    actual, wanted = (f"{row[name]:.0%}" if row[name] is not None else "–" for name in ("share_actual", "share"))
    return "–" if actual == wanted == "–" else f"{actual} of {wanted}"
