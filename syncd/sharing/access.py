"""What of the partners somebody of ours may see. Every lookup of the pages and of the API starts here, from the person.

Whoever may read sees every partner: what outsiders know is no secret among us. What is changed needs ``DECIDE``.
"""

from typing import TypeVar

from django.db.models import Model, QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.partners.models import Comment, Link
from syncd.sharing.models import Deal, Disclosure, Offer, Promise, Shown

Row = TypeVar("Row", bound=Model)


def deals(person: User) -> QuerySet[Deal]:
    """Every agreement, ended ones as well."""
    return _readable(person, Deal.objects.all())


def shown(person: User) -> QuerySet[Shown]:
    """Items that a partner sees, or would see."""
    return _readable(person, Shown.objects.all())


def promises(person: User) -> QuerySet[Promise]:
    """Commitments of both sides, as ours keeps them."""
    return _readable(person, Promise.objects.select_related("deal"))


def offers(person: User) -> QuerySet[Offer]:
    """Proposals to change a commitment."""
    return _readable(person, Offer.objects.select_related("promise__deal", "counters"))


def disclosures(person: User) -> QuerySet[Disclosure]:
    """Lines of the ledger."""
    return _readable(person, Disclosure.objects.all())


def share_links(person: User) -> QuerySet[Link]:
    """Links for whoever holds them; those in letters are nobody's to look at."""
    return _readable(person, Link.objects.filter(kind=Link.SHARE))


def comments(person: User) -> QuerySet[Comment]:
    """What both sides said."""
    return _readable(person, Comment.objects.select_related("item", "commitment"))


def _readable(person: User, found: QuerySet[Row]) -> QuerySet[Row]:
    return found if may(person, Act.READ) else found.none()
