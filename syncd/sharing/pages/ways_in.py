"""Who at the partner's can look: contacts who sign in, and links for whoever holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from syncd.accounts.models import User
from syncd.partners.desk.models import Quiet, Session, Visit
from syncd.partners.models import Contact, Link
from syncd.sharing import access
from syncd.sharing.links import OVERLAP
from syncd.sharing.models import Deal


@dataclass(frozen=True, slots=True)
class Way:
    """A share link. ``used_at``: when it was last looked through; None: never."""

    link: Link
    state: str
    tone: str
    used_at: datetime | None

    @property
    def works(self) -> bool:
        return self.tone in ("good", "warn")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the partner's. ``seen_at``: when they last looked; ``quiet``: they want no letters about changes."""

    email: str
    seen_at: datetime | None
    quiet: bool


def ways(person: User, deal: Deal, now: datetime) -> list[Way]:
    """The share links, the newest first, in two queries."""
    links = list(access.share_links(person).filter(partner=deal.partner).order_by("-made_at", "-id")[:100])
    sessions = Session.objects.filter(link__in=[link.pk for link in links]).order_by().values_list("link")
    used = dict(sessions.annotate(last=Max("seen_at")))
    return [Way(link, *_state(link, now), used.get(link.pk)) for link in links]


def _state(link: Link, now: datetime) -> tuple[str, str]:
    if link.revoked_at:
        return "Revoked", "calm"
    if link.expires_at <= now:
        return "Expired", "calm"
    return ("Ends soon", "warn") if link.expires_at <= now + OVERLAP else ("Works", "good")


def people(deal: Deal) -> Iterator[Person]:
    """The contacts at the partner's, in three queries."""
    contacts = list(Contact.objects.filter(partner=deal.partner).order_by("email"))
    ids = [contact.pk for contact in contacts]
    looked = Visit.objects.filter(partner=deal.partner, who__in=ids).order_by().values_list("who")
    seen = dict(looked.annotate(last=Max("last_at")))
    quiet = set(Quiet.objects.filter(partner=deal.partner, contact__in=ids).values_list("contact", flat=True))
    for contact in contacts:
        yield Person(contact.email, seen.get(contact.pk), contact.pk in quiet)
