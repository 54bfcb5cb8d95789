"""``syncd partners show``, ``waiting`` and ``why``: what a partner sees, would see, and by which clause."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, ON_SCREEN
from syncd.cli.output import json_lines, line, table
from syncd.cli.partners.common import PARTNER, deal_of, store
from syncd.cli.session import Exit, database_errors

if TYPE_CHECKING:
    from rules.model.partners import Cell
    from syncd.sharing.models import Deal

FIELDS = ("title", "status", "due", "delivered", "owner", "notes")


def show(context: typer.Context, partner: PARTNER, limit: LIMIT = None, as_json: AS_JSON = False) -> None:
    """What the partner sees now, as it sees it. Its copy, and nothing else."""
    with database_errors():
        store(context)
        deal = deal_of(partner)
        rows = _visible(deal, None if as_json and not limit else (limit or ON_SCREEN) + (not as_json))
    if as_json:
        json_lines(rows[:limit])
        return
    named = [name for name in FIELDS if any(row["values"].get(name) for row in rows)]
    most = limit or ON_SCREEN
    table(
        [*(name for name in named if name != "title"), "title"],
        ([*(row["values"].get(name, "") for name in named if name != "title"), row["values"].get("title", "")] for row in rows[:most]),
        empty=_nothing(deal),
    )  # fmt: skip
    if len(rows) > most:
        print("and more: --limit N shows them, --json all")


def _visible(deal: "Deal", most: int | None) -> list[dict[str, Any]]:
    """Nothing while the pages are closed, whatever still stands in the copy."""
    from syncd.partners.models import Item, Partner

    if not Partner.objects.filter(id=deal.partner, open=True).exists():
        return []
    rows = Item.objects.filter(partner=deal.partner).order_by("when", "id")[:most]
    return [
        {"id": row.id, "values": row.values, "shown_on": row.shown_on, "changed_on": row.changed_on} for row in rows
    ]


def _nothing(deal: "Deal") -> str:
    from syncd.cli.partners.listing import stands

    return line(f"{deal.name} sees nothing: {stands(deal, datetime.now(UTC))}")


def waiting(context: typer.Context, partner: PARTNER, limit: LIMIT = None, as_json: AS_JSON = False) -> None:
    """What approval would show, value by value. Also what the newest edit has withdrawn already. Exits with 1 where
    something waits."""
    with database_errors():
        store(context)
        deal = deal_of(partner)
        from syncd.sharing import approvals

        counts, waits = approvals.counts(deal), approvals.waits(deal)
        rows = _waiting(deal, limit or (None if as_json else ON_SCREEN))
    if as_json:
        json_lines(rows)
    else:
        _print_waiting(deal, rows, counts.waiting, looking=counts.looking, waits=waits)
    raise typer.Exit(Exit.FINDINGS if waits else Exit.OK)


def _waiting(deal: "Deal", most: int | None) -> list[dict[str, Any]]:
    from syncd.sharing import approvals

    now, after = datetime.now(UTC), 0
    rows: list[dict[str, Any]] = []
    while most is None or len(rows) < most:
        found = approvals.waiting(deal, after, min(500, most - len(rows)) if most else 500, now)
        if not found:
            break
        after = found[-1].id
        rows += [_waits(one) for one in found]
    rows += [
        {"kind": approvals.WITHDRAWN, "item": gone.item, "key": None, "title": None, "held": False,
         "values": [{"field": gone.field, "was": gone.value, "becomes": "", "clause": "", "because": "the edit withdrew it", "removed": []}],
         "withheld": []}
        for gone in approvals.withdrawn(deal, 0, most or 10_000)
    ]  # fmt: skip
    return rows


def _waits(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "item": one.item,
        "key": one.key,
        "title": one.title,
        "held": one.held,
        "values": [
            {"field": value.field, "was": value.was, "becomes": value.becomes, **_clause(value.cell)}
            for value in one.values
        ],
        "withheld": [{"field": cell.field, **_clause(cell)} for cell in one.withheld],
    }


def _clause(cell: "Cell") -> dict[str, Any]:
    removed = [{"kind": taken.kind, "text": taken.text, "because": taken.because} for taken in cell.taken]
    return {"clause": cell.clause, "because": cell.because, "removed": removed}


def _print_waiting(deal: "Deal", rows: list[dict[str, Any]], number: int, *, looking: bool, waits: bool) -> None:
    if not waits:
        print(f"Nothing waits for approval with {line(deal.name)}.")
    for clause, says in deal.widens:
        print(line(f"{clause}: {says}"))
    for row in rows:
        print()
        print(line(f"{row['kind']}  {row['key'] or row['item']}  {row['title'] or ''}".rstrip()))
        for value in row["values"]:
            was = f" (was: {value['was']})" if value["was"] and value["becomes"] else ""
            print(
                line(
                    f"  {value['field']}: {value['becomes'] or value['was']}{was}  [{value['clause'] or value['because']}]"
                )
            )
            for taken in value["removed"]:
                print(line(f"    taken out: {taken['text']} ({taken['because']})"))
        for cell in row["withheld"]:
            if cell["clause"] == "share.fields":
                continue  # the agreement does not name it
            print(line(f"  {cell['field']}: not shown, {cell['because']}"))
    shown = sum(row["kind"] != "withdrawn" for row in rows)
    if waits:
        print(f"\n{shown:,} of {number:,} items; syncd partners approve {deal.partner} shows them")
    if looking:
        print("syncd is still looking through the items: there may be more")


def why(
    context: typer.Context,
    partner: PARTNER,
    item: Annotated[str, typer.Argument(help="Key (WEB-12, acme/web#40), tracker:key, id, or URL.", metavar="ITEM")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Why the partner can see an item or cannot, value by value."""
    with database_errors():
        store(context)
        from syncd.cli.explain import _find
        from syncd.sharing import why as explaining

        deal, row = deal_of(partner), _find(item)
        told = explaining.cells(deal, row.pk, datetime.now(UTC))
    if as_json:
        json_lines([_told(deal, row.key, told)])
        return
    print(line(f"{row.key}: {'seen' if told.visible else 'not seen'} by {deal.name}; {told.says}"))
    for cell in told.cells:
        print(line(f"  {cell.field}: {cell.value or '(nothing)'}  [{cell.clause}] {cell.because}"))
    for cell in told.waiting:
        if cell.shown:
            print(line(f"  after approval, {cell.field}: {cell.value}  [{cell.clause}]"))


def _told(deal: "Deal", key: str, told: Any) -> dict[str, Any]:
    return {
        "partner": deal.partner,
        "key": key,
        "visible": told.visible,
        "because": told.says,
        "matched": told.reason.matched,
        "filter": told.reason.because,
        "values": [{"field": cell.field, "value": cell.value, **_clause(cell)} for cell in told.cells],
        "waiting": [{"field": cell.field, "value": cell.value, **_clause(cell)} for cell in told.waiting],
    }
