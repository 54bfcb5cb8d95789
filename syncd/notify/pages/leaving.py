"""Unsubscribing, without signing in: whoever has the link is the one it was sent to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from syncd.accounts import audit
from syncd.notify import unsubscribe as links
from syncd.notify.models import Silenced, Subscription


@login_not_required
@csrf_exempt  # a mail program sends this form (RFC 8058); the signed address is what it may
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since programs that scan mail look at links; POST does it, as often as it comes."""
    found = _found(links.key_of(token))
    if found is None:
        return _page(request, 404, gone=True)
    if request.method == "POST":
        _end(found)
    return _page(request, 200, alerts=isinstance(found, Silenced), ended=request.method == "POST")


def _found(key: str | None) -> Subscription | Silenced | None:
    if key is None:
        return None
    mine = Subscription.objects.select_related("person").filter(key=key).first()
    return mine or Silenced.objects.select_related("person").filter(key=key).first()


def _end(found: Subscription | Silenced) -> None:
    now = timezone.now()
    if isinstance(found, Subscription):
        if found.ended_at is None:
            audit.record(str(found.person), "unsubscribed", f"digest {found.pk}", by="link")
        found.end("by the link in a message", now)
    elif found.at is None:
        found.at = now
        found.save(update_fields=["at"])
        audit.record(str(found.person), "unsubscribed", "alerts", by="link")


def _page(request: HttpRequest, status: int, **values: object) -> HttpResponse:
    answer = render(request, "notify/unsubscribe.html", values, status=status)
    # the address is a secret; without any referrer browsers send a form's origin as null, and it is refused
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
