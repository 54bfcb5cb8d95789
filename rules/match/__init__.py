"""The rule language: conditions over items, compiled to closures with three-valued answers."""

from rules.match.condition import BUILDS, Matcher, Reason, compile_condition, compile_joined
from rules.match.errors import BadCondition
from rules.match.site import Scope
from rules.match.turning import earliest, flips, lacking
from rules.match.view import View

__all__ = [
    "BUILDS",
    "BadCondition",
    "Matcher",
    "Reason",
    "Scope",
    "View",
    "compile_condition",
    "compile_joined",
    "earliest",
    "flips",
    "lacking",
]
