"""What of the messages somebody may see. Every lookup of the pages starts here, from the person."""

from django.db.models import QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.notify.models import Digest, Message, Subscription


def subscriptions(person: User) -> QuerySet[Subscription]:
    """One's own, those that ended as well."""
    found = Subscription.objects.select_related("person", "view").filter(person=person)
    return found if may(person, Act.READ) else found.none()


def digests(person: User) -> QuerySet[Digest]:
    """What one was told."""
    found = Digest.objects.filter(subscription__person=person, state=Digest.TOLD).select_related("subscription")
    return found if may(person, Act.READ) else found.none()


def outbox(person: User) -> QuerySet[Message]:
    """Everything that leaves, for operators."""
    return Message.objects.all() if may(person, Act.OPERATE) else Message.objects.none()
