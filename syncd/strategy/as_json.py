"""Versions as the command line prints them and the API answers: see ``docs/commands.md``."""

from typing import Any

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
