"""Share links: made, replaced, revoked. The secret is shown once, on the page that answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from syncd.accounts.access import Act, needs
from syncd.partners.models import Link
from syncd.sharing import links
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal
from syncd.sharing.pages import asking
from syncd.sharing.pages.find import deal_of, link_of
from syncd.sharing.pages.forms import NewLink


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_links(request: HttpRequest, partner: str) -> HttpResponse:
    """Make one. Its address is in the answer and nowhere else."""
    deal, form = deal_of(request, partner), NewLink(asking.sent(request))
    if form.is_bound and form.is_valid():
        try:
            return _once(
                request, deal, *links.make(deal, form.cleaned_data["label"], str(request.user), timezone.now())
            )
        except Refused as error:
            form.add_error(None, asking.sentence(error))
    says = f"Whoever holds the link sees all that {deal.name} sees, until it expires or is revoked."
    return asking.ask(request, deal, form, title="Make a share link", says=says, word="Make it")


@needs(Act.DECIDE)
@require_POST
def partner_link_rotate(request: HttpRequest, partner: str, link: str) -> HttpResponse:
    """Another secret in its place; the old one works for a day more, so that nobody is cut off."""
    deal, old = deal_of(request, partner), link_of(request, partner, link)
    try:
        made = links.rotate(old, str(request.user), timezone.now())
    except Refused as error:
        return asking.refused(request, deal, error, "#ways")
    return _once(request, deal, *made, replaces=old)


@needs(Act.DECIDE)
@require_POST
def partner_link_revoke(request: HttpRequest, partner: str, link: str) -> HttpResponse:
    """It opens nothing from now on, and whoever came by it is signed out."""
    deal, found = deal_of(request, partner), link_of(request, partner, link)
    try:
        links.revoke(found, str(request.user), timezone.now())
    except Refused as error:
        return asking.refused(request, deal, error, "#ways")
    return asking.done(request, deal, f"The link {found.label} opens nothing any more.", "#ways")


def _once(request: HttpRequest, deal: Deal, link: Link, secret: str, replaces: Link | None = None) -> HttpResponse:
    values = {
        "deal": deal,
        "link": link,
        "address": links.address(secret),
        "replaces": replaces,
        "back": asking.back(deal),
    }
    return render(request, "sharing/link.html", values)
