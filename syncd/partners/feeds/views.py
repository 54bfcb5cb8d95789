"""What programs fetch. A wrong, ended or foreign key answers like a wrong link."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.partners import faults
from syncd.partners.databases import looking
from syncd.partners.desk import visits
from syncd.partners.entrance import tries
from syncd.partners.entrance.door import open_to_all
from syncd.partners.feeds import calendar, keys, written
from syncd.partners.feeds.entries import absolute
from syncd.partners.headers import origin_only, to_be_asked_again
from syncd.partners.models import Partner

Writes = Callable[[Partner, str], bytes]


@open_to_all
@require_safe
def atom(request: HttpRequest, opens: str) -> HttpResponse:
    return _fed(request, opens, "feed", written.atom, "application/atom+xml; charset=utf-8")


@open_to_all
@require_safe
def json_feed(request: HttpRequest, opens: str) -> HttpResponse:
    return _fed(request, opens, "feed", written.json_feed, "application/feed+json; charset=utf-8")


@open_to_all
@require_safe
def ical(request: HttpRequest, opens: str) -> HttpResponse:
    return _fed(
        request, opens, "calendar", lambda partner, _here: calendar.written(partner), "text/calendar; charset=utf-8"
    )


def addresses(opens: str) -> dict[str, str]:
    """Where a key leads: ``atom``, ``json_feed`` and ``ical``."""
    return {name: absolute(reverse(name, args=[opens])) for name in ("atom", "json_feed", "ical")}


def _fed(request: HttpRequest, opens: str, what: str, writes: Writes, kind: str) -> HttpResponse:
    now = timezone.now()
    if tries.must_wait(request, now):
        return origin_only(faults.too_many(request))
    partner, who = keys.holder(opens, now)
    if not partner:
        tries.note(request, now)
        return origin_only(faults.closed_link(request))
    with looking(partner):
        name = {"application/atom+xml": "atom", "application/feed+json": "json_feed"}.get(
            kind.partition(";")[0], "ical"
        )
        body = writes(Partner.objects.get(id=partner), addresses(opens)[name])
        if request.method == "GET":
            visits.note(partner, who, what, now)
    answer = HttpResponse(body, content_type=kind)
    answer.headers["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    return origin_only(to_be_asked_again(answer))
