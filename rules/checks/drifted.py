"""``drifted``: scope that moved after work on it began, told as what it was and what it is."""

from collections import Counter
from collections.abc import Iterator

from connectors.item import Item
from rules.checks.matter import NOTHING, Looked, Matter, found
from rules.match.errors import listed
from rules.match.folding import words
from rules.model import Case
from rules.model.checks import Drifted
from rules.standing import name

FIX = (
    "Move what came on top to work of its own, or agree on the new scope with whoever counts on the old one "
    "and accept this flag."
)


def look(matter: Matter) -> Looked:
    start, item = matter.case.start, matter.case.item
    if not start or not matter.moving:
        return NOTHING
    limits = matter.thresholds.drifted
    moved = [*_points(start.item, item, limits), *_children(matter.case, limits), *_text(start.item, item, limits)]
    if not moved:
        return NOTHING
    message = f"{name(item)} has moved since work began on {start.at.date()}: {listed(moved, 'and')}"
    return found("drifted", item, message, FIX)


def _points(then: Item, now: Item, limits: Drifted) -> Iterator[str]:
    """An estimate made only after work began is late, and no growth."""
    if then.points and now.points and now.points >= then.points * (1 + limits.points):
        yield f"{then.points:g} → {now.points:g} points"


def _children(case: Case, limits: Drifted) -> Iterator[str]:
    """What had no children at the start is broken down since, and has not grown."""
    crowd, start = case.crowds.get(case.item.id), case.start
    if not crowd or not start:
        return
    before = crowd.children - start.grown
    if before > 0 and start.grown >= limits.more and start.grown >= before * limits.children:
        yield f"{before} → {crowd.children} children"


def _text(then: Item, now: Item, limits: Drifted) -> Iterator[str]:
    before = _words(then)
    total = before.total()
    if (then.title, then.body) == (now.title, now.body) or total < limits.words:
        return
    kept = (before & _words(now)).total() / total
    if kept < limits.kept:
        old, new = (then.title, now.title) if then.title != now.title else (then.body, now.body)
        yield f"“{_short(old)}” → “{_short(new)}”, {kept:.0%} of the words kept"


def _words(item: Item) -> Counter[str]:
    return Counter(words(f"{item.title} {item.body}"))


def _short(text: str, longest: int = 60) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
