"""What of the trackers somebody may see. Every lookup of their pages and of the API starts here, from the person."""

from django.db.models import QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.trackers.models import Item, Tracker


def items(person: User) -> QuerySet[Item]:
    """Those of the trackers that are configured, deleted ones as well."""
    return Item.objects.filter(tracker__in=trackers(person))


def trackers(person: User) -> QuerySet[Tracker]:
    """Those that are configured."""
    found = Tracker.objects.filter(active=True)
    return found if may(person, Act.READ) else found.none()


def sees(person: User) -> frozenset[int]:
    """Ids of the trackers whose items somebody may see: there are few."""
    return frozenset(trackers(person).values_list("id", flat=True))
