"""What waits, item by item and value by value, each with the clause that shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.model.partners import Cell, Taken
from syncd.sharing import approvals, exactly
from syncd.sharing.models import Deal, Shown
from syncd.sharing.pages.preview import WORDS


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what stands there until now (``was``, empty: nothing), what would (empty: nothing), and why."""

    name: str
    was: str
    becomes: str
    clause: str
    because: str
    taken: Sequence[Taken]

    @property
    def field(self) -> str:
        """In a word."""
        return WORDS.get(self.name, self.name)

    @property
    def change(self) -> tuple[str, str, str]:
        """Word, tone and icon."""
        if not self.becomes:
            return "Withdrawn", "calm", "circle-minus"
        return ("Changed", "info", "pencil") if self.was else ("Added", "warn", "circle-plus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item. ``values`` would be others; ``withheld`` is not shown of it, and why."""

    id: int
    item: int
    key: str
    title: str
    added: bool
    held: bool
    values: Sequence[Value]
    withheld: Sequence[Cell]


def rows(deal: Deal, after: int, size: int, now: datetime) -> tuple[list[tuple[Shown, Row]], int]:
    """A page of items, and the place of the next; 0: there is none."""
    found = list(exactly.rows(deal).filter(id__gt=after).select_related("item").defer("item__doc")[: size + 1])
    page = found[:size]
    return list(_told(deal, page, now)), page[-1].pk if len(found) > size else 0


def _told(deal: Deal, rows: Sequence[Shown], now: datetime) -> Iterator[tuple[Shown, Row]]:
    """Each with its clauses. The values are those that wait; why they read so is worked out anew."""
    if not rows:
        return
    made = {each.id: each for each in approvals.waiting(deal, rows[0].pk - 1, len(rows), now)}
    for row in rows:
        told = made.get(row.pk)
        cells = {one.field: one.cell for one in told.values} if told else {}
        yield (
            row,
            Row(
                id=row.pk,
                item=row.item_id,
                key=row.item.key,
                title=row.item.title,
                added=not row.values,
                held=row.held,
                values=list(_values(row, cells)),
                withheld=told.withheld if told else (),
            ),
        )


def _values(row: Shown, cells: dict[str, Cell]) -> Iterator[Value]:
    before, then = row.values or {}, row.waiting or {}
    for name in (*WORDS, *sorted((before.keys() | then.keys()) - WORDS.keys())):
        was, becomes = before.get(name, ""), then.get(name, "")
        if was != becomes:
            cell = cells.get(name)
            why = (cell.clause, cell.because, cell.taken) if cell else (f"share.fields.{name}", "", ())
            yield Value(name, was, becomes, *why)
