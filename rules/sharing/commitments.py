"""Commitments: frozen when both sides accept, then compared with the work behind them.

Nothing slips in silence. Where the work moves away from what was agreed, a proposal says so; until the side
whose consent is needed has answered, what was agreed stands. What a proposal ``says`` is for both sides and made
of the commitment's own words and of days; ``because`` names items and is for our side.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from connectors.item import OPEN, Item
from rules.calendar import spelled
from rules.match.errors import listed
from rules.match.folding import fold
from rules.match.view import addresses
from rules.model.partners import Commitment, Consent

Subject = Literal["date", "scope", "success", "dropped"]
Option = Literal["move the date", "cut scope", "drop it", "keep it"]
State = Literal["done", "on track", "at risk", "late", "not known"]

_CONSENT: Mapping[Subject, Consent] = {"date": "date", "scope": "scope", "success": "success", "dropped": "scope"}
"""What has to be in ``mutual`` for a change to need both sides."""


@dataclass(frozen=True, slots=True)
class Stake:
    """An item behind a commitment, as it was when both sides accepted."""

    item: str
    """The item's id."""
    key: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A commitment that both sides accepted. Nothing changes it but a proposal that was accepted."""

    commitment: Commitment
    stakes: tuple[Stake, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to a commitment that somebody has to decide."""

    commitment: str
    subject: Subject
    was: str
    becomes: str
    says: str
    because: str
    options: tuple[Option, ...]
    consent: bool
    """Whether the other side has to agree; else it is told."""


def agree(commitment: Commitment, items: Iterable[Item]) -> Agreed:
    """The commitment with the work behind it as it stands now; work that was given up is not behind it."""
    stakes = [
        Stake(one.id, one.key, one.due) for one in _behind(commitment, items) if one.status_category != "cancelled"
    ]
    return Agreed(commitment, tuple(sorted(stakes, key=lambda stake: stake.item)))


def changes(
    agreed: Agreed, items: Iterable[Item], *, mutual: Iterable[Consent] = (), written: Commitment | None = None
) -> tuple[Proposal, ...]:
    """What is to be proposed now. The order of the items does not matter.

    :param items: the work behind it that is still there; work that is not among them is gone
    :param written: the commitment as ``partners.yaml`` has it now; None where it is no longer there
    """
    now = {one.id: one for one in sorted(items, key=lambda one: one.id)}
    both = frozenset(mutual)
    if written is None:
        return (_dropped(agreed, "it is no longer in partners.yaml", both),)
    lost = [stake for stake in agreed.stakes if _is_lost(now.get(stake.item))]
    if lost and len(lost) == len(agreed.stakes):
        return (_dropped(agreed, f"given up or gone: {_keys(lost)}", both),)
    return (*_date(agreed, now, written, both), *_scope(agreed, lost, written, both), *_success(agreed, written, both))


def _behind(commitment: Commitment, items: Iterable[Item]) -> Iterator[Item]:
    names = {fold(name) for name in commitment.items}
    return (one for one in items if not names.isdisjoint(addresses(one)))


def _is_lost(item: Item | None) -> bool:
    return item is None or item.status_category == "cancelled"


def _keys(stakes: Iterable[Stake]) -> str:
    return listed([stake.key for stake in stakes], "and")


def _dropped(agreed: Agreed, because: str, both: frozenset[Consent]) -> Proposal:
    promise = agreed.commitment
    says = f"“{promise.what}” is to be dropped."
    return _proposal(agreed, "dropped", promise.what, "", says, because, ("drop it", "keep it"), both)


def _date(agreed: Agreed, now: Mapping[str, Item], written: Commitment, both: frozenset[Consent]) -> Iterator[Proposal]:
    """The date as somebody wrote it anew; else the last due date of open work, where it moved beyond what was agreed."""
    by = agreed.commitment.by
    if written.by != by:
        yield _moved(agreed, written.by, "partners.yaml says so", both)
        return
    due = {stake.item: stake.due for stake in agreed.stakes}
    late = [
        one for one in now.values()
        if one.id in due and one.status_category in OPEN and one.due and one.due > by and one.due != due[one.id]
    ]  # fmt: skip
    if late:
        latest = max(one.due for one in late if one.due)
        which = listed([f"{one.key} on {spelled(one.due)}" for one in late if one.due], "and")
        yield _moved(agreed, latest, f"due after it: {which}", both)


def _moved(agreed: Agreed, to: date, because: str, both: frozenset[Consent]) -> Proposal:
    was = agreed.commitment.by
    says = f"“{agreed.commitment.what}” is to come by {spelled(to)} instead of {spelled(was)}."
    options: tuple[Option, ...] = ("move the date", "cut scope", "drop it", "keep it")
    return _proposal(agreed, "date", str(was), str(to), says, because, options, both)


def _scope(agreed: Agreed, lost: list[Stake], written: Commitment, both: frozenset[Consent]) -> Iterator[Proposal]:
    promise = agreed.commitment
    options: tuple[Option, ...] = ("cut scope", "drop it", "keep it")
    if written.what != promise.what:
        says = f"“{promise.what}” is to read “{written.what}”."
        yield _proposal(agreed, "scope", promise.what, written.what, says, "partners.yaml says so", options, both)
    elif lost:
        says = f"Part of “{promise.what}” is to be left out."
        yield _proposal(agreed, "scope", promise.what, "", says, f"given up or gone: {_keys(lost)}", options, both)


def _success(agreed: Agreed, written: Commitment, both: frozenset[Consent]) -> Iterator[Proposal]:
    was, now = agreed.commitment.success, written.success
    if was != now:
        says = f"“{agreed.commitment.what}” is to count as a success by “{now}” instead of “{was}”."
        yield _proposal(agreed, "success", was, now, says, "partners.yaml says so", ("cut scope", "keep it"), both)


def _proposal(
    agreed: Agreed,
    subject: Subject,
    was: str,
    becomes: str,
    says: str,
    because: str,
    options: tuple[Option, ...],
    both: frozenset[Consent],
) -> Proposal:
    consent = _CONSENT[subject] in both
    return Proposal(agreed.commitment.id, subject, was, becomes, says, because, options, consent)


def state(agreed: Agreed, items: Iterable[Item], today: date) -> tuple[State, str]:
    """How a commitment stands, and why in our own words; by the work behind it."""
    now = {one.id: one for one in items}
    left = [now[stake.item] for stake in agreed.stakes if not _is_lost(now.get(stake.item))]
    if not left:
        return "not known", "no work behind it is known"
    open_ones = [one for one in left if one.status_category in OPEN]
    if not open_ones and len(left) == len(agreed.stakes):
        return "done", "all work behind it is done"
    if today > agreed.commitment.by:
        return "late", f"open after its day: {listed([one.key for one in open_ones], 'and')}"
    risks = sorted(one.key for one in open_ones if one.due and (one.due > agreed.commitment.by or one.due < today))
    risks += [stake.key for stake in agreed.stakes if _is_lost(now.get(stake.item))]
    return (
        ("at risk", f"late, given up or gone: {listed(risks, 'and')}")
        if risks
        else ("on track", "nothing speaks against it")
    )
