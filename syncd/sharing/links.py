"""Share links: who holds one comes in. The secret is told once; only its hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

from syncd.accounts import audit
from syncd.partners.models import Link
from syncd.sharing import deals
from syncd.sharing.copying import head
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal
from syncd.trackers.writing import writing

SECRET = 32
"""Random bytes of a secret."""
OVERLAP = timedelta(hours=24)
"""So long a link goes on working after another took its place."""


def lasting(deal: Deal) -> timedelta:
    """How long a link works by the agreement in force.

    :raises Refused: there are no share links with this partner now
    """
    agreement = deals.effective(deal)
    if agreement is None:
        raise Refused(f"nothing is shared with {deal.name}: approve the agreement first")
    expires = next((place.expires for place in agreement.places if place.kind == "page"), 0)
    if not expires:
        raise Refused(
            f"the agreement with {deal.name} has no page with a link: name one under mirrors in partners.yaml"
        )
    return timedelta(seconds=expires)


def make(deal: Deal, label: str, by: str, now: datetime, lasts: timedelta | None = None) -> tuple[Link, str]:
    """A new link and its secret, which nobody can read again.

    :param label: who gets it, for our side
    :param lasts: how long it works, at most what the agreement says, which is the default
    :raises Refused: there are no share links with this partner now, or none that works for so long
    """
    most = lasting(deal)
    if lasts is not None and not timedelta() < lasts <= most:
        raise Refused(f"the agreement with {deal.name} lets a link work for {most.days or 1} days at most")
    head.put(deal)
    secret = secrets.token_urlsafe(SECRET)
    link = Link.objects.create(
        partner_id=deal.partner,
        kind=Link.SHARE,
        digest=sha256(secret.encode()).hexdigest(),
        label=label.strip(),
        made_at=now,
        expires_at=now + (lasts or most),
    )
    audit.record(by, "link_made", deal.name, partner=deal.partner, link=link.id, label=link.label)
    return link, secret


def address(secret: str) -> str:
    """What is passed on to the partner."""
    return settings.PARTNER_URL.rstrip("/") + reverse("share", urlconf="syncd.partners.urls", args=[secret])


def revoke(link: Link, by: str, now: datetime) -> None:
    """It opens nothing any more, and whoever came in by it is out.

    :raises Refused: it is revoked already
    """
    if not Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        raise Refused("the link is revoked already")
    link.refresh_from_db()
    audit.record(by, "link_revoked", link.partner_id, partner=link.partner_id, link=link.id, label=link.label)


def rotate(link: Link, by: str, now: datetime) -> tuple[Link, str]:
    """Another link in place of this one, which goes on working for a day so that everybody can change over.

    :raises Refused: it does not work any more, or there are no share links with this partner now
    """
    if link.revoked_at or link.expires_at <= now:
        raise Refused("the link does not work any more: make a new one")
    with writing():
        made = make(Deal.objects.get(partner=link.partner_id), link.label, by, now)
        Link.objects.filter(pk=link.pk).update(expires_at=min(link.expires_at, now + OVERLAP))
    link.refresh_from_db()
    audit.record(by, "link_rotated", link.partner_id, partner=link.partner_id, link=link.id, by=made[0].id)
    return made


def of(deal: Deal) -> list[Link]:
    """Share links to a partner's pages, newest first."""
    return list(Link.objects.filter(partner=deal.partner, kind=Link.SHARE).order_by("-made_at", "id"))
