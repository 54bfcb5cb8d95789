"""Letters on or off: by a contact who is signed in, or by the link in a letter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from syncd.partners import faults
from syncd.partners.answers import SeeOther, show
from syncd.partners.databases import looking
from syncd.partners.desk.models import Quiet
from syncd.partners.entrance import secret, visitor
from syncd.partners.entrance.door import open_to_all, unguarded
from syncd.partners.headers import origin_only
from syncd.partners.pages import frame

_PURPOSE = "quiet"


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Whoever came by a share link gets no letters, and has nothing to choose."""
    who = visitor.of(request)
    if request.method == "POST" and who.contact:
        _set(who.partner.id, who.contact.id, quiet=request.POST.get("letters") != "on")
        return SeeOther(reverse("settings"))
    quiet = bool(who.contact and Quiet.objects.filter(partner=who.partner.id, contact=who.contact.id).exists())
    values: dict[str, Any] = {"contact": who.contact, "quiet": quiet, "session": who.session}
    return frame.show(request, "preferences.html", values, here="settings")


@open_to_all
@unguarded  # a mail program sends this form (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since programs that scan mail look at links; POST does it, as often as it comes."""
    partner, _, contact = (secret.unsealed(_PURPOSE, token) or "").partition(" ")
    if not contact:
        return origin_only(faults.closed_link(request))
    if request.method == "POST":
        _set(partner, contact, quiet=True)
    return origin_only(show(request, "quiet.html", {"done": request.method == "POST"}))


def quiet_address(partner: str, contact: str) -> str:
    """The whole address that ends letters to a contact. It does not expire: whoever finds an old letter can still end them."""
    token = secret.sealed(_PURPOSE, f"{partner} {contact}")
    return f"{settings.PARTNER_URL.rstrip('/')}{reverse('quiet', urlconf='syncd.partners.urls', args=[token])}"


def _set(partner: str, contact: str, *, quiet: bool) -> None:
    with looking(partner):
        if quiet:
            Quiet.objects.get_or_create(contact=contact, defaults={"partner": partner, "at": timezone.now()})
        else:
            Quiet.objects.filter(partner=partner, contact=contact).delete()
