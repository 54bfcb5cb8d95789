"""What an edit of ``partners.yaml`` lets each partner see, value by value: what goes at once, and what waits for approval.

Held against what was approved, not against the file before: an edit that still waits is told again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from config.agreements import agreements
from config.models.partners import PartnersFile
from rules.model import Case
from rules.model.partners import Agreement, Inside, Shared
from rules.sharing.meeting import meet
from rules.sharing.projection import Sharing
from rules.sharing.redactor import Redactor
from rules.sharing.version import digest
from rules.sharing.widening import Widening, widens
from syncd.sharing import deals, redaction
from syncd.sharing.models import Deal, Promise

SAMPLES = 5
"""Values told of each kind of change to each partner."""

When = Literal["at once", "after approval"]
Change = Literal["shown", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One value that changes."""

    key: str
    title: str
    field: str
    was: str
    becomes: str


@dataclass(slots=True)
class Moved:
    """What becomes of the values that a partner sees, in numbers, with a few of them."""

    items: int = 0
    values: Counter[tuple[str, Change]] = field(default_factory=Counter)
    """By field and change."""
    samples: dict[Change, list[Sample]] = field(default_factory=dict)

    def add(self, case: Case, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Count one item."""
        different = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        self.items += bool(different)
        for name in different:
            was, becomes = before.get(name, ""), after.get(name, "")
            change: Change = "shown" if not was else "changed" if becomes else "withdrawn"
            self.values[name, change] += 1
            some = self.samples.setdefault(change, [])
            if len(some) < SAMPLES:
                some.append(Sample(case.item.key, case.item.title, name, was, becomes))

    def counts(self) -> dict[Change, int]:
        """How many values of all fields."""
        kinds: tuple[Change, ...] = ("shown", "changed", "withdrawn")
        return {kind: sum(n for (_, change), n in self.values.items() if change == kind) for kind in kinds}


@dataclass(slots=True)
class Exposure:
    """What becomes of one partner."""

    partner: str
    name: str
    ends: bool
    """Whether the draft has no agreement with it any more."""
    widens: tuple[Widening, ...]
    """Why it waits for approval; empty: it does not."""
    commitments: tuple[tuple[str, str], ...]
    """Id of each that is touched, and what becomes of it."""
    at_once: Moved = field(default_factory=Moved)
    waiting: Moved = field(default_factory=Moved)


class Exposures:
    """Counts what a draft changes for partners, in one walk over the items."""

    def __init__(self, written: Mapping[str, Any], now: datetime) -> None:
        self._now, self._people = now, redaction.names()
        file = PartnersFile.model_validate_json(orjson.dumps(written), strict=True)
        drafts = {agreement.partner: agreement for agreement in agreements(file)}
        known = {deal.partner: deal for deal in deals.live()}
        self._sides = [
            _Side(known.get(partner), drafts.get(partner), self._redactor(known, partner))
            for partner in sorted(drafts.keys() | known.keys())
            if _differs(known.get(partner), drafts.get(partner))
        ]

    def add(self, case: Case, *, leaves: bool = False) -> None:
        """:param leaves: whether the item goes with its tracker"""
        for side in self._sides:
            side.add(case, self._now, leaves=leaves)

    def found(self) -> tuple[Exposure, ...]:
        """Partners for whom anything changes, by their ids."""
        return tuple(side.exposure for side in self._sides)

    def _redactor(self, known: Mapping[str, Deal], partner: str) -> "_Redactors":
        """Of a partner that is new, the names of our hosts and projects are those that another one must not see."""
        deal = known.get(partner) or next(iter(known.values()), None)
        return _Redactors(deals.inside(deal, self._people) if deal else Inside(self._people))


@dataclass(frozen=True, slots=True)
class _Redactors:
    inside: Inside

    def of(self, agreement: Agreement) -> Redactor:
        return Redactor(self.inside, agreement.links, agreement.never)


class _Side:
    """One partner: what it sees now, meanwhile, and once all is approved."""

    def __init__(self, deal: Deal | None, draft: Agreement | None, redactors: _Redactors) -> None:
        now = deals.effective(deal) if deal else None
        approved = deals.approved(deal) if deal else None
        why = widens(approved, draft) if draft else ()
        stopped = deal is not None and deal.closed_at is not None
        meanwhile = meet(approved, draft) if approved and draft and not stopped else None
        self.exposure = Exposure(
            partner=draft.partner if draft else deal.partner if deal else "",
            name=draft.name if draft else deal.name if deal else "",
            ends=draft is None,
            widens=why,
            commitments=tuple(_commitments(deal, approved, draft)),
        )
        steps = (now, meanwhile if why or stopped else draft, None if stopped else draft)
        self._sharings = [Sharing(one, redactors.of(one)) if one else None for one in steps]

    def add(self, case: Case, now: datetime, *, leaves: bool) -> None:
        before, *others = (_values(sharing, case, now) for sharing in self._sharings)
        meanwhile, after = ({}, {}) if leaves else others
        self.exposure.at_once.add(case, before, meanwhile)
        if self.exposure.widens:
            self.exposure.waiting.add(case, meanwhile, after)


def _differs(deal: Deal | None, draft: Agreement | None) -> bool:
    """Whether what a draft says is not what was approved."""
    if deal is None or draft is None:
        return True
    return deal.approved_digest != digest(draft)


def _values(sharing: Sharing | None, case: Case, now: datetime) -> Mapping[str, str]:
    made = sharing.share(case, now) if sharing else None
    return made.values if isinstance(made, Shared) else {}


def _commitments(deal: Deal | None, approved: Agreement | None, draft: Agreement | None) -> Iterator[tuple[str, str]]:
    before = {one.id: one for one in approved.commitments} if approved else {}
    after = {one.id: one for one in draft.commitments} if draft else {}
    frozen = set(
        Promise.objects.filter(deal=deal, agreed__isnull=False, removed_at=None).values_list("name", flat=True)
    )
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None:
            yield name, "is told for the first time, once it is approved"
        elif other is None:
            yield name, "is agreed: dropping it is put to the partner" if name in frozen else "is taken back"
        elif (one.who, one.what, one.by, one.success) != (other.who, other.what, other.by, other.success):
            says = "the change is put to the partner" if name in frozen else "both sides accept it anew"
            yield name, f"reads otherwise: once it is approved, {says}"
