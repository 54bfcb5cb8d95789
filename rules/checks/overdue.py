"""``overdue``: work that is open some days after it was due."""

from rules.calendar import days_after, midnight, spelled
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.standing import name


def look(matter: Matter) -> Looked:
    """``days`` after the due date, at midnight in UTC: with 1, the day after it."""
    item = matter.case.item
    if item.due is None:
        return NOTHING
    late = midnight(days_after(item.due, matter.thresholds.overdue.days))
    if matter.now < late:
        return Looked(next_at=late)
    message = f"{name(item)} was due on {spelled(item.due)} and is still open"
    return found("overdue", item, message, "Finish or close it, or agree on a new due date and set it.")
