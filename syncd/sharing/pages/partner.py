"""``/partners/<id>/``: the relationship. What each side promised, what was said, who can look, and the way to stop it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.partners.entrance import sso
from syncd.partners.models import Partner
from syncd.sharing import deals
from syncd.sharing.models import Deal
from syncd.sharing.pages.commitments import promised
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.forms import Say
from syncd.sharing.pages.mirrored import differences, whole
from syncd.sharing.pages.standing import Standing, standings
from syncd.sharing.pages.talk import talk
from syncd.sharing.pages.ways_in import people, ways

VERSIONS = 10
"""Approvals that the page lists."""


@require_safe
def partner(request: HttpRequest, partner: str) -> HttpResponse:
    """All about one of them."""
    person, deal, now = person_of(request), deal_of(request, partner), timezone.now()
    commitments, terms = promised(person, deal), deals.proposed(deal)
    remarks, place = talk(person, deal, request.GET.get("after", ""))
    values = {
        **around(person, deal, "partner"),
        "commitments": commitments,
        "turns": [each for one in commitments for each in one.offers if each.our_turn],
        "remarks": remarks,
        "newer": place.newer,
        "older": place.older,
        "say": Say(auto_id="say-%s"),
        "mirrors": whole(deal),
        "differences": differences(deal),
        "ways": ways(person, deal, now),
        "own_sign_in": sso.address(deal.partner),
        "people": list(people(deal)),
        "ours": [terms.owner, *terms.ours] if terms else [],
        "versions": deal.versions.order_by("-id")[:VERSIONS],
        "now": now,
    }
    return render(request, "sharing/partner.html", values)


def around(person: User, deal: Deal, here: str) -> dict[str, Any]:
    """What stands at the head of all pages about a partner. ``here``: the name of the page's route."""
    [standing] = standings(person, [deal])
    return {
        "deal": deal,
        "standing": standing,
        "late": standing.is_late(timezone.now()),
        "tabs": [(word, route, count, route == here) for word, route, count in _tabs(standing)],
        "decides": may(person, Act.DECIDE) and deal.ended_at is None,
        "copy": Partner.objects.defer("logo").filter(pk=deal.partner).first(),
    }


def _tabs(standing: Standing) -> list[tuple[str, str, int | None]]:
    return [
        ("Relationship", "partner", None),
        ("Waiting", "partner_waiting", standing.waiting),
        ("Preview", "partner_preview", standing.items),
        ("Ledger", "partner_ledger", None),
    ]
