"""The allow-list: which field can be shown how, and all that is read of an item for it.

Each transform reads what it needs and gives it in its final grain: a month is made of a day here, so that
what comes after never sees the day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.item import Item
from rules.match.folding import fold
from rules.model.partners import Agreement
from rules.sharing.public import public_notes, public_title
from rules.sharing.written import Written


@dataclass(frozen=True, slots=True)
class Transform:
    """How a field is shown."""

    read: Callable[[Item, Agreement], Written]
    fineness: int = 0
    """Of the transforms of one field, the greater tells more."""
    text: bool = False
    """Whether people write it, so that it passes the redactor."""
    lines: bool = False
    """Whether it may have more than one line."""


def _status(item: Item, agreement: Agreement) -> Written:
    word = agreement.statuses.get(item.status_category)
    return Written(word) if word else Written("", "statuses has no word for its state")


def _day(day: date) -> str:
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _quarter(day: date) -> str:
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def _dates(read: Callable[[Item], date | None], missing: str) -> dict[str, Transform]:
    """A date by quarter, month or day."""

    def reading(grain: Callable[[date], str]) -> Callable[[Item, Agreement], Written]:
        def reads(item: Item, _: Agreement) -> Written:
            day = read(item)
            if day is not None and type(day) is not date:
                return Written("", f"dropped: a {type(day).__name__} is not a day")
            return Written("", missing) if day is None else Written(grain(day))

        return reads

    grains = {"quarter": _quarter, "month": _month, "day": _day}
    return {name: Transform(reading(grain), fineness) for fineness, (name, grain) in enumerate(grains.items())}


def _due(item: Item) -> date | None:
    return item.due


def _delivered(item: Item) -> date | None:
    """The day in UTC on which it was done; what was given up was not delivered."""
    moment: datetime | None = item.merged_at or item.closed_at
    return moment.astimezone(UTC).date() if moment and item.status_category == "done" else None


def _role(item: Item, agreement: Agreement) -> Written:
    """The roles of those it is assigned to, in the order of the agreement; nobody's name, and not how many."""
    named = {fold(text) for person in item.assignees for text in (person.email, person.native_id, person.name) if text}
    roles = [role.name for role in agreement.roles if not named.isdisjoint(map(fold, role.people))]
    return Written(", ".join(dict.fromkeys(roles)), "" if roles else "roles names nobody it is assigned to")


FIELDS: Mapping[str, Mapping[str, Transform]] = {
    "title": {"public_title": Transform(public_title, text=True)},
    "status": {"status": Transform(_status, text=True)},
    "due": _dates(_due, "it has no due date"),
    "delivered": _dates(_delivered, "it is not delivered, or when is not known"),
    "notes": {"public_notes": Transform(public_notes, text=True, lines=True)},
    "owner": {"role": Transform(_role, text=True)},
}
"""Everything that can ever be shown, and how."""
