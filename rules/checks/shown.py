"""What the checks read of an item when they look at others: at those below it, and at those that point at it."""

from connectors.item import OPEN
from rules.checks.matter import Matter
from rules.checks.why import headings, said


def shown(matter: Matter) -> str:
    """Changes when, and only when, a check may find something else at an item below or one that waits for this.

    That is whether it is open (``blocked``) and which parts of the why it or an item above states
    (``missing_why``). What an item without children says, nobody below it reads.
    """
    item = matter.case.item
    facts = "open" if item.status_category in OPEN else ""
    if matter.view.id not in matter.case.crowds or matter.thresholds.mode("missing_why") == "off":
        return facts
    known = headings(matter.thresholds.missing_why.headings)
    for above in (item, *matter.view.above):
        facts += "|" + "".join(sorted(part[0] for part in said(above, known)))
    return facts
