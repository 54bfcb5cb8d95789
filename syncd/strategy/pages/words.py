"""How pages speak of goals, shares and what is not known."""

from collections.abc import Mapping, Sequence

from rules.model import Goal, Strength
from syncd.strategy.models import GoalUpdate, Tally
from syncd.strategy.tally.intervals import Share
from syncd.strategy.tally.reading import Unit
from syncd.web.templatetags.look import percent

HEALTH: Mapping[str, tuple[str, str, str]] = {
    GoalUpdate.ON_TRACK: ("On track", "good", "circle-check"),
    GoalUpdate.AT_RISK: ("At risk", "warn", "triangle-alert"),
    GoalUpdate.OFF_TRACK: ("Off track", "bad", "circle-x"),
}
"""Word, tone and icon."""
STATUS: Mapping[str, str] = {
    "proposed": "Proposed",
    "paused": "Paused",
    "achieved": "Achieved",
    "dropped": "Dropped",
}
SIDES: Mapping[str, str] = {
    Tally.GOAL: "With a goal",
    Tally.EXEMPT: "Exempt",
    Tally.UNLINKED: "Without a goal",
    Tally.WAITING: "Not judged yet",
}
TONES: Mapping[str, str] = {Tally.GOAL: "g1", Tally.EXEMPT: "exempt", Tally.UNLINKED: "unlinked", Tally.WAITING: "g8"}
UNITS: Mapping[Unit, str] = {"items": "Items", "points": "Points", "time": "Time in progress"}
MEASURED: Mapping[Unit, str] = {"items": "items", "points": "points", "time": "days in progress"}
EVIDENCE: Mapping[Strength, str] = {
    Strength.VERDICT: "somebody decided it",
    Strength.EXPLICIT: "a label, a field or the strategy names it",
    Strength.INHERITED: "the work above it serves the goal",
    Strength.REFERENCE: "it refers to work that does",
    Strength.LABEL_RULE: "a rule about labels or places",
    Strength.TEXT_RULE: "a rule about words",
    Strength.CATCH_ALL: "below something that swallows everything",
}


def between(share: Share | None) -> str:
    """``62 to 71 %``; one number where nothing is open; none where too little is seen."""
    if share is None:
        return "no work"
    if not share.told:
        return "too little is seen to tell"
    if share.exact:
        return percent(share.likely)
    low, high = percent(share.low), percent(share.high)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def told(share: Share | None) -> str:
    """The share as it looks; no number where too little is seen."""
    return percent(share.likely) if share and share.told else "–"


def trend(values: Sequence[int]) -> str:
    """What a line of weeks shows, as a sentence."""
    if len(values) < 2 or not any(values):
        return "Nothing in the last weeks" if not any(values) else f"{values[-1]:,} items; there is no week before"
    first, last = values[0], values[-1]
    if first == last:
        return f"{last:,} items, as {len(values)} weeks ago"
    return f"{'Up' if last > first else 'Down'} from {first:,} to {last:,} items in {len(values)} weeks"


def name(goals: Mapping[str, Goal], side: str, which: str) -> str:
    """What something served, for people: the goal's title, or the side."""
    if side == Tally.GOAL:
        return goals[which].title if which in goals else f"{which} (not in the strategy any more)"
    return SIDES[side]
