"""``orphan_pr``: a pull request that is open and names no item, so that nobody can tell what it is for."""

from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.standing import name

FIX = (
    "Name the item that it belongs to: its key in the title or the branch, or “Closes …” in the text. "
    "If there is none, tie it to a goal or exempt it."
)


def look(matter: Matter) -> Looked:
    if not nameless(matter):
        return NOTHING
    item = matter.case.item
    return found("orphan_pr", item, f"{name(item)} names no item that it is for", FIX)


def nameless(matter: Matter) -> bool:
    """Whether the item is a pull request without a reference, a goal of its own, or an exemption.

    A reference counts also where its target is not stored: what it is for has been said. Where the
    tracker was not able to tell the branch, and the text names nothing, it is unknown.
    """
    item, standing = matter.case.item, matter.standing
    if item.kind != "pull_request" or item.refs or item.parent or item.branch is None:
        return False
    return not (standing.links or standing.against or standing.exemption.category)
