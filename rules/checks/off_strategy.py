"""``off_strategy``: work whose primary tie is to a non-goal, or to a goal that is no longer in force."""

from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.checks.ties import ends, out_of_force, ways
from rules.standing import name


def look(matter: Matter) -> Looked:
    standing, today = matter.standing, matter.now.date()
    if not (standing.links or standing.against):
        return NOTHING
    link = (standing.links or standing.against)[0]
    why = out_of_force(matter.book, link.goal, today)
    if not why:
        over = ends(matter.book, link.goal, today)
        return Looked(next_at=over) if over else NOTHING
    root = matter.item(link.evidence[0].via)
    how, changes = ways(matter.book, today)
    fix = f"Close it, or tie it to a goal in force instead: {how}."
    return found("off_strategy", root, f"{name(root)} is tied to {why}", fix, subject=link.goal, next_at=changes)
