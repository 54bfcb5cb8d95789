"""What every check looks at, and what it gives back."""

from dataclasses import dataclass
from datetime import datetime

from connectors.item import Item
from rules.book import Book
from rules.match import View
from rules.model import Case, Finding
from rules.standing import Standing

OPEN = ("todo", "in_progress")


@dataclass(frozen=True, slots=True)
class Matter:
    """A case, where its item stands, and by which policy, at which time."""

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


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong now, and the earliest moment at which time alone may change that (None: never)."""

    findings: tuple[Finding, ...] = ()
    next_at: datetime | None = None


NOTHING = Looked()
