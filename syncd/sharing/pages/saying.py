"""Our own words to a partner: a comment, a reply, and that they had word."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.partners.models import Comment
from syncd.sharing import access, talk
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal
from syncd.sharing.pages import asking
from syncd.sharing.pages.find import deal_of
from syncd.sharing.pages.forms import Say, Word
from syncd.sharing.pages.talk import about


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_say(request: HttpRequest, partner: str) -> HttpResponse:
    """A comment of ours; with ``to``, the id of one of theirs, about the same thing."""
    deal, form = deal_of(request, partner), Say(asking.sent(request))
    answered = _answered(request, deal)
    if form.is_bound and form.is_valid():
        try:
            talk.say(deal, form.cleaned_data["text"], str(request.user), timezone.now(), **_thread(answered))
        except Refused as error:
            form.add_error(None, asking.sentence(error))
        else:
            return asking.done(request, deal, f"{deal.name} can read it.", "#talk")
    said = [("They said", answered.text)] if answered else []
    says = f"About “{about(answered)}”." if answered and about(answered) else f"{deal.name} reads it."
    return asking.ask(request, deal, form, title=f"Say something to {deal.name}", says=says, word="Say it", facts=said)


def _answered(request: HttpRequest, deal: Deal) -> Comment | None:
    """The comment that is replied to."""
    to = request.POST.get("to", "") or request.GET.get("to", "")
    if not to:
        return None
    found: Comment | None = access.comments(person_of(request)).filter(partner=deal.partner, pk=to[:36]).first()
    if found is None:
        raise Http404
    return found


def _thread(answered: Comment | None) -> dict[str, Any]:
    return {"item": answered.item, "commitment": answered.commitment} if answered else {}


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_word(request: HttpRequest, partner: str) -> HttpResponse:
    """That the partner had word: the cadence counts from now."""
    deal, form = deal_of(request, partner), Word(asking.sent(request))
    if not form.is_bound or not form.is_valid():
        says = "That they had word in a meeting, a call or a letter. What you say to them here counts by itself."
        return asking.ask(request, deal, form, title=f"Give word to {deal.name}", says=says, word="They had word")
    talk.told(deal, str(request.user), form.cleaned_data["text"], timezone.now())
    return asking.done(request, deal, "Noted: the cadence counts from now.", "#stands")
