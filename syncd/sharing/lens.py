"""What one partner sees of stored items, by the agreement in force and by the one that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import ValidationError

from rules.match import BadCondition, earliest
from rules.model import Case
from rules.model.partners import Shared
from rules.sharing.projection import Sharing
from syncd.sharing import deals, redaction
from syncd.sharing.models import Deal
from syncd.trackers import cases
from syncd.trackers.models import Tracker

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """Field -> value. ``now`` stands in the copy, unless it is held; ``then`` would if what waits were approved.
    None: nothing."""

    now: dict[str, str] | None
    then: dict[str, str] | None
    turns_at: datetime | None = None

    @property
    def anything(self) -> bool:
        """Whether a row has to stand for it."""
        return bool(self.now or self.then or self.turns_at)


NOTHING = Seen(None, None)


class Lens:
    """A deal made ready for many items.

    :raises rules.match.BadCondition: a filter cannot be compiled
    """

    def __init__(self, deal: Deal, people: tuple[str, ...] | None = None) -> None:
        self.deal = deal
        known = redaction.names() if people is None else people
        shown, wanted = deals.effective(deal), deals.proposed(deal)
        self.effective = Sharing(shown, redaction.redactor(deal, shown, known)) if shown else None
        self.proposed = Sharing(wanted, redaction.redactor(deal, wanted, known)) if wanted else None

    def see(self, case: Case, now: datetime) -> Seen:
        """What the partner sees of an item, and would see."""
        values, then, turns = _values(self.effective, case, now), None, None
        if self.deal.draft and self.proposed:
            then = _values(self.proposed, case, now)
        for side in (self.effective, self.proposed):
            turns = earliest(turns, side.turns(case, now) if side else None)
        return Seen(values, then if then != values else None, turns)

    def matches(self, case: Case, now: datetime) -> bool:
        """Whether a row may have to stand for an item: it is shared by what is in force or waits, or time will
        share it."""
        sides = [side for side in (self.effective, self.proposed) if side]
        return any(side.where(case, now) is True or side.turns(case, now) for side in sides)


def ready(deal: Deal, people: tuple[str, ...]) -> Lens | None:
    """The deal's lens; None where nothing is to be seen through it, since there is no agreement, or none that can be
    read: that is told, and keeps no other partner waiting."""
    if deal.ended_at:
        return None
    try:
        return Lens(deal, people)
    except (BadCondition, ValidationError) as error:
        facts = {"partner": deal.partner, "reason": str(error), "consequence": "nothing is shared"}
        log.error("agreement_unreadable", **facts)  # noqa: TRY400 - where it was raised tells nobody anything
        return None


def _values(sharing: Sharing | None, case: Case, now: datetime) -> dict[str, str] | None:
    made = sharing.share(case, now) if sharing else None
    return made.values or None if isinstance(made, Shared) else None


def load(items: Sequence[int]) -> dict[int, Case]:
    """Row id -> case with all that filters and transforms can ask for: the item, those above it, and since when it
    is in its state. Left out are items that are deleted, and those of trackers that are no longer read: nobody would
    notice what becomes of them."""
    read = frozenset(Tracker.objects.filter(active=True).values_list("name", flat=True))
    return {id_: case for id_, case in cases.lines(items).items() if case.item.tracker in read}
