"""How much a flag matters: the work at stake, never how sure we are. What is not sure is not shown at all."""

from rules.model import Severity

POINTS = 3.0
"""Points that weigh like one item, where the team uses points: a middling story on the usual scales."""
MOVING = 2.0
"""How much more an item in progress weighs than one that can still be left alone: effort goes into it today."""
MEDIUM, HIGH = 3.0, 10.0
"""A few days of somebody, and a sprint of a team."""


def stake(*, todo: int = 0, in_progress: int = 0, points: float = 0) -> float:
    """The work at stake, in items that wait to be started.

    :param todo: open items that are not started, of those that the repair would clear
    :param in_progress: those that are
    :param points: the estimates of all of them together, where there are any; the larger of both counts,
        so that neither an epic of tiny tasks nor one huge story is made light of
    """
    return max(todo + MOVING * in_progress, points / POINTS)


def severity(stake: float) -> Severity:
    """In a word."""
    return "high" if stake >= HIGH else "medium" if stake >= MEDIUM else "low"
