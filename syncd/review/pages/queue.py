"""``/review/`` and ``/review/<id>/``: the list, and one flag beside it or by itself."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from syncd.accounts.person import person_of
from syncd.review import access
from syncd.review.pages import answers
from syncd.review.pages.address import Address, with_query


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The queue. An address that says more than it must leads to the one that does not."""
    address = Address.of(request.GET)
    if not answers.partial(request) and not address.says(request.GET):
        return HttpResponseRedirect(address.list_url())
    return answers.shown(request, address)


@require_safe
def review_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """One flag, whether or not it is in the list that the address names."""
    address = Address.of(request.GET)
    flag = access.opened(person_of(request), pk)
    if flag is None:
        raise Http404
    if not answers.partial(request) and not address.says(request.GET):
        return HttpResponseRedirect(with_query(reverse("review_flag", args=[pk]), address.query))
    return answers.shown(request, address, flag)
