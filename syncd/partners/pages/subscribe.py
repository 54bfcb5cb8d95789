"""Feeds and a calendar: their secret addresses are made here, shown once, and ended here."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from syncd.partners.answers import SeeOther
from syncd.partners.entrance import visitor
from syncd.partners.feeds import keys
from syncd.partners.feeds.views import addresses
from syncd.partners.pages import frame


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """POST makes a key, and its answer is the only page that ever shows it."""
    if request.method != "POST":
        return _page(request, {})
    try:
        made = addresses(keys.make(visitor.of(request)))
    except keys.TooMany:
        return _page(request, {"wrong": f"There are {keys.MOST} addresses already: end one first."}, 409)
    return _page(request, {"made": made, "webcal": f"webcal:{made['ical'].partition(':')[2]}"})


@require_POST
def unsubscribe(request: HttpRequest, name: str) -> HttpResponse:
    if not keys.end(visitor.of(request), name):
        raise Http404
    return SeeOther(reverse("subscribe"))


def _page(request: HttpRequest, values: dict[str, Any], status: int = 200) -> HttpResponse:
    live = [(key, keys.name_of(key)) for key in keys.live(visitor.of(request))]
    return frame.show(request, "subscribe.html", {"keys": live, **values}, here="subscribe", status=status)
