"""One-time links: how somebody comes in for the first time, or after losing what they signed in with."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.urls import reverse

from syncd.accounts import audit
from syncd.accounts.address import ip_of
from syncd.accounts.models import AuditEvent, OneTimeLink, Role, User

LASTS = timedelta(hours=1)
FORGOTTEN = timedelta(days=7)
"""After its end a link is removed altogether."""
TRIES, WITHIN = 10, timedelta(minutes=15)
"""Links that open nothing, from one address, before it has to wait."""
REFUSED = "link_refused"
_TURN = 0x6C696E6B  # any number that nobody else locks in this database


class Refused(Exception):
    """The link opens nothing: used, out of date, or never made. It says no more than that."""


def make(actor: audit.Actor, person: User | None, *, base: str = "", lasts: timedelta = LASTS) -> str:
    """The address of a fresh link.

    :param person: who signs in by it; None: whoever opens it becomes the first operator
    :param base: where the pages are reached; default: the public address
    """
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    OneTimeLink.objects.filter(expires_at__lt=now - FORGOTTEN).delete()
    OneTimeLink.objects.create(user=person, hash=_hash(secret), made_at=now, expires_at=now + lasts)
    audit.record(actor, "link_made", person or "first operator")
    return f"{(base or settings.PUBLIC_URL).rstrip('/')}{reverse('link', args=[secret])}"


def first_operator(base: str = "") -> str:
    """A link for whoever is to be the first operator; empty where there is one."""
    return "" if User.objects.operators().exists() else make("syncd", None, base=base)


def look(secret: str) -> OneTimeLink | None:
    """The link, if it still opens something. Looking does not use it up: programs that scan mail look at links."""
    live = OneTimeLink.objects.filter(hash=_hash(secret), used_at=None, expires_at__gt=datetime.now(UTC))
    link = live.select_related("user").first()
    if link is None or (link.user is None and User.objects.operators().exists()):
        return None
    return link if link.user is None or link.user.is_active else None


@transaction.atomic
def redeem(request: HttpRequest, secret: str, *, email: str = "", name: str = "") -> User:
    """Use the link up. :returns: whose it is; the first operator is made of ``email`` and ``name``

    :raises Refused: it opens nothing (any more); of two that come at the same time one is refused
    :raises ValidationError: the first operator's address is none
    """
    _in_turn()
    link = look(secret)
    now = datetime.now(UTC)
    if link is None or not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise Refused
    person = link.user or User.objects.add(email, Role.OPERATOR, name)
    audit.record(request, "link_redeemed", person, first_operator=link.user is None)
    return person


def _in_turn() -> None:
    """Until the transaction ends nobody else uses a link up: of two links for the first operator one makes one. SQLite has
    one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def must_wait(request: HttpRequest) -> bool:
    """Whether too many links that open nothing came from this address lately; in the store, for all processes."""
    since = datetime.now(UTC) - WITHIN
    return AuditEvent.objects.filter(verb=REFUSED, ip=ip_of(request), at__gt=since).count() >= TRIES


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
