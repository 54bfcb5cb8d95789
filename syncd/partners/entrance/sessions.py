"""Sessions: rows of the desk, found by the hash of what the cookie holds."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from syncd.partners.databases import looking
from syncd.partners.desk.models import Session
from syncd.partners.entrance import secret
from syncd.partners.entrance.visitor import Visitor, stands_open, who_is
from syncd.partners.models import Contact, Partner

LONGEST, IDLE = timedelta(hours=8), timedelta(minutes=30)
PULSE = timedelta(minutes=1)
"""How exactly it is known when somebody was last here: reading pages writes no more often."""


def begin(
    partner: Partner,
    now: datetime,
    *,
    contact: str = "",
    link: str = "",
    email: str = "",
    until: datetime | None = None,
) -> str:
    """A new session. Call it while looking at the partner.

    :param until: when it ends at the latest, where that is before its time is over
    :returns: the secret for the cookie
    """
    opened = secret.fresh()
    ends = now + LONGEST
    Session.objects.create(
        digest=secret.digest(opened), partner=partner.id, contact=contact, link=link, email=email,
        began_at=now, seen_at=now, expires_at=min(ends, until) if until else ends,
    )  # fmt: skip
    return opened


def found(request: HttpRequest, now: datetime) -> Session | None:
    """The session that the cookie names, if it is not over. It may still be that its way in was closed."""
    held = request.COOKIES.get(settings.PARTNER_COOKIE_NAME)
    if not held:
        return None
    named = secret.digest(held)
    with looking(digest=named):
        session = Session.objects.filter(digest=named, ended_at=None).first()
    if session is None or session.expires_at <= now or session.seen_at + IDLE <= now:
        return None
    return session


def visitor(session: Session, now: datetime) -> Visitor | None:
    """Who that is. Call it while looking at the session's partner. A session whose way in was closed ends here for good."""
    partner = Partner.objects.filter(id=session.partner).first()
    if partner is None or not stands_open(partner, session, now):
        end(session, now)
        return None
    if now - session.seen_at > PULSE:
        Session.objects.filter(digest=session.digest).update(seen_at=now)
    contact = Contact.objects.filter(partner=partner, id=session.contact).first() if session.contact else None
    who = session.contact or session.link or who_is(partner, session.email)
    return Visitor(partner, who, contact, session, now)


def end(session: Session, now: datetime) -> None:
    """From now on it opens nothing."""
    Session.objects.filter(digest=session.digest, ended_at=None).update(ended_at=now)


def give_cookie(response: HttpResponse, opened: str) -> None:
    """Let the browser hold the session. Strict: no other site's page or link sends it along."""
    response.set_cookie(
        settings.PARTNER_COOKIE_NAME, opened, path=settings.PARTNER_COOKIE_PATH, secure=settings.PARTNER_HTTPS,
        httponly=True, samesite="Strict",
    )  # fmt: skip


def take_cookie(response: HttpResponse) -> None:
    """Have the browser forget it."""
    response.set_cookie(
        settings.PARTNER_COOKIE_NAME, "", max_age=0, path=settings.PARTNER_COOKIE_PATH, secure=settings.PARTNER_HTTPS,
        httponly=True, samesite="Strict",
    )  # fmt: skip
