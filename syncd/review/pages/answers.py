"""How a page of the review answers: the page, the part of it that htmx asked for, or the way back to it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from syncd.accounts.person import person_of
from syncd.review.models import Flag
from syncd.review.pages.address import Address
from syncd.review.pages.desk import desk

UNDONE = "Nothing was changed"


def partial(request: HttpRequest) -> bool:
    """Whether htmx asks, and puts the answer into the page that is there."""
    return bool(getattr(request, "htmx", False))


def shown(request: HttpRequest, address: Address, opened: Flag | None = None, first: int = 0) -> HttpResponse:
    """The queue: whole, or what htmx replaces of it. The browser's address becomes that of what is shown."""
    values = desk(person_of(request), address, opened, first=first)
    if not partial(request):
        return render(request, "review/queue.html", values)
    alone = _target(request) == "detail"
    answer = render(request, "review/detail.html" if alone else "review/desk.html", values | {"fragment": True})
    if alone:
        answer.headers["HX-Reswap"] = "outerHTML"
    here = values["detail"].flag.pk if values["detail"] and (opened or first) else 0
    answer.headers["HX-Replace-Url"] = address.flag_url(here) if here else address.list_url()
    return answer


def _target(request: HttpRequest) -> str:
    """The id of what htmx replaces; it names the element before it."""
    return request.headers.get("HX-Target", "").rpartition("#")[2]


def after(request: HttpRequest, address: Address, then: int = 0, opened: Flag | None = None) -> HttpResponse:
    """After a verb: the list as it is now, with the next flag open, or the one that was brought back."""
    if partial(request):
        return shown(request, address, opened, then)
    there = opened.pk if opened else then
    return see(address.flag_url(there) if there else address.list_url())


def see(url: str) -> HttpResponse:
    """Look there with GET."""
    answer = HttpResponseRedirect(url)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the form came from, if that is one of our pages."""
    there = request.POST.get("next", "")
    return there if there and url_has_allowed_host_and_scheme(there, allowed_hosts=None) else otherwise


def refused(request: HttpRequest, because: str) -> None:
    """Told in the toast; it has no way back, since nothing happened."""
    messages.error(request, f"{UNDONE}: {because}")
