"""The nouns of judgement."""

from rules.model.case import Case, Crowd, Referenced, Ruling, Start
from rules.model.checks import CheckMode, Checks
from rules.model.evidence import Evidence, Link, Strength
from rules.model.judgement import Finding, FindingKind, Held, Judgement, Severity, Trial
from rules.model.policy import Action, Example, Mode, Policy, Rule
from rules.model.strategy import Accepts, Goal, GoalKind, GoalStatus, Outcome, Strategy

__all__ = [
    "Accepts",
    "Action",
    "Case",
    "CheckMode",
    "Checks",
    "Crowd",
    "Evidence",
    "Example",
    "Finding",
    "FindingKind",
    "Goal",
    "GoalKind",
    "GoalStatus",
    "Held",
    "Judgement",
    "Link",
    "Mode",
    "Outcome",
    "Policy",
    "Referenced",
    "Rule",
    "Ruling",
    "Severity",
    "Start",
    "Strategy",
    "Strength",
    "Trial",
]
