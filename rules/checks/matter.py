"""What every check looks at, and what it gives back."""

from datetime import datetime
from typing import NamedTuple

from connectors.item import OPEN, Item
from rules.book import Book
from rules.match import View
from rules.model import Case, Checks, Finding
from rules.standing import Standing


class Matter(NamedTuple):
    """A case, where its item stands, and by which policy, at which time."""

    book: Book
    case: Case
    view: View
    standing: Standing
    now: datetime

    @property
    def live(self) -> bool:
        """Whether the built-in checks say anything: not about what is finished, nor about a draft, which
        says so itself, nor about a sub-task, which stands and falls with its parent."""
        item = self.case.item
        return item.status_category in OPEN and not item.draft and item.kind != "subtask"

    @property
    def moving(self) -> bool:
        return self.case.item.status_category == "in_progress"

    @property
    def thresholds(self) -> Checks:
        return self.book.policy.checks

    def item(self, item_id: str) -> Item:
        """An item of the case by its id, the case's own for an id that is not in it, or none."""
        if not item_id:
            return self.case.item
        for referenced in self.case.references:
            for item in (referenced.item, *referenced.ancestors):
                if item.id == item_id:
                    return item
        return next((item for item in self.case.lineage() if item.id == item_id), self.case.item)


class Looked(NamedTuple):
    """What is wrong now, and the earliest moment at which time alone may change that (None: never)."""

    findings: tuple[Finding, ...] = ()
    next_at: datetime | None = None


NOTHING = Looked()


def found(
    kind: str, root: Item, message: str, fix: str, *, subject: str = "", next_at: datetime | None = None
) -> Looked:
    """One finding at ``root``. ``next_at`` is when time alone may change it, its words included."""
    return Looked((Finding(kind, root.id, subject, message, fix),), next_at)


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
