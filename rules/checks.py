"""The built-in checks: one small function each, from where an item stands to what is wrong with it.

Every finding names a root, the item whose repair clears most. All findings of one root say the same,
whichever item they are about, because together they are one flag.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from connectors.item import Item
from rules.book import Book
from rules.match import View
from rules.match.errors import listed
from rules.model import Case, Finding, Goal, Link, Rule
from rules.standing import Standing, name

OPEN = ("todo", "in_progress")


@dataclass(frozen=True, slots=True)
class Matter:
    """What every check looks at: a case, where its item stands, and by which policy, at which time."""

    book: Book
    case: Case
    view: View
    standing: Standing
    now: datetime

    @property
    def open(self) -> bool:
        """Whether there is still something to do; nothing is flagged about finished work."""
        return self.case.item.status_category in OPEN

    def item(self, item_id: str) -> Item:
        """An item of the case by its id, the case's own for an id that is not in it."""
        for referenced in self.case.references:
            for item in (referenced.item, *referenced.ancestors):
                if item.id == item_id:
                    return item
        return next((item for item in self.case.lineage() if item.id == item_id), self.case.item)


def findings(matter: Matter) -> Iterator[Finding]:
    """What all checks have to say."""
    for check in (unlinked, off_strategy, conflict):
        if finding := check(matter):
            yield finding


def unlinked(matter: Matter) -> Finding | None:
    """Open work that ought to serve a goal, serves none, and is not exempt.

    Where a parent is not stored, whether it serves a goal is unknown, and nothing is said.
    """
    standing = matter.standing
    if not matter.open or standing.links or standing.against or standing.exemption.category:
        return None
    if matter.view.missing() or not matter.book.needs_goal.clause.test(matter.view, matter.now):
        return None
    root = (matter.view.item, *matter.view.above)[-1]
    return Finding("unlinked", root.id, "", f"{name(root)} serves no goal", f"Link it to a goal: {_ways(matter)}.")


def off_strategy(matter: Matter) -> Finding | None:
    """Open work whose primary tie is to a non-goal, or to a goal that is no longer in force."""
    standing = matter.standing
    if not matter.open or not (standing.links or standing.against):
        return None
    link = (standing.links or standing.against)[0]
    why = _out_of_force(matter.book, link.goal, matter.now.date())
    if not why:
        return None
    root = matter.item(link.evidence[0].via)
    message = f"{name(root)} is tied to {why}"
    fix = f"Close it, or tie it to a goal in force instead: {_ways(matter)}."
    return Finding("off_strategy", root.id, link.goal, message, fix)


def _out_of_force(book: Book, goal_id: str, today: date) -> str:
    """The goal with the reason why nobody should work for it now; empty if they should.

    A goal above that is dropped or paused takes those below along; one that is achieved or over does not.
    """
    goal, *above = book.paths[goal_id]
    if goal.kind == "non_goal":
        return f"the non-goal “{goal.title}”"
    if goal.status in _STATES:
        return f"the goal “{goal.title}”, which {_STATES[goal.status]}"
    if goal.ends and goal.ends < today:
        return f"the goal “{goal.title}”, whose period ended on {goal.ends}"
    for upper in above:
        if upper.status in ("dropped", "paused"):
            return f"the goal “{goal.title}” under “{upper.title}”, which {_STATES[upper.status]}"
    return ""


def _ways(matter: Matter) -> str:
    """How somebody ties an item to a goal that is in force, in words."""
    book, today = matter.book, matter.now.date()
    in_force = [goal for goal in book.goals.values() if not _out_of_force(book, goal.id, today)]
    labels = [label for goal in in_force for label in goal.accepts.labels]
    by_label = f"add {'the label' if len(labels) == 1 else 'one of the labels'} {listed(labels)}, or " if labels else ""
    return f"{by_label}set its goal field to the name of a goal"


_STATES = {"dropped": "was dropped", "paused": "is paused", "achieved": "is achieved"}


def conflict(matter: Matter) -> Finding | None:
    """Open work that is tied, equally strongly, to goals on different branches, or to a goal and a non-goal."""
    links = _contradicting(matter.book, matter.standing) if matter.open else []
    if not links:
        return None
    origins = {link.evidence[0].via for link in links}
    root = matter.item(origins.pop() if len(origins) == 1 else "")
    goals = [matter.book.goals[link.goal] for link in sorted(links, key=lambda link: link.goal)]
    message = f"{name(root)} is tied to {listed(map(_titled, goals), 'and')}, which contradict each other"
    fix = "Keep one of them: take away what ties it to the others."
    return Finding("conflict", root.id, ",".join(goal.id for goal in goals), message, fix)


def _contradicting(book: Book, standing: Standing) -> list[Link]:
    """The links that contradict another. Mentions alone do not: who names two items serves both or neither."""
    if standing.links and standing.against:
        return [*standing.links, *standing.against]
    if len(standing.links) < 2:
        return []
    firm = [link for link in standing.links if link.evidence[0].kind != "mentions"]
    pairs = [pair for pair in combinations(firm, 2) if book.different_branches(pair[0].goal, pair[1].goal)]
    return [link for link in firm if any(link in pair for pair in pairs)]


def _titled(goal: Goal) -> str:
    return f"the non-goal “{goal.title}”" if goal.kind == "non_goal" else f"“{goal.title}”"


def by_rule(item: Item, rule: Rule, reason: str) -> Finding:
    """The finding of a rule of one's own; ``reason`` is what matched."""
    message = f"{name(item)}: {rule.because or f'matches the rule {rule.id}'}"
    return Finding(rule.target, item.id, rule.id, message, f"It clears when this is no longer so: {reason}.")
