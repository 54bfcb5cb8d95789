"""Secrets of feeds: made by a visitor, ended by a visitor, and by whatever ends that visitor's way in."""

from datetime import datetime

from django.db.models import QuerySet

from syncd.partners.databases import looking
from syncd.partners.desk.models import Key
from syncd.partners.entrance import secret
from syncd.partners.entrance.visitor import Visitor, stands_open
from syncd.partners.models import Partner

MOST = 20
"""Keys of one visitor at a time."""


class TooMany(Exception):
    """There are so many that nobody can know them any more."""


def live(who: Visitor) -> QuerySet[Key]:
    """The visitor's keys that open something, the newest first."""
    mine = Key.objects.filter(partner=who.partner.id, who=who.who, ended_at=None)
    return mine.order_by("-made_at", "digest")


def make(who: Visitor) -> str:
    """:returns: the secret, which nobody can find out again

    :raises TooMany: one has to be ended first
    """
    if live(who).count() >= MOST:
        raise TooMany
    opens, way = secret.fresh(), who.session
    Key.objects.create(
        digest=secret.digest(opens), partner=who.partner.id, who=who.who, contact=way.contact, link=way.link,
        email=way.email, made_at=who.now,
    )  # fmt: skip
    return opens


def name_of(key: Key) -> str:
    """What stands for it in a form: its hash stays here."""
    return secret.mark("key", key.digest)


def end(who: Visitor, name: str) -> bool:
    """From now on it opens nothing. False if they have no such key."""
    for key in live(who):
        if secret.same(name_of(key), name):
            Key.objects.filter(digest=key.digest).update(ended_at=who.now)
            return True
    return False


def holder(opens: str, now: datetime) -> tuple[str, str]:
    """Which partner's it is, and who made it; two empty texts if it opens nothing."""
    named = secret.digest(opens)
    with looking(digest=named):
        key = Key.objects.filter(digest=named, ended_at=None).first()
    if key is None:
        return "", ""
    with looking(key.partner):
        partner = Partner.objects.filter(id=key.partner).first()
        return (key.partner, key.who) if stands_open(partner, key, now) else ("", "")
