"""The kill switch: all sharing with one partner stops at once, and its inverse."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from syncd.accounts.access import Act, needs
from syncd.sharing import switch
from syncd.sharing.deals import Refused
from syncd.sharing.pages import asking
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.forms import Stop

CONSEQUENCES = (
    "From that moment the partner's pages, feeds and links show nothing; mirrors are emptied within a cycle. What was agreed"
    " and said is kept, and you can resume at any time."
)


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_stop(request: HttpRequest, partner: str) -> HttpResponse:
    """GET asks, and says what it does; POST does it."""
    deal, form = deal_of(request, partner), Stop(asking.sent(request))
    if form.is_bound and form.is_valid():
        try:
            switch.stop(deal, str(request.user), form.cleaned_data["because"], timezone.now())
        except Refused as error:
            form.add_error(None, asking.sentence(error))
        else:
            undo = reverse("partner_resume", args=[deal.partner])
            return asking.done(request, deal, f"{deal.name} sees nothing any more.", undo=undo)
    title, word = f"Stop sharing with {deal.name}", "Stop sharing now"
    return asking.ask(request, deal, form, title=title, says=CONSEQUENCES, word=word, danger=True)


@needs(Act.DECIDE)
@require_POST
def partner_resume(request: HttpRequest, partner: str) -> HttpResponse:
    """They see again what was agreed, as it is now."""
    deal = deal_of(request, partner)
    try:
        switch.resume(deal, str(request.user), timezone.now())
    except Refused as error:
        return asking.refused(request, deal, error)
    return asking.done(request, deal, f"{deal.name} sees again what was agreed, within a minute.")
