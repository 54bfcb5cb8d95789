"""A judgement told to people, and kept as JSON."""

from rules.explain.around import Answer, Flagged, Freshness, State, Suggested
from rules.explain.marks import Mark
from rules.explain.stored import from_json, to_json
from rules.explain.telling import Explanation, Held, Step, Tried, explain

__all__ = [
    "Answer",
    "Explanation",
    "Flagged",
    "Freshness",
    "Held",
    "Mark",
    "State",
    "Step",
    "Suggested",
    "Tried",
    "explain",
    "from_json",
    "to_json",
]
