"""Why a partner can see an item, or cannot, value by value. For our side only: it quotes the item."""

from dataclasses import dataclass
from datetime import datetime

from rules.match import Reason
from rules.model.partners import Cell, Shared
from syncd.sharing import lens
from syncd.sharing.lens import Lens
from syncd.sharing.models import Deal, Shown
from syncd.trackers.models import Item


@dataclass(frozen=True, slots=True)
class Why:
    """How one item stands to one partner."""

    says: str
    """In one sentence, the first reason that decides."""
    visible: bool
    """Whether the partner sees anything of it now."""
    cells: tuple[Cell, ...]
    """By the agreement in force; before the first approval, by the one that waits. Empty where it is not shared."""
    reason: Reason
    """How the filter fared, with the text that matched or failed."""
    waiting: tuple[Cell, ...] = ()
    """What approval would show instead, where that is something else."""
    public: str = ""
    """Its id in the copy, where it has one."""


def cells(deal: Deal, item: int, now: datetime) -> Why:
    """Explain one item (by row id)."""
    glass, row = Lens(deal), Shown.objects.filter(deal=deal, item=item).first()
    case = lens.load([item]).get(item)
    sharing = glass.effective or glass.proposed
    if case is None or sharing is None:
        says = _gone(item) if case is None else f"there is no agreement with {deal.name} any more"
        return Why(says, False, (), Reason(False, says))
    made, wanted = sharing.share(case, now), glass.proposed.share(case, now) if glass.proposed else None
    shown, then = _cells(made), _cells(wanted)
    visible = bool(row and row.values)
    more = then if deal.draft and [cell.value for cell in then] != [cell.value for cell in shown] else ()
    says = _says(deal, row, shared=bool(shown), wanted=bool(then), reason=sharing.why(case, now))
    return Why(says, visible, shown, sharing.why(case, now), more, row.public if row and row.values else "")


def _cells(made: object) -> tuple[Cell, ...]:
    return made.cells if isinstance(made, Shared) else ()


def _gone(item: int) -> str:
    known = Item.objects.filter(pk=item).values_list("fate", flat=True).first()
    if known is None:
        return "there is no such item"
    return f"its tracker has it no longer: {known}" if known else "its tracker is no longer in syncd.yaml"


def _says(deal: Deal, row: Shown | None, *, shared: bool, wanted: bool, reason: Reason) -> str:
    if deal.ended_at:
        return f"nothing is shared: partners.yaml has no agreement with {deal.name} any more"
    if deal.closed_at:
        return f"nothing is shared: {deal.closed_by} stopped it, {deal.closed_because}"
    if deal.approved is None:
        return (
            "nothing is shared before the first approval" if wanted else f"the filter does not hold: {reason.because}"
        )
    if row and row.held:
        return "it waits for approval: so many more items match the filter than when it was approved"
    if not shared:
        return "it waits for approval" if wanted else f"the filter does not hold: {reason.because}"
    if row and row.values:
        return f"the filter holds: {reason.because}"
    return "it is shared, and the copy follows in a moment or has nothing to show of it"
