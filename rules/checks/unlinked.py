"""``unlinked``: work that ought to serve a goal, serves none, and is not exempt."""

from rules.checks import orphan_pr
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.checks.ties import ways
from rules.standing import name


def look(matter: Matter) -> Looked:
    """Where a parent is not stored, whether it serves a goal is unknown, and nothing is said.

    A pull request that names no item is told by ``orphan_pr``, where that is in force: one flag, not two.
    """
    standing = matter.standing
    if standing.links or standing.against or standing.exemption.category:
        return NOTHING
    if matter.view.missing() or not matter.book.needs_goal.clause.test(matter.view, matter.now):
        return NOTHING
    if matter.thresholds.mode("orphan_pr") == "enforce" and orphan_pr.nameless(matter):
        return NOTHING
    root = (matter.view.item, *matter.view.above)[-1]
    how, changes = ways(matter.book, matter.now.date())
    return found("unlinked", root, f"{name(root)} serves no goal", f"Link it to a goal: {how}.", next_at=changes)
