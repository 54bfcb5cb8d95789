"""``conflict``: work tied, equally strongly, to goals on different branches, or to a goal and a non-goal."""

from rules.book import Book
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.match.errors import listed
from rules.model import Goal, Link
from rules.standing import Standing, name


def look(matter: Matter) -> Looked:
    links = _contradicting(matter.book, matter.standing)
    if not links:
        return NOTHING
    origins = {link.evidence[0].via for link in links}
    root = matter.item(origins.pop() if len(origins) == 1 else "")
    goals = [matter.book.goals[link.goal] for link in sorted(links, key=lambda link: link.goal)]
    message = f"{name(root)} is tied to {listed(map(_titled, goals), 'and')}, which contradict each other"
    fix = "Keep one of them: take away what ties it to the others."
    return found("conflict", root, message, fix, subject=",".join(goal.id for goal in goals))


def _contradicting(book: Book, standing: Standing) -> list[Link]:
    """The links that contradict another. Mentions alone do not: who names two items serves both or neither."""
    if standing.links and standing.against:
        return [*standing.links, *standing.against]
    if len(standing.links) < 2:
        return []
    firm = [link for link in standing.links if link.evidence[0].kind != "mentions"]
    apart = book.apart(tuple([link.goal for link in firm]))
    return [link for link in firm if link.goal in apart]


def _titled(goal: Goal) -> str:
    return f"the non-goal “{goal.title}”" if goal.kind == "non_goal" else f"“{goal.title}”"
