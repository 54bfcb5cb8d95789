"""One's digests, and for operators what leaves."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja.errors import HttpError

from syncd.accounts.access import Act
from syncd.accounts.models import User
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing
from syncd.api.routing import Routes
from syncd.api.shapes import messages as told
from syncd.api.shapes.words import Id
from syncd.notify import access, digests, letters, outbox
from syncd.notify.changes import Content
from syncd.notify.forms import channels
from syncd.notify.models import Digest, Message, Silenced, Subscription
from syncd.notify.saying import about
from syncd.review import access as review
from syncd.web import keyset
from syncd.web.filters import BadFilter

routes = Routes("Messages")


@routes.look("/subscriptions", Listing[told.Subscription])
def list_subscriptions(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """One's own digests, those that ended as well."""
    page = keyset.page(access.subscriptions(person_of(request)), ("id",), at.after, at.limit)
    return listing(request, response, page, subscription)


@routes.look("/subscriptions/{int:id}", told.Subscription)
def get_subscription(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002  as the address has it
    """One of them."""
    return subscription(_find(request, id))


@routes.make("/subscriptions", told.Subscription, Act.READ)
def subscribe(request: HttpRequest, asked: told.NewSubscription) -> dict[str, Any]:
    """A digest for oneself."""
    return subscription(_saved(Subscription(person=person_of(request)), asked))


@routes.put_anew("/subscriptions/{int:id}", told.Subscription, Act.READ)
def change_subscription(request: HttpRequest, id: Id, asked: told.NewSubscription) -> dict[str, Any]:  # noqa: A002
    """Other days, another hour, something else to be told about. No slot before now is served."""
    return subscription(_saved(_find(request, id), asked))


@routes.take_back("/subscriptions/{int:id}", told.Subscription, Act.READ)
def end_subscription(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Nothing more is sent; it stays, to be resumed."""
    found = _find(request, id)
    found.end("by you", timezone.now())
    return subscription(found)


@routes.make("/subscriptions/{int:id}/resume", told.Subscription, Act.READ, status=200)
def resume_subscription(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Take its end back."""
    found = _find(request, id)
    found.resume(timezone.now())
    return subscription(found)


@routes.look("/subscriptions/{int:id}/preview", told.Content)
def preview_digest(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """What it would tell now; nothing is kept."""
    return content(digests.preview(_find(request, id), timezone.now()))


@routes.look("/digests", Listing[told.Digest])
def list_digests(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """What one was told, the newest first."""
    found = access.digests(person_of(request)).select_related("message")
    return listing(request, response, keyset.page(found, ("-id",), at.after, at.limit), digest)


@routes.look("/digests/{int:id}", told.Digest)
def get_digest(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """One of them: the same words as in the mail."""
    return digest(get_object_or_404(access.digests(person_of(request)).select_related("message"), pk=id))


@routes.look("/alerts/mail", told.Alerts, Act.OPERATE)
def get_alerts_by_mail(request: HttpRequest) -> dict[str, Any]:
    """Whether one gets alerts by mail."""
    return {"by_mail": not Silenced.objects.filter(person=person_of(request), at__isnull=False).exists()}


@routes.put_anew("/alerts/mail", told.Alerts, Act.OPERATE)
def set_alerts_by_mail(request: HttpRequest, asked: told.Alerts) -> dict[str, Any]:
    """Alerts by mail, or not."""
    since = None if asked.by_mail else timezone.now()
    Silenced.objects.update_or_create(person=person_of(request), defaults={"at": since})
    return asked.model_dump()


@routes.look("/messages", Listing[told.Message], Act.OPERATE)
def list_messages(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """Everything that leaves, the newest first."""
    found = access.outbox(person_of(request)).defer("text", "html")
    return listing(request, response, keyset.page(found, ("-id",), at.after, at.limit), message)


@routes.make("/messages/{int:id}/again", told.Message, Act.OPERATE, status=200)
def send_message_again(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Try it once more, from the beginning."""
    found = get_object_or_404(access.outbox(person_of(request)).defer("text", "html"), pk=id)
    if not outbox.again(found, timezone.now()):
        raise HttpError(409, "it has arrived, or is on its way")
    found.refresh_from_db()
    return message(found)


def subscription(row: Subscription) -> dict[str, Any]:
    return {
        "id": row.pk,
        "days": row.days,
        "hour": row.hour,
        "channel": row.channel,
        "view": row.view_id,
        "query": row.query,
        "about": about(row),
        "since": row.since,
        "next_at": None if row.ended_at else digests.next_slot(row, timezone.now()),
        "ended_at": row.ended_at,
        "ended_because": row.ended_because or None,
    }


def content(said: Content) -> dict[str, Any]:
    return {"subject": letters.subject(said), **asdict(said)}


def digest(row: Digest) -> dict[str, Any]:
    return {
        "id": row.pk,
        "subscription": row.subscription_id,
        "slot": row.slot,
        "since": row.since,
        "until": row.until,
        "content": content(Content.of(row.content)),
        "message": row.message.state if row.message else None,
    }


def message(row: Message) -> dict[str, Any]:
    names = ("way", "to", "topic", "subject", "state", "attempts", "made_at", "next_at", "sent_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, "error": row.error or None}


def _find(request: HttpRequest, id_: int) -> Subscription:
    return get_object_or_404(access.subscriptions(person_of(request)), pk=id_)


def _saved(row: Subscription, asked: told.NewSubscription) -> Subscription:
    """:raises Http404: the view is none that one sees

    :raises BadFilter: there is no such channel, or the filters do not fit together
    """
    person: User = row.person
    known = [key for key, _ in channels(person)]
    if asked.channel not in known:
        raise BadFilter(f"channel={asked.channel}: expected one of {', '.join(known)}")
    if asked.view and not review.views(person).filter(pk=asked.view).exists():
        raise Http404
    row.days, row.hour, row.channel = sorted(set(asked.days)), asked.hour, asked.channel
    row.view_id, row.query, row.since = asked.view, asked.filters.read().query, timezone.now()
    row.save()
    return row
