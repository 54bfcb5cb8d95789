"""A judgement told to people, and kept as JSON."""

from rules.explain.stored import from_json, to_json
from rules.explain.telling import Explanation, Step, explain

__all__ = ["Explanation", "Step", "explain", "from_json", "to_json"]
