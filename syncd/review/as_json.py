"""Flags, decisions and explanations as the command line prints them and the API answers: see ``docs/commands.md``."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from rules.explain import Suggested
from syncd.review import shapes
from syncd.review.history import Entry
from syncd.review.models import Flag
from syncd.review.queue import Row
from syncd.review.why import Told

_TOLD = TypeAdapter(Told)


def flags(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Rows of the queue, those of groups with the rule that would repair them; takes one query for a hundred groups."""
    repairs = shapes.suggested_rules(row.flag for row in rows)
    return (_flag(row, repairs.get(row.flag.id)) for row in rows)


def _flag(shown: Row, repair: str | None) -> dict[str, Any]:
    row = shown.flag
    return {
        "id": row.id,
        "rule": row.rule,
        "severity": row.severity,
        "state": row.state,
        "item": f"{row.item.tracker.name}:{row.item.native_id}" if row.item else None,
        "key": row.item.key if row.item else None,
        "goal": row.goal or None,
        "message": row.message,
        "clears": row.clears,
        "stake": row.stake,
        "held": row.detail.get("held", 0),
        "fix": row.fix,
        "owner": row.owner or None,
        "opened_at": row.opened_at,
        "resolved_at": row.resolved_at,
        "resolved_because": row.resolved_because or None,
        "regressed": row.regressed,
        "reopened_because": row.detail.get("reopened"),
        "verdict": verdict(row),
        "suggestion": repair,
        "suggestions": [suggested(each) for each in shown.suggested],
    }


def verdict(row: Flag) -> dict[str, Any] | None:
    """The decision that stands."""
    stands = row.verdict
    if stands is None:
        return None
    return {
        "decision": stands.id,
        "decided": stands.kind,
        "target": stands.target or None,
        "reason": stands.reason or None,
        "author": stands.author,
        "made_at": stands.made_at,
        "until": stands.until,
        "until_event": stands.until_event or None,
    }


def suggested(one: Suggested) -> dict[str, Any]:
    """A goal that work might serve."""
    return asdict(one)


def entry(happened: Entry) -> dict[str, Any]:
    """One line of a history."""
    return {
        "at": happened.at,
        "what": happened.what,
        "who": happened.who or None,
        "says": happened.says,
        "decision": happened.verdict,
    }


def explanation(told: Told) -> dict[str, Any]:
    """All that is to be told about an item; strengths by their words."""
    whole: dict[str, Any] = _TOLD.dump_python(told)
    return whole
