"""Versions and goals as the command line prints them and the API answers: see ``docs/commands.md``."""

from typing import Any

from syncd.strategy.goals import Standing
from syncd.strategy.health import Said
from syncd.strategy.models import StrategyVersion


def version(row: StrategyVersion, *, in_force: bool) -> dict[str, Any]:
    """What was in force when, by whom and why."""
    return {
        "version": row.id,
        "in_force": in_force,
        "applied_at": row.applied_at,
        "author": row.author,
        "message": row.message,
        "hash": row.hash,
        "demoted": row.demoted,
        "effect": row.effect or None,
    }


def goal(standing: Standing) -> dict[str, Any]:
    """A goal as it stands. Of a non-goal, the counts are of what is tied to it."""
    goal, facts = standing.goal, standing.facts
    return {
        "id": goal.id,
        "kind": goal.kind,
        "parent": goal.parent or None,
        "depth": standing.depth,
        "title": goal.title,
        "status": goal.status,
        "owner": goal.owner or None,
        "starts": goal.starts,
        "ends": goal.ends,
        "share": goal.share,
        "share_actual": None if standing.share is None else round(standing.share, 4),
        "open": facts.open,
        "in_progress": facts.moving,
        "done": facts.done_recently,
        "flags": standing.flags,
        "health": _health(standing.said),
        "computed": {"health": standing.computed.health or None, "reasons": standing.computed.reasons},
        "weeks": standing.weeks,
    }


def _health(said: Said | None) -> dict[str, Any]:
    """All of it null where nobody said anything yet."""
    return {name: getattr(said, name, None) for name in ("health", "text", "author", "made_at", "stale")}
