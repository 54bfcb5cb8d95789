"""One commitment: its history and what was proposed, and our side's part in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.sharing import promises
from syncd.sharing.deals import Refused
from syncd.sharing.pages import asking
from syncd.sharing.pages.commitments import promised, proposed, steps, work
from syncd.sharing.pages.find import offer_of, promise_of
from syncd.sharing.pages.forms import Answer, Propose, Remove
from syncd.sharing.pages.partner import around

TOLD = {
    "accept": "Accepted: it is so from now on.",
    "counter": "Your counter-proposal is with the partner.",
    "decline": "Declined: what was agreed stands.",
}
REMOVED = "Removed; the partner reads why."
ASKED = "The partner is asked: until it agrees, what was agreed stands."


@require_safe
def partner_commitment(request: HttpRequest, partner: str, name: str) -> HttpResponse:
    """All that was proposed about it, and each step."""
    person, promise = person_of(request), promise_of(request, partner, name)
    [one] = promised(person, promise.deal, [promise], promise=promise)
    values = {**around(person, promise.deal, "partner"), "one": one, "steps": steps(promise), "now": timezone.now()}
    values["work"] = list(work(person, promise))
    return render(request, "sharing/commitment.html", values)


@needs(Act.DECIDE)
@require_POST
def partner_commitment_accept(request: HttpRequest, partner: str, name: str) -> HttpResponse:
    """Our side stands to it. Where theirs does as well, it is frozen."""
    promise = promise_of(request, partner, name)
    try:
        promises.accept(promise, str(request.user), timezone.now())
    except Refused as error:
        return asking.refused(request, promise.deal, error, "#commitments")
    return asking.done(request, promise.deal, "Accepted.", "#commitments")


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_commitment_propose(request: HttpRequest, partner: str, name: str) -> HttpResponse:
    """A change that our side wants."""
    promise = promise_of(request, partner, name)
    deal, form = promise.deal, Propose(promise, asking.sent(request))
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            promises.propose(
                promise, told["subject"], told["becomes"], told["because"], str(request.user), timezone.now()
            )
        except Refused as error:
            form.add_error(None, asking.sentence(error))
        else:
            return asking.done(request, deal, "Proposed: until it is answered, what was agreed stands.", "#commitments")
    [one] = promised(person_of(request), deal, [promise])
    facts = [("What", one.what), ("By", f"{one.by:%-d %B %Y}" if one.by else "–"), ("Success", one.success)]
    says = f"{deal.name} accepts, counters or declines it where both sides have to agree; else it is told."
    return asking.ask(request, deal, form, title="Propose a change", says=says, word="Propose it", facts=facts)


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_commitment_remove(request: HttpRequest, partner: str, name: str) -> HttpResponse:
    """It is no longer promised, for a reason that both sides read."""
    promise = promise_of(request, partner, name)
    deal, form = promise.deal, Remove(asking.sent(request))
    if form.is_bound and form.is_valid():
        try:
            promises.remove(promise, form.cleaned_data["reason"], str(request.user), timezone.now())
        except Refused as error:
            form.add_error(None, asking.sentence(error))
        else:
            return asking.done(request, deal, REMOVED if promise.removed_at else ASKED, "#commitments")
    [one] = promised(person_of(request), deal, [promise])
    says = f"“{one.what}” stays readable for both sides as removed, with the reason. Where the partner has to agree, it is asked."
    return asking.ask(request, deal, form, title="Remove a commitment", says=says, word="Remove it", danger=True)


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_proposal(request: HttpRequest, partner: str, public: str) -> HttpResponse:
    """Accept, counter or decline what the partner proposes."""
    offer = offer_of(request, partner, public)
    deal, form = offer.promise.deal, Answer(offer, asking.sent(request))
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            promises.answer(
                offer, told["decision"], str(request.user), timezone.now(),
                text=told.get("text", ""), becomes=told.get("becomes", ""),
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, asking.sentence(error))
        else:
            return asking.done(request, deal, TOLD[told["decision"]], "#commitments")
    facts = [("What changes", proposed(offer).what), ("As agreed", offer.was), ("They propose", offer.becomes or "–")]
    if offer.because:
        facts.append(("For our side", offer.because))
    return asking.ask(request, deal, form, title="Answer a proposal", says=offer.says, word="Answer it", facts=facts)
