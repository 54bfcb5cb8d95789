"""Verbs about many flags: said for how many, decided, and told by the server's count."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.review import access, many, queue
from syncd.review.models import Flag
from syncd.review.pages import answers
from syncd.review.pages.address import Address
from syncd.review.pages.deciding import suggested
from syncd.review.pages.forms import form_of
from syncd.review.pages.lines import as_seen
from syncd.review.pages.verbs import DECIDING, LINK, Verb
from syncd.strategy import versions
from syncd.web.words import counted

DONE = {
    "link": "linked",
    "goal": "linked",
    "exempt": "exempted",
    "wrong": "called a false positive",
    "accept": "accepted",
    "snooze": "snoozed",
}


@needs(Act.DECIDE)
@require_POST
def review_bulk(request: HttpRequest) -> HttpResponse:
    """First the form, which names the number; then, with what it asks for, the decision about each."""
    address = Address.of(request.GET)
    verb = DECIDING.get(request.POST.get("verb", ""))
    flags = list(_meant(request, address))
    if verb is None or not flags:
        answers.refused(request, "nothing was selected" if verb else "no verb was given")
        return answers.see(address.list_url())
    strategy, confirmed = versions.strategy_in_force(), request.POST.get("confirmed") == "1"
    form = form_of(verb, strategy, request.POST if confirmed else None)
    if not confirmed or not form.is_valid():
        return _ask(request, address, verb, form, flags)
    how = suggested if verb is LINK else lambda _flag: form.how()
    done = many.decide(flags, str(request.user), how, timezone.now())
    _tell(request, verb, done)
    chosen = frozenset(flag for flag, _ in done.refused)
    return answers.see(replace(address, every=False, chosen=chosen).list_url())


def _meant(request: HttpRequest, address: Address) -> Iterator[Flag]:
    """The rows that were ticked, as they were seen; or all that match and were there when the page was shown."""
    flags = access.flags(person_of(request))
    if request.POST.get("scope") == "every":
        yield from _every(flags, address, _moment(request.POST.get("as_of", "")))
        return
    told = dict(each.partition(":")[::2] for each in request.POST.getlist("seen"))
    ids = [int(each) for each in request.POST.getlist("item") if each.isdecimal() and len(each) < 19]
    for flag in flags.filter(pk__in=ids[: many.MOST]).order_by(*address.filters.order):
        yield as_seen(flag, told.get(str(flag.pk), ""))


def _every(flags: QuerySet[Flag], address: Address, as_of: datetime) -> Iterable[Flag]:
    found = queue.matching(flags, address.filters).filter(opened_at__lte=as_of)
    return found.order_by(*address.filters.order)[: many.MOST]


def _moment(text: str) -> datetime:
    """When the list was shown: what was found since has not been seen by whoever says "all"."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return found if found and found.tzinfo else timezone.now()


def _ask(request: HttpRequest, address: Address, verb: Verb, form: object, flags: list[Flag]) -> HttpResponse:
    with_suggestion = len(queue.suggested_for(flags)) if verb is LINK else len(flags)
    values = {
        "address": address,
        "verb": verb,
        "form": form,
        "flags": flags,
        "some": flags[:5],
        "more": len(flags) - 5,
        "with_suggestion": with_suggestion,
        "scope": request.POST.get("scope", ""),
        "as_of": request.POST.get("as_of", ""),
        "seen": request.POST.getlist("seen"),
    }
    return render(request, "review/bulk.html", values)


def _tell(request: HttpRequest, verb: Verb, done: many.Done) -> None:
    """The server's count, of what was changed and of what was not."""
    refused = f"; {len(done.refused):,} not: {done.told}" if done.refused else ""
    text = f"{counted(len(done.changed), 'flag')} {DONE[verb.name]}{refused}"
    if done.changed:
        messages.success(request, text, extra_tags=reverse("review_undo_many", args=[done.batch]))
    else:
        messages.error(request, text)
