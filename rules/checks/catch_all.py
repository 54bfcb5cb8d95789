"""``catch_all``: a parent that swallows everything and proves nothing."""

from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.crowds import is_catch_all
from rules.standing import name


def look(matter: Matter) -> Looked:
    """What is inherited from such a parent counts least (see ``rules.crowds``); here somebody is told."""
    item = matter.case.item
    crowd = matter.case.crowds.get(matter.view.id)
    if not crowd or not is_catch_all(item, crowd, matter.thresholds):
        return NOTHING
    message = (
        f"{name(item)} has {crowd.children} children of {crowd.components} different components or labels, and neither an end "
        "nor a measure: that work lies under it says nothing about why it is done"
    )
    fix = "Give it a due date or a figure to reach, or tie what is open under it to goals of its own and close it."
    return found("catch_all", item, message, fix)
