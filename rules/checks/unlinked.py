"""``unlinked``: work that ought to serve a goal, serves none, and is not exempt."""

from rules.checks.matter import NOTHING, Looked, Matter
from rules.checks.ties import ways
from rules.model import Finding
from rules.standing import name


def look(matter: Matter) -> Looked:
    """Where a parent is not stored, whether it serves a goal is unknown, and nothing is said."""
    standing = matter.standing
    if standing.links or standing.against or standing.exemption.category:
        return NOTHING
    if matter.view.missing() or not matter.book.needs_goal.clause.test(matter.view, matter.now):
        return NOTHING
    root = (matter.view.item, *matter.view.above)[-1]
    fix = f"Link it to a goal: {ways(matter.book, matter.now.date())}."
    return Looked((Finding("unlinked", root.id, "", f"{name(root)} serves no goal", fix),))
