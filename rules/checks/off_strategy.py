"""``off_strategy``: work whose primary tie is to a non-goal, or to a goal that is no longer in force."""

from rules.checks.matter import NOTHING, Looked, Matter
from rules.checks.ties import out_of_force, ways
from rules.model import Finding
from rules.standing import name


def look(matter: Matter) -> Looked:
    standing, today = matter.standing, matter.now.date()
    if not (standing.links or standing.against):
        return NOTHING
    link = (standing.links or standing.against)[0]
    why = out_of_force(matter.book, link.goal, today)
    if not why:
        return NOTHING
    root = matter.item(link.evidence[0].via)
    fix = f"Close it, or tie it to a goal in force instead: {ways(matter.book, today)}."
    return Looked((Finding("off_strategy", root.id, link.goal, f"{name(root)} is tied to {why}", fix),))
