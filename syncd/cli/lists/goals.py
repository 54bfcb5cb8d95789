"""``syncd goals``."""

from collections.abc import Iterator
from typing import Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import json_lines, table
from syncd.cli.session import database_errors, session


def goals(context: typer.Context, as_json: AS_JSON = False) -> None:
    """The strategy tree with the work that serves each goal."""
    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.worker import policy

    with database_errors():
        rows = list(_goals(policy.current(config).strategy))
        if as_json:
            json_lines(rows)
            return
        table(
            ["goal", "kind", "status", "owner", "open", "done", "flags", "title"],
            (
                [
                    f"{'  ' * row['depth']}{row['id']}",
                    row["kind"].replace("_", " "),
                    row["status"],
                    row["owner"] or "–",
                    *(f"{row[name]:,}" for name in ("open", "done", "flags")),
                    row["title"],
                ]
                for row in rows
            ),
            empty="No goals yet: write strategy.yaml.",
        )


def _goals(strategy: Any) -> Iterator[dict[str, Any]]:
    from django.db.models import Count, Q

    from syncd.review.models import Flag
    from syncd.strategy.models import Link

    is_open = Q(item__status_category__in=["todo", "in_progress"])
    done = Q(item__status_category="done")
    live = Link.objects.filter(item__deleted_at=None, item__tracker__active=True)
    counts = {
        row["goal"]: row
        for row in live.values("goal")
        .annotate(open=Count("id", filter=is_open), done=Count("id", filter=done))
        .order_by()
    }
    flags = dict(
        Flag.objects.filter(state="open").exclude(goal="").values_list("goal").annotate(Count("id")).order_by()
    )
    for goal, depth in strategy.walk():
        of_goal: dict[str, Any] = counts.get(goal.id, {})  # type: ignore[assignment]
        yield {
            "id": goal.id,
            "kind": goal.kind,
            "parent": goal.parent or None,
            "depth": depth,
            "title": goal.title,
            "status": goal.status,
            "owner": goal.owner or None,
            "starts": goal.starts,
            "ends": goal.ends,
            "share": goal.share,
            "open": of_goal.get("open", 0),
            "done": of_goal.get("done", 0),
            "flags": flags.get(goal.id, 0),
        }
