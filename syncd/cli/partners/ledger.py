"""``syncd partners ledger``: what a partner was shown, or knew on a day."""

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON, LIMIT, ON_SCREEN
from syncd.cli.output import json_lines, line, table
from syncd.cli.partners.common import deal_of, store
from syncd.cli.session import Exit, database_errors, fail

if TYPE_CHECKING:
    from syncd.sharing.ledger import Known
    from syncd.sharing.models import Disclosure

LINE = (
    "line", "at", "kind", "public", "item", "field", "value", "digest", "channel", "version", "approver", "before", "hash",
)  # fmt: skip
KNOWN = ("line", "since", "until", "public", "item", "field", "value", "channel", "version", "approver", "seen_by")


def ledger(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its id in partners.yaml.")] = "",
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="What it knew then: 2026-11-20 (the end of that day) or 2026-11-20T09:30, UTC."
        ),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Instead: check that no line of any partner was changed, left out or added."),
    ] = False,
    limit: LIMIT = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
    as_json: AS_JSON = False,
) -> None:
    """What was shown to a partner, or what it knew on a day. With value, place, moment and approval."""
    if as_csv and as_json:
        fail("one of --csv and --json, not both", Exit.USAGE)
    if not verify and not partner:
        fail("name a partner, or give --verify", Exit.USAGE)
    with database_errors():
        store(context)
        if verify:
            _verify(as_json=as_json)
            return
        deal = deal_of(partner)
        from syncd.cli.explain import _moment

        columns = LINE if at is None else KNOWN
        most = limit or (None if as_csv or as_json else ON_SCREEN)
        rows = _lines(deal.partner, most) if at is None else _known(deal.partner, _moment(at), most)
        _print(columns, rows, as_csv=as_csv, as_json=as_json, partner=partner)


def _verify(*, as_json: bool) -> None:
    from syncd.sharing import ledger as book

    found = book.verify()
    if as_json:
        json_lines(
            [{"lines": found.lines, "sound": found.sound, "broken": found.broken, "because": found.says or None}]
        )
    else:
        print(f"{found.lines:,} lines, each as it was written" if found.sound else line(found.says))
    raise typer.Exit(Exit.OK if found.sound else Exit.FINDINGS)


def _lines(partner: str, most: int | None) -> Iterator[dict[str, Any]]:
    """In their order; on a screen the last ones."""
    from syncd.sharing import ledger as book

    if most is not None:
        yield from map(_line, reversed(book.lines(partner, 0, most, newest=True)))
        return
    after = 0
    while found := book.lines(partner, after, 1000):
        after = found[-1].id
        yield from map(_line, found)


def _line(row: "Disclosure") -> dict[str, Any]:
    return {"line": row.id} | {name: getattr(row, name) for name in LINE[1:]}


def _known(partner: str, at: datetime, most: int | None) -> Iterator[dict[str, Any]]:
    from syncd.sharing import ledger as book

    seen = book.seen(partner)
    for index, known in enumerate(book.known(partner, at)):
        if most is not None and index >= most:
            return
        yield {name: getattr(known, name) for name in KNOWN[:-1]} | {
            "seen_by": _seen_by(known, seen.get(known.public, ()))
        }


def _seen_by(known: "Known", visits: Iterable[Any]) -> list[str]:
    """Who opened the item while the value stood there."""
    return [
        one.who for one in visits if one.last_at >= known.since and (known.until is None or one.first_at <= known.until)
    ]


def _print(
    columns: tuple[str, ...], rows: Iterator[dict[str, Any]], *, as_csv: bool, as_json: bool, partner: str
) -> None:
    if as_json:
        json_lines(rows)
    elif as_csv:
        out = csv.writer(sys.stdout)
        out.writerow(columns)
        out.writerows([_safe(row[name]) for name in columns] for row in rows)
    else:
        named = ("at", "kind", "item", "field", "approver", "value") if "at" in columns else (
            "since", "until", "item", "field", "approver", "value")  # fmt: skip
        table(
            list(named),
            ([_cell(row[name]) for name in named] for row in rows),
            empty=f"Nothing was shown to {partner}.",
        )


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _safe(value: Any) -> str:
    """A spreadsheet takes a text that begins so for a formula; see OWASP, "CSV Injection"."""
    text = (
        value.isoformat()
        if isinstance(value, datetime)
        else ", ".join(value)
        if isinstance(value, list)
        else _cell(value)
    )
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
