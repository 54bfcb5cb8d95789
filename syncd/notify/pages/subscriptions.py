"""One's digests: which there are, what the next one would tell, and what was told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from syncd.accounts.access import Act, may, needs
from syncd.accounts.models import User
from syncd.accounts.person import person_of
from syncd.notify import access, digests, letters, outbox
from syncd.notify.changes import Content
from syncd.notify.forms import Subscribe, channels
from syncd.notify.models import Digest, Silenced, Subscription
from syncd.notify.saying import about, when
from syncd.web.filters import BadFilter

SHOWN = 10
"""Digests that the page lists."""


@dataclass(frozen=True, slots=True)
class Row:
    """A subscription as the page shows it. ``next``: None where it has ended."""

    subscription: Subscription
    when: str
    about: str
    by: str
    next: datetime | None


@needs(Act.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """My digests; a new one. ``?query=`` fills in the filter: so the queue leads here."""
    person, now = person_of(request), timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = Subscribe(person, data=sent, query=request.GET.get("query", ""))
    if sent is not None and form.is_valid():
        made = Subscription(person=person, since=now)
        form.fill(made)
        made.save()
        messages.success(request, "Subscribed.", extra_tags=reverse("messages_end", args=[made.pk]))
        return redirect("messages")
    return render(request, "notify/messages.html", {"form": form, "now": now, **_shown(person, now)})


def _shown(person: User, now: datetime) -> dict[str, object]:
    operates = may(person, Act.OPERATE)
    return {
        "rows": list(rows(person, now)),
        "told": [(row, letters.subject(Content.of(row.content))) for row in access.digests(person)[:SHOWN]],
        "no_mail": settings.MESSAGES.mail is None,
        "operates": operates,
        "silenced": operates and Silenced.objects.filter(person=person, at__isnull=False).exists(),
        "trouble": outbox.trouble() if operates else None,
    }


def rows(person: User, now: datetime) -> Iterator[Row]:
    names = dict(channels(person))
    for each in access.subscriptions(person).order_by("ended_at", "id"):
        coming = None if each.ended_at else digests.next_slot(each, now)
        yield Row(each, when(each), about(each), names.get(each.channel, f"{each.channel} (not in syncd.yaml)"), coming)


@needs(Act.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one, and see what it would tell now."""
    person, now = person_of(request), timezone.now()
    found = get_object_or_404(access.subscriptions(person), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = Subscribe(person, found, sent)
    if sent is not None and form.is_valid():
        form.fill(found)
        found.since = now
        found.save()
        messages.success(request, "Saved.")
        return redirect("messages_subscription", pk=pk)
    return render(request, "notify/subscription.html", {"form": form, "row": found, "now": now, **_preview(found, now)})


def _preview(subscription: Subscription, now: datetime) -> dict[str, object]:
    try:
        content = digests.preview(subscription, now)
    except BadFilter as error:
        return {"trouble": str(error)}
    return {
        "next": None if subscription.ended_at else digests.next_slot(subscription, now),
        "content": content,
        "subject": letters.subject(content),
        "summary": letters.summary(content),
        "lines": content.lines,
    }


@needs(Act.READ)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """No more of it; the row stays, to be resumed."""
    found = get_object_or_404(access.subscriptions(person_of(request)), pk=pk)
    found.end("by you", timezone.now())
    messages.success(request, "Ended: nothing more is sent.", extra_tags=reverse("messages_resume", args=[pk]))
    return redirect("messages")


@needs(Act.READ)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(access.subscriptions(person_of(request)), pk=pk)
    found.resume(timezone.now())
    messages.success(request, "Resumed.", extra_tags=reverse("messages_end", args=[pk]))
    return redirect("messages")


@require_safe
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """What was told, as a page: the same words as in the mail."""
    found: Digest = get_object_or_404(access.digests(person_of(request)), pk=pk)
    content = Content.of(found.content)
    page = {
        "row": found,
        "subject": letters.subject(content),
        "summary": letters.summary(content),
        "lines": content.lines,
        "message": found.message,
    }
    return render(request, "notify/digest.html", page)
