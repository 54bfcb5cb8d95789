"""Why a partner can see an item, or cannot: value by value, on a page of its own and beside the item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rules.model.partners import Cell
from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.partners.pages import telling
from syncd.sharing import access, deals, why
from syncd.sharing.models import Deal
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.partner import around
from syncd.sharing.pages.preview import WORDS
from syncd.sharing.pages.standing import state
from syncd.trackers import access as tracked
from syncd.trackers.find import find


@dataclass(frozen=True, slots=True)
class Beside:
    """How one partner stands to an item. ``values``: field, value and clause of what it sees."""

    deal: Deal
    values: Sequence[tuple[str, str, str]]
    tag: tuple[str, str, str]
    waits: bool


@require_safe
def partner_why_named(request: HttpRequest, partner: str) -> HttpResponse:
    """By what people call the item, whether it is shared or not: ``?key=WEB-12``.

    :raises BadRequest: there is no such item, or it is in several trackers
    """
    deal, key = deal_of(request, partner), request.GET.get("key", "").replace("\0", "").strip()
    found = find(key)[:5] if key else []
    if len(found) > 1:
        keys = ", ".join(f"{row.tracker.name}:{row.native_id}" for row in found)
        raise BadRequest(f"{key} is in several trackers: say which of {keys}")
    if not found:
        raise BadRequest(f"key={key}: no item is called so" if key else "Name an item: key=WEB-12")
    return HttpResponseRedirect(reverse("partner_why", args=[deal.partner, found[0].pk]))


@require_safe
def partner_why(request: HttpRequest, partner: str, item: int) -> HttpResponse:
    """Each field with the clause that shows or withholds it, and how the filter fared."""
    person, deal, now = person_of(request), deal_of(request, partner), timezone.now()
    row = get_object_or_404(tracked.items(person).select_related("tracker"), pk=item)
    told = why.cells(deal, row.pk, now)
    values = {
        **around(person, deal, "partner_why"),
        "item": row,
        "told": told,
        "cells": list(_named(told.cells)),
        "waiting": list(_named(told.waiting)),
        "now": now,
    }
    return render(request, "sharing/why.html", values)


def _named(cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    """With the field's word, and the value as they read it; what is shown comes first."""
    for cell in sorted(cells, key=lambda cell: not cell.shown):
        read = cell.value and telling.value(cell.field, cell.value)
        yield WORDS.get(cell.field, cell.field), replace(cell, value=read)


def beside(person: User, item: int) -> Iterator[Beside]:
    """The partners, of those who see an item (by row id) or would, in one query."""
    rows = access.shown(person).filter(item=item, deal__ended_at=None).select_related("deal").order_by("deal__name")
    for row in rows:
        seen = row.values if row.deal.closed_at is None else None
        if not (seen or row.waiting):
            continue
        terms = deals.effective(row.deal)
        how = terms.fields if terms else {}
        values = [
            (WORDS.get(name, name), telling.value(name, value), f"share.fields.{name}: {how.get(name, '')}")
            for name, value in (seen or {}).items()
        ]
        yield Beside(row.deal, values, state(row.deal, waits=row.waiting is not None), row.waiting is not None)
