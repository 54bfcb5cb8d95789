"""What of the review somebody may see. Every lookup of its pages and of the API starts here, from the person.

Whoever may read sees every flag: who may know of a misalignment is not told by who may mend it.
"""

from django.db.models import Q, QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review.models import Flag, Question, SavedView
from syncd.trackers.models import Item


def flags(person: User) -> QuerySet[Flag]:
    """With the work they are about and the decision that stands."""
    found = Flag.objects.select_related("item__tracker", "item__stream", "verdict")
    return found if may(person, Act.READ) else found.none()


def items(person: User) -> QuerySet[Item]:
    """Those that there is something to tell about, deleted ones as well."""
    found = Item.objects.select_related("tracker", "stream")
    return found if may(person, Act.READ) else found.none()


def questions(person: User) -> QuerySet[Question]:
    """What was asked about flags and items, with its answers."""
    found = Question.objects.select_related("item", "flag")
    return found if may(person, Act.READ) else found.none()


def views(person: User) -> QuerySet[SavedView]:
    """One's own saved views, and those that others share."""
    found = SavedView.objects.select_related("owner").order_by("name", "id")
    return found.filter(Q(owner=person) | Q(shared=True)) if may(person, Act.READ) else found.none()
