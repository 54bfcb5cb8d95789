"""Changes of direction: which versions of the strategy touched a goal, and what they changed, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from syncd.strategy.models import StrategyVersion

LOOKED_AT = 60
"""Versions that are read for it, newest first."""
SHOWN = 10
_WORDS: Mapping[str, str] = {
    "title": "its title",
    "status": "its status",
    "owner": "its owner",
    "parent": "what it stands below",
    "kind": "its kind",
    "share": "its share of effort",
    "starts": "when it starts",
    "ends": "when it ends",
    "why": "why it is wanted",
}
_OUTCOME: Mapping[str, str] = {
    "metric": "what it is measured by",
    "baseline": "the baseline",
    "target": "the target",
    "current": "where its metric stands",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One version that touched a goal. ``what``: clauses such as ``its status went from active to paused``."""

    version: int
    at: datetime
    author: str
    message: str
    what: tuple[str, ...]


def changes_of(goal: str) -> list[Change]:
    """The last changes of a goal, newest first, in one query."""
    columns = ("id", "applied_at", "author", "message", "strategy")
    rows = list(StrategyVersion.objects.order_by("-id").values_list(*columns)[:LOOKED_AT])
    rows.reverse()
    said = [_of(row[-1], goal) for row in rows]
    found = [
        Change(row[0], row[1], row[2], row[3], what)
        for (before, after), row in zip(pairwise(said), rows[1:], strict=True)
        if (what := tuple(differences(before, after)))
    ]
    if rows and said[0] and len(rows) < LOOKED_AT:
        found.insert(0, Change(rows[0][0], rows[0][1], rows[0][2], rows[0][3], ("it was in the first version",)))
    return found[::-1][:SHOWN]


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    """What is different about a goal, as clauses; None: it was not there."""
    if before is None or after is None:
        if before is not after:
            yield "it was added" if after else "it was removed"
        return
    for name, words in _WORDS.items():
        yield from _changed(words, before.get(name), after.get(name), percent=name == "share")
    outcomes = before.get("outcome") or {}, after.get("outcome") or {}
    for name, words in _OUTCOME.items():
        yield from _changed(words, outcomes[0].get(name), outcomes[1].get(name))
    if before.get("accepts") != after.get("accepts"):
        yield "what counts as evidence for it changed"


def _changed(words: str, before: Any, after: Any, *, percent: bool = False) -> Iterator[str]:
    if before == after:
        return
    if not before and before != 0:
        yield f"{words} became {_said(after, percent=percent)}"
    else:
        yield f"{words} went from {_said(before, percent=percent)} to {_said(after, percent=percent)}"


def _said(value: Any, *, percent: bool) -> str:
    if value is None or value == "":
        return "nothing"
    if percent:
        return f"{100 * value:.10g} %"
    return f"{value:.10g}" if isinstance(value, int | float) else f"“{value}”"


def _of(strategy: Mapping[str, Any], goal: str) -> Mapping[str, Any] | None:
    return next((each for each in strategy.get("goals", ()) if each.get("id") == goal), None)
