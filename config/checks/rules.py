"""Rules have names of their own, aim at goals that exist, and their conditions compile."""

from collections.abc import Iterator

from config.checks.entries import Trackers, condition, unique
from config.models.rules import RulesFile
from config.models.strategy import StrategyFile
from config.problems import Fault, KeyPath, nearest, quoted


def faults(rules: RulesFile, strategy: StrategyFile | None, trackers: Trackers) -> Iterator[Fault]:
    yield from unique((("rules", index, "id"), rule.id) for index, rule in enumerate(rules.rules))
    yield from condition(("needs_goal",), rules.needs_goal, trackers)
    for index, rule in enumerate(rules.rules):
        yield from condition(("rules", index, "when"), rule.when, trackers)
        # goals that are kept in a tracker are known only once it is read
        if strategy and not strategy.source:
            yield from _aim(("rules", index, "link"), rule.link, strategy, non_goal=False)
            yield from _aim(("rules", index, "non_goal"), rule.non_goal, strategy, non_goal=True)


def _aim(path: KeyPath, target: str | None, strategy: StrategyFile, *, non_goal: bool) -> Iterator[Fault]:
    """A rule links to a goal; only ``non_goal`` names a non_goal."""
    kinds = {goal.id: goal.kind for goal in strategy.goals}
    if target is None:
        return
    if target not in kinds:
        fitting = [goal for goal, kind in kinds.items() if (kind == "non_goal") == non_goal]
        remedy = nearest(target, fitting) if kinds else "strategy.yaml is not there, or names no goals"
        yield Fault(path, f"no {'non_goal' if non_goal else 'goal'} has the id {quoted(target)}", remedy)
    elif kinds[target] == "non_goal" and not non_goal:
        yield Fault(path, f"{quoted(target)} is a non_goal", f"write non_goal: {target}", at_key=True)
    elif kinds[target] != "non_goal" and non_goal:
        yield Fault(path, f"{quoted(target)} is not a non_goal", f"write link: {target}", at_key=True)
