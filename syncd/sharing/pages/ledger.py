"""``/partners/<id>/ledger/``: what a partner knew on a day, and every line that says so; also as a file."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.sharing import access, ledger
from syncd.sharing.models import Deal, Disclosure
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.partner import around
from syncd.strategy.pages import sheet
from syncd.trackers import access as tracked
from syncd.trackers import as_json
from syncd.web import keyset

COLUMNS = (
    "id",
    "at",
    "kind",
    "public",
    "item",
    "field",
    "value",
    "channel",
    "version",
    "approver",
    "digest",
    "before",
    "hash",
)
"""Of the file: all that a line of the ledger holds, so that whoever has the file can check the chain."""
KNOWN = ("line", "public", "item", "field", "value", "channel", "version", "approver", "since", "until")
FORMS = ("csv", "json")
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address. ``on``: a day in UTC, as it was at its end; None: every line, the newest first."""

    on: date | None = None
    check: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """:raises BadRequest: a day that is none"""
        return cls(_day(query.get("on", "")), query.get("check") == "1")

    @property
    def query(self) -> str:
        return urlencode({"on": self.on.isoformat()}) if self.on else ""

    def until(self, now: datetime) -> datetime:
        """The end of that day, or ``now`` where it is not over."""
        return min(datetime.combine(self.on, time.min, UTC) + timedelta(days=1), now) if self.on else now


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"on={text}: expected a day, such as on=2026-11-20") from None
    if not date(2000, 1, 1) <= found < date(3000, 1, 1):
        raise BadRequest(f"on={text}: expected a day between the years 2000 and 3000")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as a page shows it. ``name``: what our side calls it, with the address of its page where
    there is one; ``seen``: who has looked there since."""

    row: Disclosure
    name: str
    url: str
    seen: str


@require_safe
def partner_ledger(request: HttpRequest, partner: str) -> HttpResponse:
    """Every line, the newest first; with ``on``, what they knew at the end of that day; with ``check``, whether the
    chain holds."""
    person, deal, asked = person_of(request), deal_of(request, partner), Asked.of(request.GET)
    seen = ledger.seen(deal.partner)
    values: dict[str, Any] = {
        **around(person, deal, "partner_ledger"),
        "asked": asked,
        "today": timezone.now().date(),
        "verified": ledger.verify() if asked.check else None,
        "now": timezone.now(),
    }
    if asked.on:
        values |= _known_page(person, deal, asked, seen, place(request.GET.get("after", "")))
        return render(request, "sharing/known.html", values)
    page = keyset.page(access.disclosures(person).filter(partner=deal.partner), ("-id",), request.GET.get("after", ""))
    around_ = {
        name: cursor and urlencode({"after": cursor}) for name, cursor in (("newer", page.newer), ("older", page.older))
    }
    names = _names(person, deal, page.rows)
    lines = [Line(row, *names[row.item], _seen(seen, row.public, row.channel, row.at)) for row in page.rows]
    return render(request, "sharing/ledger.html", values | {"lines": lines, **around_})


def _names(person: User, deal: Deal, lines: Iterable[Disclosure | ledger.Known]) -> dict[str, tuple[str, str]]:
    """What lines are about, as our side calls it, with the address of its page; in one query."""
    about = {line.item for line in lines}
    pairs = [name.partition(":") for name in about]
    wanted = Q(pk__in=[])
    for tracker in {tracker for tracker, _, _ in pairs} - {"commitment"}:
        natives = [native for name, _, native in pairs if name == tracker]
        wanted |= Q(tracker__name=tracker, native_id__in=natives)
    found = {name: (name, "") for name in about}
    for row in tracked.items(person).filter(wanted).select_related(None).select_related("tracker").defer("doc"):
        found[as_json.id_of(row)] = (row.key, reverse("partner_why", args=[deal.partner, row.pk]))
    for tracker, _, name in pairs:
        if tracker == "commitment":
            url = reverse("partner_commitment", args=[deal.partner, name])
            found[f"commitment:{name}"] = (f"Commitment {name}", url)
    return found


def place(text: str) -> int:
    """:raises BadCursor: it is no line's id"""
    after = text or "0"
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise keyset.BadCursor
    return int(after)


def _known_page(
    person: User, deal: Deal, asked: Asked, seen: Mapping[str, Sequence[ledger.Seen]], after: int
) -> dict[str, Any]:
    """What stood there at the end of the day, and what had stood there before it; a page of it."""
    rows, older = known(deal, asked, after, keyset.SIZE)
    names = _names(person, deal, rows)
    return {
        "known": [
            {
                "line": one,
                "name": names[one.item][0],
                "url": names[one.item][1],
                "seen": _seen(seen, one.public, one.channel, one.since, one.until),
            }
            for one in rows
        ],
        "after": after,
        "older": f"{asked.query}&{urlencode({'after': older})}" if older else "",
    }


def known(deal: Deal, asked: Asked, after: int, size: int) -> tuple[Sequence[ledger.Known], int]:
    """A page of it, and the place of the next; 0: there is none."""
    later = (one for one in ledger.known(deal.partner, asked.until(timezone.now())) if one.line > after)
    found = list(islice(later, size + 1))
    return found[:size], found[size - 1].line if len(found) > size else 0


def _seen(
    seen: Mapping[str, Sequence[ledger.Seen]], public: str, channel: str, since: datetime, until: datetime | None = None
) -> str:
    """Who looked at it there, in that time: at the item's own page, or at the tracker that lists it. In a mirror,
    nobody knows."""
    if channel != ledger.PAGE:
        return ""
    visits = [*seen.get(public, ()), *seen.get("tracker", ())]
    names = [each.who for each in visits if each.last_at >= since and (until is None or each.first_at < until)]
    return ", ".join(dict.fromkeys(names))


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
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
