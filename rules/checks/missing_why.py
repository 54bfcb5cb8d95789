"""``missing_why``: work in progress that does not say for whom, against what problem, to what measurable outcome.

What an item above says counts for those below. The goal that the work serves counts as well: its ``why``
states the problem, its ``outcome`` the outcome. For whom, only the work itself can say. Work for something
that nobody wants any more is asked for nothing: ``off_strategy`` says what to do with it.
"""

from collections.abc import Iterable

from connectors.item import Item
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.checks.ties import ends, out_of_force
from rules.checks.why import Said, headings, said
from rules.match.errors import listed
from rules.model import Goal
from rules.model.checks import PARTS, Part
from rules.standing import name

LACKING = {
    "user": "for whom it is",
    "problem": "what problem it solves",
    "outcome": "what measurable outcome shows that it did",
}
STATED = {
    "user": "“User: …” or “As a …”",
    "problem": "“Problem: …” or “so that …”",
    "outcome": "“Outcome: …” with a figure and its unit",
}


def look(matter: Matter) -> Looked:
    """The finding stands at the item to which the tie to its goal is fastened, or at the top of the line: what
    is said there is said for all below. Where a parent is not stored, what it says is unknown."""
    item, wanted = matter.case.item, matter.thresholds.missing_why
    if not matter.moving or item.kind not in wanted.kinds or matter.standing.exemption.category:
        return NOTHING
    line = (item, *matter.view.above)
    by_goal = _of_goals(_served(matter))
    lacking = _lacking(matter, line, by_goal)
    if not lacking or matter.view.missing() or _unwanted(matter):
        return NOTHING
    if at := _root(matter, line):
        lacking = _lacking(matter, line[at:], by_goal)
    root = line[at]
    message = f"{name(root)} does not say {listed([LACKING[part] for part in lacking], 'and')}"
    links, today = matter.standing.links, matter.now.date()
    over = ends(matter.book, links[0].goal, today) if links else None
    return found("missing_why", root, message, _fix(lacking, linked=bool(links)), next_at=over)


def _unwanted(matter: Matter) -> bool:
    """Whether the work is tied to a non-goal, or to a goal that is not in force."""
    standing = matter.standing
    if not standing.links:
        return bool(standing.against)
    return bool(out_of_force(matter.book, standing.links[0].goal, matter.now.date()))


def _lacking(matter: Matter, line: Iterable[Item], by_goal: Said) -> list[Part]:
    """The parts that neither the goal nor any of the items states."""
    wanted = matter.thresholds.missing_why
    known = headings(wanted.headings)
    stated = set(by_goal)
    for item in line:
        if stated.issuperset(wanted.parts):
            return []
        stated |= said(item, known)
    return [part for part in PARTS if part in wanted.parts and part not in stated]


def _served(matter: Matter) -> tuple[Goal, ...]:
    """The goal that the work serves first of all, and those above it."""
    links = matter.standing.links
    return matter.book.paths[links[0].goal] if links else ()


def _of_goals(goals: Iterable[Goal]) -> Said:
    parts: set[Part] = set()
    for goal in goals:
        if goal.why:
            parts.add("problem")
        if goal.outcome:
            parts.add("outcome")
    return frozenset(parts)


def _root(matter: Matter, line: tuple[Item, ...]) -> int:
    """Where in the line one repair clears most: all that are tied to their goal by this item lack the same."""
    links = matter.standing.links
    if not links:
        return len(line) - 1
    via = links[0].evidence[0].via
    return next((index for index, item in enumerate(line) if item.id == via), 0)


def _fix(lacking: Iterable[Part], *, linked: bool) -> str:
    ways = listed([STATED[part] for part in lacking], "and")
    by_goal = [part for part in lacking if part in ("problem", "outcome")]
    if not by_goal:
        return f"Write it down there: {ways}."
    goal = "let its goal state" if linked else "link it to a goal that states"
    return f"Write it down there: {ways}; or {goal} the {listed(by_goal, 'and')}."
