"""Goals that nobody should work for now, and how somebody ties an item to one that is in force."""

from datetime import date, datetime
from functools import lru_cache

from rules.book import Book
from rules.calendar import days_after, midnight, spelled
from rules.checks.matter import earliest
from rules.match.errors import listed

_STATES = {"dropped": "was dropped", "paused": "is paused", "achieved": "is achieved"}


def out_of_force(book: Book, goal_id: str, today: date) -> str:
    """The goal with the reason why nobody should work for it now; empty if they should.

    A goal above that is dropped or paused takes those below along; one that is achieved or over does not.
    """
    goal, *above = book.paths[goal_id]
    if goal.kind == "non_goal":
        return f"the non-goal “{goal.title}”"
    if goal.status in _STATES:
        return f"the goal “{goal.title}”, which {_STATES[goal.status]}"
    if goal.ends and goal.ends < today:
        return f"the goal “{goal.title}”, whose period ended on {spelled(goal.ends)}"
    for upper in above:
        if upper.status in ("dropped", "paused"):
            return f"the goal “{goal.title}” under “{upper.title}”, which {_STATES[upper.status]}"
    return ""


def ends(book: Book, goal_id: str, today: date) -> datetime | None:
    """When a goal in force will no longer be, if nobody touches it; None where nothing says so."""
    last = book.goals[goal_id].ends
    return midnight(days_after(last, 1)) if last and last >= today else None


@lru_cache(maxsize=2)
def ways(book: Book, today: date) -> tuple[str, datetime | None]:
    """How somebody ties an item to a goal that is in force, in words; and when that will read differently."""
    in_force = [goal for goal in book.goals.values() if not out_of_force(book, goal.id, today)]
    labels = [label for goal in in_force for label in goal.accepts.labels]
    by_label = f"add {'the label' if len(labels) == 1 else 'one of the labels'} {listed(labels)}, or " if labels else ""
    changes = earliest(*(ends(book, goal.id, today) for goal in in_force if goal.accepts.labels))
    return f"{by_label}set its goal field to the name of a goal", changes
