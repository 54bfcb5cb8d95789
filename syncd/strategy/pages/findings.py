"""What a chart shows, as the sentence that stands above it."""

from collections.abc import Sequence

from rules.model import Strategy
from syncd.strategy.alignment import Alignment, Place, Week
from syncd.strategy.models import Tally
from syncd.strategy.pages.words import name
from syncd.strategy.tally.reading import Unit
from syncd.web.templatetags.look import percent

STEADY = 0.02
"""A share that moved less stayed where it was."""
FAR = 0.1
"""A share that is further from what was meant is worth the sentence."""


def weeks(found: Sequence[Week], unit: Unit) -> str:
    shares = [share for week in found if (share := _unlinked(week, unit)) is not None]
    if not shares:
        return "No work is tallied yet"
    last = shares[-1]
    if len(shares) == 1:
        return f"{percent(last)} of the work serves no goal" if last else "All work serves a goal or is exempt"
    change = last - shares[0]
    if abs(change) < STEADY:
        return f"Work without a goal stayed at {percent(last)} for {len(shares)} weeks"
    return f"Work without a goal {'rose' if change > 0 else 'fell'} from {percent(shares[0])} to {percent(last)}"


def effort(found: Alignment, strategy: Strategy, unit: Unit) -> str:
    """The goal that is furthest from what was meant, else the one that takes most."""
    spent = {goal: amount.of(unit) for (side, goal), amount in found.spent().items() if side == Tally.GOAL}
    serving = sum(spent.values())
    if not serving:
        return "No effort went into a goal"
    below = {goal.id: sum(spent.get(each.id, 0.0) for each in strategy.goals if goal in strategy.path(each.id))
             for goal in strategy.goals}  # fmt: skip
    off = [(abs(below[g.id] / serving - g.share), g) for g in strategy.goals if g.share and g.status == "active"]
    distance, furthest = max(off, key=lambda pair: pair[0], default=(0.0, None))
    if furthest and distance >= FAR:
        got = percent(below[furthest.id] / serving)
        return f"“{furthest.title}” gets {got} of what serves a goal, and was to get {percent(furthest.share or 0)}"
    most = max(spent, key=lambda goal: spent[goal])
    return (
        f"“{name(strategy.by_id, Tally.GOAL, most)}” takes most: {percent(spent[most] / serving)} of what serves a goal"
    )


def places(found: Sequence[Place], unit: Unit) -> str:
    """Where most of the effort without a goal is."""
    amounts = [(_on(place, Tally.UNLINKED, unit), place) for place in found]
    everything = sum(amount for amount, _ in amounts)
    if not everything:
        return "Nowhere is effort without a goal" if found else "No effort is tallied"
    most, place = max(amounts, key=lambda pair: pair[0])
    if len(found) == 1:
        return f"{percent(most / (place.of(unit) or 1))} of the effort in {place.name} serves no goal"
    return f"{place.name} has {percent(most / everything)} of the effort without a goal"


def _on(place: Place, side: str, unit: Unit) -> float:
    return place.effort[side].of(unit) if side in place.effort else 0.0


def _unlinked(week: Week, unit: Unit) -> float | None:
    everything = sum(amount.of(unit) for (side, _), amount in week.work.items() if side != Tally.WAITING)
    without = sum(amount.of(unit) for (side, _), amount in week.work.items() if side == Tally.UNLINKED)
    return without / everything if everything else None
