"""The shared work as a file, on paper, and the partner's logo."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from syncd.partners.entrance import visitor
from syncd.partners.headers import to_be_asked_again
from syncd.partners.models import Commitment, Item, Partner
from syncd.partners.pages import frame, listing
from syncd.partners.pages.standing import standings
from syncd.partners.pages.telling import FIELDS, UNTITLED, value
from syncd.partners.pages.tracker import Asked

MOST = 10_000
"""Items of one file; a header names where the next begins (RFC 8288)."""
ON_PAPER = 500


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """What the list shows, with its filters, as CSV (RFC 4180)."""
    who, asked = visitor.of(request), Asked.of(request.GET)
    items = listing.found(who.partner, status=asked.status, quarter=asked.quarter)
    page = listing.page(items, asked.after, MOST, asked.words)
    frame.note(who, request, "download")
    answer = HttpResponse(_written(who.partner, page), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="work.csv"'
    if page.after:
        answer.headers["Link"] = f'<{reverse("table")}?{asked.query(after=page.after)}>; rel="next"'
    return answer


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Everything on one page, to be printed."""
    who = visitor.of(request)
    page = listing.page(listing.found(who.partner), size=ON_PAPER)
    shown = [name for name in who.partner.fields if name in FIELDS and name not in ("title", "notes")]
    values = {
        "heads": [FIELDS[name] for name in shown],
        "rows": [
            (item, item.title or UNTITLED, [(FIELDS[name], value(name, item.values.get(name, ""))) for name in shown])
            for item in page.items
        ],
        "more": bool(page.after),
        "most": ON_PAPER,
        "commitments": standings(who, Commitment.objects.filter(partner=who.partner).order_by("place", "by", "id")),
    }
    return frame.show(request, "paper.html", values, opened="print", here="tracker")


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    partner = visitor.of(request).partner
    if not partner.logo:
        raise Http404
    picture = bytes(partner.logo)
    answer = HttpResponse(picture, content_type=partner.logo_type)
    answer.headers["ETag"] = f'"{sha256(picture).hexdigest()[:32]}"'
    return to_be_asked_again(answer)


def _written(partner: Partner, page: listing.Page) -> str:
    fields = [name for name in partner.fields if name in FIELDS]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Id", *(FIELDS[name] for name in fields)])
    writer.writerows(_row(item, fields) for item in page.items)
    return text.getvalue()


def _row(item: Item, fields: list[str]) -> Iterator[str]:
    yield _harmless(item.id)
    for name in fields:
        yield _harmless(str(item.values.get(name, "")))


def _harmless(text: str) -> str:
    """No spreadsheet takes it for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
