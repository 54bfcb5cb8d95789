"""Reads goals and items in whatever shape they come, and never fails on what is missing."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

INACTIVE = frozenset({"proposed", "paused", "achieved", "dropped"})
"""Statuses of goals that are not suggested. A goal without a status is active."""
LONGEST = 1000
"""Characters that are read of a title and of a body: what an item is about stands at its beginning."""

_GOAL_TEXTS = ("why", "text", "summary", "description", "scope", "goals", "parent")
_MARKS = {"labels": "label", "components": "component", "container": "in", "milestone": "milestone"}
"""The kind of an item is no mark: bugs and features occur under every goal."""
_SORT = re.compile(r"(?:kind|type|priority|severity|status|state|size)\s*[/:]", re.IGNORECASE)
"""Nor is a label that says it, or how urgent or how far something is."""


class GoalText(NamedTuple):
    """A goal as suggestions see it."""

    id: str
    title: str
    text: str


class Work(NamedTuple):
    """An item as suggestions see it. ``marks``: its labels, components and the like, each with what it
    is: ``label area/pay``."""

    title: str
    body: str
    marks: tuple[str, ...]


def read_goals(goals: Iterable[Any]) -> list[GoalText]:
    """The active goals without the non-goals, each id once: the first with it."""
    read: dict[str, GoalText] = {}
    for goal in goals:
        title = _text(goal, "title", "name")
        key = _text(goal, "id") or title
        if key and _text(goal, "kind") != "non_goal" and _text(goal, "status").lower() not in INACTIVE:
            read.setdefault(key, GoalText(key, title, _goal_text(goal)))
    return list(read.values())


def _goal_text(goal: Any) -> str:
    texts = [_text(goal, name) for name in _GOAL_TEXTS]
    return "\n".join([*texts, _text(_get(goal, "outcome"), "metric")])


def read_item(item: Any) -> Work:
    read = ((word, mark) for name, word in _MARKS.items() for mark in _texts(_get(item, name)))
    marks = [f"{word} {mark}" for word, mark in read if not (word == "label" and _SORT.match(mark))]
    body = _text(item, "body", "text", "description")
    return Work(_text(item, "title", "name")[:LONGEST], body[:LONGEST], tuple(dict.fromkeys(marks)))


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _text(thing: Any, *names: str) -> str:
    """The first of these values that says something."""
    return next((text for name in names if (text := " ".join(_texts(_get(thing, name))))), "")


def _texts(value: Any) -> list[str]:
    """The strings in a string, a list, or things with a name (as trackers write labels)."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list | tuple | set | frozenset):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, Mapping):
        return _texts(value.get("name"))
    return [str(value)] if isinstance(value, int | float) else []
