"""Partners: what each sees and why, what waits for approval, and the switch that stops it all."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from rules.model.partners import Cell
from syncd.accounts.access import Act
from syncd.api import conditions
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing, whole
from syncd.api.routes.items import find as item_of
from syncd.api.routing import Routes
from syncd.api.shapes import partners as told
from syncd.api.shapes.words import Word
from syncd.partners.models import Item
from syncd.sharing import access, approvals, exactly, switch, why
from syncd.sharing.models import Deal
from syncd.sharing.pages import values
from syncd.sharing.pages.standing import Standing, standings
from syncd.trackers import as_json
from syncd.trackers.models import Item as Work
from syncd.web import keyset

routes = Routes("Partners")


@routes.look("/partners", Listing[told.Partner])
def list_partners(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """Every agreement with how it stands, in the order in which they were written; ended ones as well."""
    person = person_of(request)
    page = keyset.page(access.deals(person), ("id",), at.after, at.limit)
    return whole(request, response, map(_partner, standings(person, page.rows)), page.older)


@routes.look("/partners/{partner}", told.Partner)
def get_partner(request: HttpRequest, partner: Word) -> dict[str, Any]:
    """One of them, by its id in ``partners.yaml``."""
    return one(request, find(request, partner))


@routes.look("/partners/{partner}/items", Listing[told.SharedItem])
def list_partner_items(request: HttpRequest, response: HttpResponse, partner: Word, at: At) -> dict[str, Any]:
    """What the partner sees, word for word, by due date."""
    deal = find(request, partner)
    page = keyset.page(Item.objects.filter(partner=deal.partner), ("when", "id"), at.after, at.limit)
    public = [row.pk for row in page.rows]
    behind = access.shown(person_of(request)).filter(deal=deal, public__in=public).values_list("public", "item")
    work = _names(dict(behind))
    return listing(request, response, page, lambda row: _item(row, work.get(row.pk)))


@routes.look("/partners/{partner}/items/{item}/why", told.Why)
def explain_partner_item(request: HttpRequest, partner: Word, item: Word) -> dict[str, Any]:
    """Why the partner sees an item (by its ``id``), or does not, field by field."""
    deal, row = find(request, partner), item_of(request, item)
    found = why.cells(deal, row.pk, timezone.now())
    return {
        "item": as_json.id_of(row),
        "visible": found.visible,
        "says": found.says,
        "matched": found.reason.matched,
        "because": found.reason.because,
        "cells": [_cell(cell) for cell in found.cells],
        "waiting": [_cell(cell) for cell in found.waiting],
    }


@routes.look("/partners/{partner}/waiting", Listing[told.Waiting])
def list_waiting(request: HttpRequest, response: HttpResponse, partner: Word, at: At) -> dict[str, Any]:
    """What waits for approval, item by item, with the exact values and their clauses."""
    deal = find(request, partner)
    page = keyset.page(exactly.rows(deal), ("id",), at.after, at.limit)
    after = page.rows[0].pk - 1 if page.rows else 0
    rows = [row for _, row in values.rows(deal, after, len(page.rows), timezone.now())[0]] if page.rows else []
    work = _names({row.id: row.item for row in rows})
    return whole(request, response, [_waiting(row, work) for row in rows], page.older)


@routes.look("/partners/{partner}/waiting/summary", told.Summary)
def sum_waiting(request: HttpRequest, partner: Word) -> dict[str, Any]:
    """All that waits, in numbers, and why; ``seen`` is sent back with the approval."""
    deal = find(request, partner)
    found = exactly.summary(deal)
    numbers = {name: getattr(found, name) for name in ("seen", "items", "added", "changed", "values", "blanked")}
    because = [asdict(each) for each in exactly.because(deal)]
    more = {"withdrawn": approvals.withdrawals(deal), "looking": approvals.is_looking(deal)}
    return {**numbers, **more, "because": because}


@routes.make("/partners/{partner}/approvals", told.Approval, Act.DECIDE)
def approve_waiting(request: HttpRequest, partner: Word, asked: told.Approve) -> dict[str, Any]:
    """Approve exactly what ``seen`` stands for. The partner sees it within a minute."""
    deal = find(request, partner)
    conditions.demand(request, told.Partner, one(request, deal))
    done = exactly.approve(deal, asked.seen, str(person_of(request)), asked.message, timezone.now())
    return {"items": done.items, "values": done.values, "partner": one(request, find(request, partner))}


@routes.make("/partners/{partner}/stop", told.Partner, Act.DECIDE, status=200)
def stop_partner(request: HttpRequest, partner: Word, asked: told.Stop) -> dict[str, Any]:
    """The kill switch: from this answer on the partner sees nothing."""
    deal = find(request, partner)
    switch.stop(deal, str(person_of(request)), asked.because, timezone.now())
    return one(request, deal)


@routes.take_back("/partners/{partner}/stop", told.Partner, Act.DECIDE)
def resume_partner(request: HttpRequest, partner: Word) -> dict[str, Any]:
    """The partner sees again what was agreed, within a minute."""
    deal = find(request, partner)
    switch.resume(deal, str(person_of(request)), timezone.now())
    return one(request, deal)


def find(request: HttpRequest, partner: str) -> Deal:
    """:raises Http404: there is no such partner, or none that this person may know of"""
    found: Deal = get_object_or_404(access.deals(person_of(request)), partner=partner)
    return found


def one(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    return _partner(standings(person_of(request), [deal])[0])


def _partner(row: Standing) -> dict[str, Any]:
    deal = row.deal
    return {
        "id": deal.partner,
        "name": deal.name,
        "state": row.state[0],
        "owner": row.owner or None,
        "cadence": row.cadence or None,
        "items": row.items,
        "waiting": row.waiting,
        "proposals": row.ours,
        "comments": row.unanswered,
        "approved_at": deal.approved_at,
        "approved_by": deal.approved_by or None,
        "told_at": deal.told_at,
        "due_at": row.due_at,
        "fresh_at": row.fresh_at,
        "stopped_at": deal.closed_at,
        "stopped_by": deal.closed_by or None,
        "stopped_because": deal.closed_because or None,
        "ended_at": deal.ended_at,
    }


def _names(rows: Mapping[Any, int]) -> dict[Any, str]:
    """Something -> row id of an item, as something -> the item's ``id``."""
    found = Work.objects.select_related("tracker").only("tracker__name", "native_id").in_bulk(list(rows.values()))
    return {key: as_json.id_of(found[pk]) for key, pk in rows.items() if pk in found}


def _item(row: Item, work: str | None) -> dict[str, Any]:
    names = ("values", "shown_on", "changed_on")
    return {"id": row.pk, "item": work, **{name: getattr(row, name) for name in names}}


def _waiting(row: values.Row, work: Mapping[int, str]) -> dict[str, Any]:
    told_ = {name: getattr(row, name) for name in ("key", "title", "added", "held")}
    return {
        "item": work.get(row.id, ""),
        **told_,
        "values": [_value(value) for value in row.values],
        "withheld": [_cell(cell) for cell in row.withheld],
    }


def _value(value: values.Value) -> dict[str, Any]:
    blank = {"was": value.was or None, "becomes": value.becomes or None}
    return {"field": value.name, **blank, "clause": value.clause, "because": value.because, "taken": _taken(value)}


def _cell(cell: Cell) -> dict[str, Any]:
    shown = {"field": cell.field, "value": cell.value or None}
    return {**shown, "clause": cell.clause, "because": cell.because, "taken": _taken(cell)}


def _taken(told_: Cell | values.Value) -> list[dict[str, Any]]:
    return [asdict(each) for each in told_.taken]
