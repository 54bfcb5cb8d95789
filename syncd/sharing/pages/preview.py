"""``/partners/<id>/preview/``: the tracker as the partner sees it, and as it would see it once what waits is approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rules.sharing.redactor import Redactor
from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.partners.models import Item
from syncd.partners.pages import telling
from syncd.sharing import access, deals, redaction
from syncd.sharing.copying.items import notes_html
from syncd.sharing.models import Deal, Shown
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.partner import around
from syncd.web import keyset

NOW, THEN = VIEWS = ("now", "approved")
WORDS: Mapping[str, str] = {
    "title": "Title", "status": "Status", "due": "Due", "delivered": "Delivered", "owner": "Owner", "notes": "Notes",
}  # fmt: skip
"""The fields in the order in which the partner reads them."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item: its values in the order of the columns, notes apart. ``item``: the work behind it, by row id."""

    cells: Sequence[tuple[str, str]]
    notes: str
    """As the partner's browser gets them, in HTML."""
    item: int | None
    changes: bool = False


@require_safe
def partner_preview(request: HttpRequest, partner: str) -> HttpResponse:
    """From the copy, which is all that the partner's pages read."""
    person, deal = person_of(request), deal_of(request, partner)
    view = request.GET.get("view", "") or NOW
    if view not in VIEWS:
        raise BadRequest(f"view={view}: expected one of {', '.join(VIEWS)}")
    head = around(person, deal, "partner_preview")
    fields = _fields(deal, head["copy"].fields if head["copy"] else (), view)
    page, rows = (_now if view == NOW else _then)(person, deal, fields, request.GET.get("after", ""))
    values = {
        **head,
        "view": view,
        "columns": [WORDS.get(name, name) for name in fields if name != "notes"],
        "notes": "notes" in fields,
        "rows": rows,
        "newer": _at(view, page.newer),
        "older": _at(view, page.older),
        "now": timezone.now(),
    }
    return render(request, "sharing/preview.html", values)


def _fields(deal: Deal, now: Sequence[str], view: str) -> list[str]:
    terms = deals.proposed(deal)
    named = set(now) if view == NOW else set(terms.fields if terms else ())
    return [name for name in WORDS if name in named]


def _now(person: User, deal: Deal, fields: Sequence[str], after: str) -> tuple[keyset.Page[Any], list[Row]]:
    page = keyset.page(Item.objects.filter(partner=deal.partner), ("when", "id"), after)
    behind = access.shown(person).filter(deal=deal, public__in=[row.pk for row in page.rows])
    work = dict(behind.values_list("public", "item_id"))
    return page, [_row(row.values, fields, work.get(row.pk), row.notes_html) for row in page.rows]


def _then(person: User, deal: Deal, fields: Sequence[str], after: str) -> tuple[keyset.Page[Any], list[Row]]:
    """What waits in place of what is there; what waits to show nothing is left out."""
    terms = deals.proposed(deal)
    redactor = redaction.redactor(deal, terms) if terms else Redactor()
    page: keyset.Page[Shown] = keyset.page(access.shown(person).filter(deal=deal), ("item_id",), after)
    found = [(row, row.values if row.waiting is None else row.waiting) for row in page.rows]
    return page, [
        _row(values, fields, row.item_id, notes_html(values, redactor), changes=row.waiting is not None)
        for row, values in found
        if values
    ]


def _row(
    values: Mapping[str, str], fields: Sequence[str], item: int | None, notes: str, *, changes: bool = False
) -> Row:
    there = {name: values.get(name, "") for name in fields if name != "notes"}
    cells = [(WORDS.get(name, name), text and telling.value(name, text)) for name, text in there.items()]
    return Row(cells, notes if "notes" in fields else "", item, changes)


def _at(view: str, cursor: str) -> str:
    pairs = {"view": "" if view == NOW else view, "after": cursor}
    return urlencode({name: value for name, value in pairs.items() if value}) if cursor else ""
