"""The strategy: goals and non-goals in a tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

GoalKind = Literal["theme", "objective", "key_result", "non_goal"]
GoalStatus = Literal["proposed", "active", "paused", "achieved", "dropped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a goal is measured by; ``current`` was true on ``as_of``."""

    metric: str
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    current: float | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """Explicit evidence for a goal: labels, items by address or id, values of the goal field."""

    labels: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """``tracker:KEY`` as people write it: ``acme-jira:WEB-12``, ``acme-github:acme/web#40``."""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A node of the strategy. ``id`` is stable: renames keep it."""

    id: str
    kind: GoalKind
    title: str
    parent: str = ""
    owner: str = ""
    status: GoalStatus = "active"
    starts: date | None = None
    ends: date | None = None
    """Last day of the period."""
    why: str = ""
    outcome: Outcome | None = None
    share: float | None = None
    """Intended share of effort, 0 to 1."""
    accepts: Accepts = Accepts()


@dataclass(frozen=True)
class Strategy:
    """The whole tree at a moment."""

    vision: str
    goals: tuple[Goal, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Goal]:
        return {goal.id: goal for goal in self.goals}

    def path(self, goal_id: str) -> tuple[Goal, ...]:
        """From the goal up to its root; a cycle ends where it would repeat."""
        path: list[Goal] = []
        while (goal := self.by_id.get(goal_id)) and goal not in path:
            path.append(goal)
            goal_id = goal.parent
        return tuple(path)

    def walk(self) -> Iterator[tuple[Goal, int]]:
        """Every goal once with its depth, each before those below it, in the order of the file."""
        below: dict[str, list[Goal]] = {}
        for goal in self.goals:
            below.setdefault(goal.parent if goal.parent in self.by_id else "", []).append(goal)
        waiting = [(goal, 0) for goal in reversed(below.get("", ()))]
        while waiting:
            goal, depth = waiting.pop()
            yield goal, depth
            waiting += [(child, depth + 1) for child in reversed(below.get(goal.id, ()))]

    def same_branch(self, one: str, other: str) -> bool:
        """Whether one goal stands above the other, or they are the same."""
        return one in {g.id for g in self.path(other)} or other in {g.id for g in self.path(one)}
