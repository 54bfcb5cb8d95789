"""Up to where somebody has seen what changed. It moves when they say so, and never by itself."""

from datetime import datetime, timedelta

from syncd.accounts.models import User
from syncd.trackers.models import Look

FIRST = timedelta(days=7)
"""So far back somebody looks who never looked before."""


def look(person: User) -> datetime | None:
    """When they last said that they had seen everything; None: never."""
    return Look.objects.filter(person=person).values_list("at", flat=True).first()


def begin(person: User, now: datetime) -> datetime:
    """The moment since which changes are new to somebody."""
    return look(person) or now - FIRST


def seen(person: User, at: datetime) -> datetime | None:
    """They have seen everything up to then. :returns: where the mark was before, to have it back"""
    before = look(person)
    Look.objects.update_or_create(person=person, defaults={"at": at})
    return before
