"""``/partners/<id>/ledger/``: what a partner knew on a day, and every line that says so; also as a file."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.sharing import access, ledger
from syncd.sharing.models import Deal
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.lines import COLUMNS, KNOWN, Asked, Line, known, place, seen_by
from syncd.sharing.pages.lines import names as names_of
from syncd.sharing.pages.partner import around
from syncd.strategy.pages import sheet
from syncd.web import keyset

FORMS = ("csv", "json")
BATCH = 1_000


@require_safe
def partner_ledger(request: HttpRequest, partner: str) -> HttpResponse:
    """Every line, the newest first; with ``on``, what they knew at the end of that day; with ``check``, whether the
    chain holds in the stretch that follows this line."""
    person, deal, asked = person_of(request), deal_of(request, partner), Asked.of(request.GET)
    seen = ledger.seen(deal.partner)
    values: dict[str, Any] = {
        **around(person, deal, "partner_ledger"),
        "asked": asked,
        "today": timezone.now().date(),
        "verified": None if asked.check is None else ledger.stretch(asked.check, ledger.STRETCH),
        "now": timezone.now(),
    }
    if asked.on:
        values |= _known_page(person, deal, asked, seen, place(request.GET.get("after", "")))
        return render(request, "sharing/known.html", values)
    page = keyset.page(access.disclosures(person).filter(partner=deal.partner), ("-id",), request.GET.get("after", ""))
    around_ = {
        name: cursor and urlencode({"after": cursor}) for name, cursor in (("newer", page.newer), ("older", page.older))
    }
    names = names_of(person, deal, page.rows)
    lines = [Line(row, *names[row.item], seen_by(seen, row, row.at)) for row in page.rows]
    return render(request, "sharing/ledger.html", values | {"lines": lines, **around_})


def _known_page(
    person: User, deal: Deal, asked: Asked, seen: Mapping[str, Sequence[ledger.Seen]], after: int
) -> dict[str, Any]:
    """What stood there at the end of the day, and what had stood there before it; a page of it."""
    rows, older = known(deal, asked, after, keyset.SIZE)
    names = names_of(person, deal, rows)
    return {
        "known": [
            {
                "line": one,
                "name": names[one.item][0],
                "url": names[one.item][1],
                "seen": seen_by(seen, one, one.since, one.until),
            }
            for one in rows
        ],
        "after": after,
        "older": f"{asked.query}&{urlencode({'after': older})}" if older else "",
    }


@require_safe
def partner_ledger_file(request: HttpRequest, partner: str, form: str) -> HttpResponse:
    """All lines in their order, or what they knew on a day, as CSV or JSON."""
    deal, asked = deal_of(request, partner), Asked.of(request.GET)
    if form not in FORMS:
        raise Http404
    heading, rows = _file(deal, asked)
    name = f"ledger-{deal.partner}-{asked.on.isoformat()}" if asked.on else f"ledger-{deal.partner}"
    if form == "csv":
        return sheet.answer(name, heading, rows)
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), "application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _file(deal: Deal, asked: Asked) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if asked.on:
        found = ledger.known(deal.partner, asked.until(timezone.now()))
        return KNOWN, ([_plain(getattr(one, name)) for name in KNOWN] for one in found)
    return COLUMNS, _lines(deal)


def _lines(deal: Deal) -> Iterator[Sequence[Any]]:
    after = 0
    while rows := ledger.lines(deal.partner, after, BATCH):
        after = rows[-1].pk
        for row in rows:
            yield [_plain(getattr(row, name)) for name in COLUMNS]


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
