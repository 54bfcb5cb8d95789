"""Links that open the pages: one in a letter, which works once, and share links, which work for whoever holds them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from syncd.partners import faults
from syncd.partners.answers import SeeOther, show
from syncd.partners.databases import looking
from syncd.partners.desk.models import Redemption
from syncd.partners.entrance import guard, secret, sessions, tries
from syncd.partners.entrance.door import open_to_all
from syncd.partners.headers import origin_only
from syncd.partners.models import Link, Partner


class Refused(Exception):
    """The link opens nothing: wrong, used, out of date, taken back, or sharing is stopped. It says no more than that."""


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, opens: str) -> HttpResponse:
    """A letter's link. GET shows a button, since programs that scan mail look at links; POST uses the link up."""
    now = timezone.now()
    if tries.must_wait(request, now):
        return origin_only(faults.too_many(request))
    try:
        if request.method != "POST":
            _found(Link.MAGIC, opens, now)
            return origin_only(show(request, "enter.html", {"token": guard.token(request)}))
        session = redeem(opens, now)
    except Refused:
        return _refused(request, now)
    answer = SeeOther(reverse("tracker"))
    sessions.give_cookie(answer, session)
    return origin_only(answer)


@open_to_all
@require_safe
def share(request: HttpRequest, opens: str) -> HttpResponse:
    """A share link, exchanged for a cookie at once. It leads on by a page of ours, from which the cookie is sent along."""
    now = timezone.now()
    if tries.must_wait(request, now):
        return origin_only(faults.too_many(request))
    try:
        link = _found(Link.SHARE, opens, now)
    except Refused:
        return _refused(request, now)
    to = reverse("tracker")
    answer = show(request, "welcome.html", {"to": to})
    if request.method == "GET":
        with looking(link.partner_id):
            session = sessions.begin(link.partner, now, link=link.id, until=link.expires_at)
        sessions.give_cookie(answer, session)
        answer.headers["Refresh"] = f"0; url={to}"
    return origin_only(answer)


def redeem(opens: str, now: datetime) -> str:
    """Use a letter's link up. :returns: the secret of the session that begins

    :raises Refused: it opens nothing (any more); of two that come at the same time one is refused
    """
    link = _found(Link.MAGIC, opens, now)
    try:
        with looking(link.partner_id), transaction.atomic("outside"):
            Redemption.objects.create(link=link.id, partner=link.partner_id, at=now)
            return sessions.begin(link.partner, now, contact=link.contact_id or "", link=link.id)
    except IntegrityError:
        raise Refused from None


def _found(kind: str, opens: str, now: datetime) -> Link:
    """The link, with its partner, if it opens something. Looking does not use it up."""
    named = secret.digest(opens)
    with looking(digest=named):
        link = Link.objects.filter(digest=named, kind=kind, expires_at__gt=now).first()
    if link is None or (link.revoked_at is not None and link.revoked_at <= now):
        raise Refused
    with looking(link.partner_id):
        partner = Partner.objects.filter(id=link.partner_id, open=True).first()
        used = kind == Link.MAGIC and Redemption.objects.filter(partner=link.partner_id, link=link.id).exists()
    if partner is None or used:
        raise Refused
    link.partner = partner
    return link


def _refused(request: HttpRequest, now: datetime) -> HttpResponse:
    tries.note(request, now)
    return origin_only(faults.closed_link(request))
