"""Questions about flags and links, and their answers; and the page of an item that engineers get."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from syncd.accounts.access import Act, may, needs
from syncd.accounts.person import person_of
from syncd.review import access, history, questions
from syncd.review.models import Flag, Question
from syncd.review.pages import answers
from syncd.review.pages.address import Address
from syncd.review.pages.desk import about
from syncd.review.pages.forms import Ask
from syncd.review.pages.panel import panel
from syncd.review.pages.verbs import ASK
from syncd.review.verdicts import Refused
from syncd.trackers.find import find
from syncd.trackers.models import Item
from syncd.web.checks import shown


@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why an item serves its goals or does not, for whoever works on it: no queue around it, and no verbs."""
    return _why(request, get_object_or_404(access.items(person_of(request)), pk=pk))


@require_safe
def why_named(request: HttpRequest, name: str) -> HttpResponse:
    """The same by what people call the item: ``WEB-12``, ``acme/web#40``, ``acme-jira:WEB-12``."""
    found = find(name)
    if not found:
        raise Http404
    if len(found) > 1:
        keys = ", ".join(f"{row.tracker.name}:{row.native_id}" for row in found)
        raise BadRequest(f"{name} is in several trackers: say which of {keys}")
    return _why(request, get_object_or_404(access.items(person_of(request)), pk=found[0].pk))


def _why(request: HttpRequest, item: Item) -> HttpResponse:
    person = person_of(request)
    open_flags = access.flags(person).filter(item=item).exclude(state="resolved").order_by("-stake", "id")
    asked = access.questions(person).filter(item=item).order_by("-id")
    values = {
        "item": item,
        "panel": panel(item, history.of_item(item)),
        "flags": [(flag, shown(flag.rule)) for flag in open_flags],
        "questions": list(asked),
        "decides": may(person, Act.DECIDE),
        "now": timezone.now(),
        "ask": Ask(),
    }
    return render(request, "review/item.html", values)


@needs(Act.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def review_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask about a flag: whoever may read it may."""
    address = Address.of(request.GET)
    flag = get_object_or_404(access.flags(person_of(request)), pk=pk)
    if request.method != "POST":
        values = {"flag": flag, "verb": ASK, "form": Ask(), "address": address, **about(address, flag)}
        return render(request, "review/verb.html", values)
    _ask(request, flag=flag)
    return answers.after(request, address, opened=access.flags(person_of(request)).get(pk=pk))


@needs(Act.READ)
@require_POST
def why_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask about an item, or challenge what was decided about it."""
    item = get_object_or_404(access.items(person_of(request)), pk=pk)
    _ask(request, item=item)
    return answers.see(reverse("why", args=[pk]))


def _ask(request: HttpRequest, *, flag: Flag | None = None, item: Item | None = None) -> None:
    kind = request.POST.get("kind", "") or Question.ASK
    text, asker = request.POST.get("text", ""), str(request.user)
    try:
        asked = questions.ask(kind, text, asker, timezone.now(), flag=flag, item=item)
    except Refused as error:
        answers.refused(request, str(error))
        return
    whom = f"{asked.to} owes the answer" if asked.to else "nobody owns it: whoever knows may answer"
    word = "Challenged" if kind == Question.CHALLENGE else "Asked"
    messages.success(request, f"{word}: {whom}", extra_tags=reverse("question_withdraw", args=[asked.pk]))


@needs(Act.READ)
@require_POST
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(access.questions(person_of(request)), pk=pk)
    try:
        questions.answer(question, request.POST.get("text", ""), str(request.user), timezone.now())
    except Refused as error:
        answers.refused(request, str(error))
    else:
        messages.success(request, f"Answered {question.asker}.")
    return answers.see(answers.back(request, _page_of(question)))


@needs(Act.READ)
@require_POST
def question_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The inverse of asking, until somebody has answered."""
    question = get_object_or_404(access.questions(person_of(request)), pk=pk)
    try:
        questions.withdraw(question, str(request.user), timezone.now())
    except Refused as error:
        answers.refused(request, str(error))
    else:
        messages.success(request, "The question is withdrawn.")
    if answers.partial(request) and question.flag_id:
        flag = access.flags(person_of(request)).get(pk=question.flag_id)
        return answers.after(request, Address.of(request.GET), opened=flag)
    return answers.see(answers.back(request, _page_of(question)))


def _page_of(question: Question) -> str:
    if question.flag_id:
        return reverse("review_flag", args=[question.flag_id])
    return reverse("why", args=[question.item_id])
