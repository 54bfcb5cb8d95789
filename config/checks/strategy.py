"""Goals form a tree, and no two of them claim the same work."""

from collections.abc import Iterable, Iterator, Mapping

from config.checks.entries import Trackers, items, tracker, unique
from config.models.strategy import Goal, StrategyFile
from config.problems import Fault, KeyPath, nearest, quoted


def faults(strategy: StrategyFile, trackers: Trackers) -> Iterator[Fault]:
    yield from unique((("goals", index, "id"), goal.id) for index, goal in enumerate(strategy.goals))
    yield from _parents(strategy.goals)
    yield from _accepted_twice(strategy.goals)
    for index, goal in enumerate(strategy.goals):
        yield from _unmeasured(("goals", index), goal)
        yield from items(("goals", index, "accepts", "items"), goal.accepts.items, trackers)
    if strategy.source:
        yield from tracker(("source", "tracker"), strategy.source.tracker, trackers, kind="notion")


def _unmeasured(path: KeyPath, goal: Goal) -> Iterator[Fault]:
    """What was decided against is not measured and gets no effort."""
    for name in ("outcome", "share"):
        if goal.kind == "non_goal" and getattr(goal, name) is not None:
            yield Fault((*path, name), f"a non_goal has no {name}", "remove it, or make this an objective", at_key=True)


def _parents(goals: Iterable[Goal]) -> Iterator[Fault]:
    by_id = {goal.id: goal for goal in goals}
    seen: set[str] = set()
    for index, goal in enumerate(goals):
        path = ("goals", index, "parent")
        parent = by_id.get(goal.parent or "")
        if goal.parent and not parent:
            yield Fault(path, f"no goal has the id {quoted(goal.parent)}", nearest(goal.parent, by_id))
        elif parent and parent.kind == "non_goal" != goal.kind:
            yield Fault(path, f"{quoted(parent.id)} is a non_goal", "only non_goals can stand below it")
        elif (circle := _circle(goal, by_id)) and seen.isdisjoint(circle):
            seen.update(circle)
            yield Fault(path, f"the parents run in a circle: {' → '.join((*circle, goal.id))}", "remove one parent")


def _circle(goal: Goal, by_id: Mapping[str, Goal]) -> list[str]:
    """The ids on the way up from a goal back to itself; empty if the way ends elsewhere."""
    walk = [goal.id]
    above = by_id.get(goal.parent or "")
    while above and above.id not in walk:
        walk.append(above.id)
        above = by_id.get(above.parent or "")
    return walk if above and above.id == goal.id else []


def _accepted_twice(goals: Iterable[Goal]) -> Iterator[Fault]:
    """What two goals accept would tie every such item to both, and raise a conflict each time."""
    taken: dict[tuple[str, str], str] = {}
    for path, value, goal in _accepted(goals):
        key = (str(path[-2]), value.casefold())
        if key in taken:
            yield Fault(path, f"{quoted(value)} is already accepted by the goal {quoted(taken[key])}", "name it once")
        taken.setdefault(key, goal)


def _accepted(goals: Iterable[Goal]) -> Iterator[tuple[KeyPath, str, str]]:
    """Where, what, and by which goal."""
    for index, goal in enumerate(goals):
        for name in ("labels", "items", "field"):
            for position, value in enumerate(getattr(goal.accepts, name)):
                yield ("goals", index, "accepts", name, position), value, goal.id
