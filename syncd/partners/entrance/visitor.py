"""Who is signed in, and whether the way by which they came still stands open."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from syncd.partners.desk.models import Key, Session
from syncd.partners.entrance import secret
from syncd.partners.models import Contact, Link, Partner

_VISITOR = "_visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of a partner's, for one request."""

    partner: Partner
    who: str
    """As in the desk's tables."""
    contact: Contact | None
    session: Session
    now: datetime

    @property
    def name(self) -> str:
        """What the page calls them: their own address; nothing for whoever came by a share link."""
        return self.contact.email if self.contact else self.session.email


def of(request: HttpRequest) -> Visitor:
    """The visitor of a page that only visitors get to see."""
    return cast("Visitor", getattr(request, _VISITOR))


def seat(request: HttpRequest, visitor: Visitor) -> None:
    """From now on this is the request's visitor."""
    setattr(request, _VISITOR, visitor)


def stands_open(partner: Partner | None, way: Session | Key, now: datetime) -> bool:
    """Whether the way in by which a session or key was made is still one: sharing is on, the link was not taken back,
    the contact is still one, the provider still vouches for such addresses."""
    if partner is None or not partner.open:
        return False
    if way.contact and not partner.contacts.filter(id=way.contact).exists():
        return False
    if way.link:
        return _link_holds(partner.links.filter(id=way.link).first(), now)
    return bool(way.email) and vouched_for(partner, way.email)


def vouched_for(partner: Partner, email: str) -> bool:
    """Whether somebody whose provider says so is let in: a contact, or an address of an agreed domain. What the
    settings say counts as far as it was approved."""
    provider = settings.PARTNER_SIGN_INS.root.get(partner.id)
    if provider is None or provider.issuer != partner.issuer:
        return False
    domains = {*provider.domains} & {*partner.domains}
    return email.rpartition("@")[2] in domains or partner.contacts.filter(email=email).exists()


def who_is(partner: Partner, email: str) -> str:
    """An id for somebody let in by domain: the same each time, and of this partner alone."""
    return secret.mark("person", f"{partner.id} {email}")


def _link_holds(link: Link | None, now: datetime) -> bool:
    """A letter's link is used up within minutes and its session goes on; a share link's ends with it."""
    if link is None or (link.revoked_at is not None and link.revoked_at <= now):
        return False
    return link.kind == Link.MAGIC or link.expires_at > now
