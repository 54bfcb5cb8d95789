"""A verb about one flag, and its inverse."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.review import access, many, queue, verdicts
from syncd.review.models import Flag, Verdict
from syncd.review.pages import answers
from syncd.review.pages.address import Address
from syncd.review.pages.desk import about
from syncd.review.pages.forms import Details, form_of
from syncd.review.pages.lines import as_seen, seen
from syncd.review.pages.verbs import DECIDING, LINK, Verb
from syncd.review.verdicts import Overtaken, Refused
from syncd.strategy import versions
from syncd.web.words import counted


@needs(Act.DECIDE, look=Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def review_decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """GET: the verb's form as a page of its own, where there is no script. POST: decide, then show what comes next."""
    verb = _verb(name)
    address = Address.of(request.GET)
    flag = get_object_or_404(access.flags(person_of(request)), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = form_of(verb, versions.strategy_in_force(), sent)
    if sent is None or not form.is_valid():
        return _ask(request, flag, verb, form, address)
    try:
        how = dict(suggested(flag)) if verb is LINK else form.how()
        verdict = verdicts.decide(
            as_seen(flag, request.POST.get("seen", "")), author=str(request.user), now=timezone.now(), **how
        )
    except Overtaken as error:
        answers.refused(request, str(error))
        return answers.after(request, address, opened=access.flags(person_of(request)).get(pk=pk))
    except Refused as error:
        form.add_error(None, str(error))
        return _ask(request, flag, verb, form, address)
    messages.success(request, told(flag, verdict), extra_tags=reverse("review_undo", args=[verdict.pk]))
    return answers.after(request, address, _number(request.POST.get("then", "")))


def _verb(name: str) -> Verb:
    if name not in DECIDING:
        raise Http404
    return DECIDING[name]


def suggested(flag: Flag) -> Mapping[str, Any]:
    """The link to the goal that is suggested for the work.

    :raises Refused: none is
    """
    found = queue.suggested_for([flag]).get(flag.item_id or 0, ())
    if not found:
        raise Refused(f"no goal is suggested for #{flag.pk}: pick one")
    return {"kind": Verdict.LINK, "target": found[0].goal, "reason": "as suggested"}


def told(flag: Flag, verdict: Verdict) -> str:
    """What was done, in the words of the log."""
    what = flag.item.key if flag.item else f"#{flag.pk}"
    return f"{what}: {verdict.says}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _ask(request: HttpRequest, flag: Flag, verb: Verb, form: Details, address: Address) -> HttpResponse:
    """The form by itself, with what is wrong in it. htmx puts the page in place of the one that is there."""
    values = {
        "flag": flag,
        "verb": verb,
        "form": form,
        "address": address,
        "seen": request.POST.get("seen") or seen(flag),
        "then": request.POST.get("then", ""),
        **about(address, flag),
    }
    answer = render(request, "review/verb.html", values)
    if answers.partial(request):
        answer.headers["HX-Retarget"] = answer.headers["HX-Reselect"] = "#content"
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer


@needs(Act.DECIDE)
@require_POST
def review_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one decision back, from the toast or, however late, from the log; its flag is shown again."""
    verdict = get_object_or_404(Verdict.objects.select_related("flag"), pk=pk, of=None)
    address = _address_of_next(request)
    try:
        verdicts.undo(verdict, str(request.user), timezone.now())
    except Refused as error:
        answers.refused(request, str(error))
    else:
        messages.success(request, f"Took back: {verdict.says}")
    flag = access.flags(person_of(request)).filter(pk=verdict.flag_id or 0).first()
    if answers.partial(request):
        return answers.after(request, address, opened=flag)
    return answers.see(answers.back(request, address.flag_url(flag.pk) if flag else reverse("review")))


@needs(Act.DECIDE)
@require_POST
def review_undo_many(request: HttpRequest, batch: str) -> HttpResponse:
    """Take back everything that was decided at once."""
    done = many.undo(batch, str(request.user), timezone.now())
    if done.changed:
        messages.success(request, f"Took back {counted(len(done.changed), 'decision')}")
    if done.refused or not done.changed:
        answers.refused(request, done.told or "none of it stands any more")
    if answers.partial(request):
        return answers.after(request, _address_of_next(request))
    return answers.see(answers.back(request, reverse("review")))


def _address_of_next(request: HttpRequest) -> Address:
    """The list that the toast stood beside."""
    _, _, query = request.POST.get("next", "").partition("?")
    return Address.of(QueryDict(query))
