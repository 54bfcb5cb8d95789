"""What of the review somebody may see. Every lookup of its pages and of the API starts here, from the person.

Whoever may read sees every flag: who may know of a misalignment is not told by who may mend it.
"""

from django.db.models import Q, QuerySet

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review.models import Flag, Question, SavedView
from syncd.trackers.kept import Given, kept
from syncd.trackers.models import Item


def sees(person: User) -> bool:
    """All that lookups here ask of a person, but for what is their own: statements that are kept are told apart by it."""
    return may(person, Act.READ)


def flags(person: User) -> QuerySet[Flag]:
    """With the work they are about and the decision that stands."""
    found = Flag.objects.select_related("item__tracker", "item__stream", "verdict")
    return found if sees(person) else found.none()


def opened(person: User, flag: int) -> Flag | None:
    """One of them with what its page shows: without what is large and what only syncing reads."""

    def found() -> QuerySet[Flag]:
        wanted = flags(person).filter(pk=Given("flag", Flag))
        return wanted.only(*_OWN, *_VERDICT, *(f"item__{name}" for name in _WORK))

    return kept(("flag", sees(person)), found).one(flag=flag)


def listed(person: User) -> QuerySet[Flag]:
    """The same with what a list shows: of the work no more than says which it is."""
    found = flags(person).select_related(None).select_related("item__tracker", "verdict")
    return found.only(*_OWN, *_VERDICT, *_NAMED)


_OWN = tuple(field.name for field in Flag._meta.concrete_fields)  # noqa: SLF001  Django's documented Meta API
_VERDICT = tuple(
    f"verdict__{name}" for name in ("kind", "target", "reason", "author", "made_at", "until", "until_event")
)
_NAMED = tuple(
    f"item__{name}" for name in ("key", "native_id", "container", "stream_id", "tracker__name", "tracker__kind")
)
_WORK = (
    *("key", "native_id", "title", "url", "container", "status", "status_since", "deleted_at", "fate"),
    *("created_at", "updated_at", "first_known_at", "known_at", "tracker__name", "tracker__kind"),
    *(f"tracker__{name}" for name in ("active", "every", "broken_since", "error")),
    *(f"stream__{name}" for name in ("name", "active", "last_success_at", "broken_since", "error", "problems")),
)
"""Of an item: what is told about it, and whether what is known of it is out of date."""


def work(person: User, item: int) -> Item | None:
    """An item with what the page of a flag shows of it."""

    def found() -> QuerySet[Item]:
        return items(person).only(*_WORK).filter(pk=Given("item", Item))

    return kept(("work", sees(person)), found).one(item=item)


def items(person: User) -> QuerySet[Item]:
    """Those that there is something to tell about, deleted ones as well."""
    found = Item.objects.select_related("tracker", "stream")
    return found if sees(person) else found.none()


def questions(person: User) -> QuerySet[Question]:
    """What was asked about flags and items, with its answers."""
    found = Question.objects.select_related("item", "flag")
    return found if sees(person) else found.none()


def asked_about(person: User, flag: int) -> list[Question]:
    """What was asked about a flag, the newest first."""

    def found() -> QuerySet[Question]:
        wanted = questions(person).select_related(None).filter(flag=Given("flag", Flag))
        return wanted.order_by("-id")

    return kept(("asked", sees(person)), found).rows(flag=flag)


def views(person: User) -> QuerySet[SavedView]:
    """One's own saved views, and those that others share."""
    found = SavedView.objects.select_related("owner").order_by("name", "id")
    return found.filter(Q(owner=person) | Q(shared=True)) if sees(person) else found.none()


def list_of_views(person: User) -> list[SavedView]:
    """All of :func:`views`."""
    return kept(("views", person.pk, sees(person)), lambda: views(person)).rows()
