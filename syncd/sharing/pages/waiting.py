"""``/partners/<id>/waiting/``: the exact values that the partner would see, by which clause, and the approval of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.sharing import approvals, exactly
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal
from syncd.sharing.pages import asking
from syncd.sharing.pages import values as exact
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.forms import Approve
from syncd.sharing.pages.partner import around
from syncd.sharing.pages.preview import WORDS
from syncd.strategy.pages import sheet
from syncd.web.keyset import BadCursor
from syncd.web.words import counted

SIZE = 50
MOST_LINES = 20_000
"""Items of a file."""
ITEMS, WITHDRAWN = PARTS = ("items", "withdrawn")


@needs(Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_waiting(request: HttpRequest, partner: str) -> HttpResponse:
    """GET shows what waits, a page at a time. POST approves all of it, if it is still what was shown."""
    deal, form = deal_of(request, partner), Approve(asking.sent(request))
    if not form.is_bound or not form.is_valid():
        return _page(request, deal, form)
    told = form.cleaned_data
    try:
        done = exactly.approve(
            deal, told["seen"], str(request.user), told["message"], timezone.now(), told.get("marks", "")
        )
    except Refused as error:
        messages.error(request, f"Nothing was approved: {error}.")
        return asking.see(request.path)
    what = f"{counted(done.values, 'value')} of {counted(done.items, 'item')}" if done.items else "The agreement"
    return asking.done(request, deal, f"{what} approved: {deal.name} sees it within a minute.")


def _page(request: HttpRequest, deal: Deal, form: Approve) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    part, after = _asked(request)
    found, withdrawn = exactly.summary(deal), approvals.withdrawals(deal)
    rows, older = exact.rows(deal, after, SIZE, now) if part == ITEMS else ([], 0)
    gone, further = _gone(deal, after) if part == WITHDRAWN else ([], 0)
    marks = " ".join(exactly.mark_of(row) for row, _ in rows)
    values = {
        **around(person, deal, "partner_waiting"),
        "part": part,
        "parts": [(ITEMS, "Would be shown", found.items), (WITHDRAWN, "Withdrawn already", withdrawn)],
        "rows": [row for _, row in rows],
        "gone": gone,
        "summary": found,
        "withdrawn": withdrawn,
        "looking": approvals.is_looking(deal),
        "because": exactly.because(deal),
        "waits": approvals.waits(deal),
        "form": form if form.is_bound else Approve(initial={"seen": found.seen, "marks": marks}),
        "after": after,
        "older": _at(part, older or further),
        "now": now,
    }
    return render(request, "sharing/waiting.html", values, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest) -> tuple[str, int]:
    """:raises BadRequest: a part or a place that is none"""
    part, after = request.GET.get("part", "") or ITEMS, request.GET.get("after", "") or "0"
    if part not in PARTS:
        raise BadRequest(f"part={part}: expected one of {', '.join(PARTS)}")
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadCursor
    return part, int(after)


def _at(part: str, after: int) -> str:
    pairs = {"part": "" if part == ITEMS else part, "after": str(after or "")}
    return urlencode({name: value for name, value in pairs.items() if value}) if after else ""


def _gone(deal: Deal, after: int) -> tuple[list[approvals.Gone], int]:
    found = approvals.withdrawn(deal, after, SIZE + 1)
    return found[:SIZE], found[SIZE - 1].line if len(found) > SIZE else 0


@require_safe
def partner_waiting_csv(request: HttpRequest, partner: str) -> HttpResponse:
    """Every value that waits, with its clause; of the first so many items."""
    deal, now = deal_of(request, partner), timezone.now()
    heading = ("item", "title", "field", "change", "was", "becomes", "clause", "because", "taken_out")
    return sheet.answer(f"waiting-{deal.partner}", heading, _lines(deal, now))


def _lines(deal: Deal, now: datetime) -> Iterator[Sequence[Any]]:
    after = lines = 0
    while True:
        rows, after = exact.rows(deal, after, SIZE, now)
        for _, row in rows:
            for value in row.values:
                taken = ", ".join(each.text for each in value.taken)
                yield (
                    row.key,
                    row.title,
                    value.field,
                    value.change[0],
                    value.was,
                    value.becomes,
                    value.clause,
                    value.because,
                    taken,
                )
            for cell in row.withheld:
                yield (
                    row.key,
                    row.title,
                    WORDS.get(cell.field, cell.field),
                    "Withheld",
                    "",
                    "",
                    cell.clause,
                    cell.because,
                    "",
                )
        lines += len(rows)
        if not after or lines >= MOST_LINES:
            return
