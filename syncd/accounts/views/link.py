"""Signing in by a one-time link. It is used up by pressing the button, not by being looked at."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from syncd.accounts import audit, links
from syncd.accounts.forms import FirstOperator


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Whom it signs in, and the button."""
    if links.must_wait(request):
        return _page(request, "accounts/locked.html", 429, minutes=int(links.WITHIN.total_seconds() // 60))
    found = links.look(secret)
    if found is None:
        return _refused(request)
    form = None if found.user else FirstOperator(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _redeemed(request, secret, form)
    return _page(request, "accounts/link.html", 200, person=found.user, form=form)


def _redeemed(request: HttpRequest, secret: str, form: FirstOperator | None) -> HttpResponse:
    """Signed in, or asked for the second factor: a link stands for the password alone."""
    try:
        person = links.redeem(request, secret, **(form.cleaned_data if form else {}))
    except links.Refused:
        return _refused(request)
    except ValidationError as error:
        if form is not None:
            form.add_error("email", error.messages[0])
        return _page(request, "accounts/link.html", 200, person=None, form=form)
    request.session.flush()  # whoever was signed in here is not any more
    record_authentication(request, person, "link")
    answer: HttpResponse = perform_login(request, Login(user=person, email=person.email))
    return answer


def _refused(request: HttpRequest) -> HttpResponse:
    audit.record(request, links.REFUSED)
    why = "This link does not work any more. Each works once, and not for long: ask an operator for a fresh one."
    return _page(request, "accounts/refused.html", 404, why=why)


def _page(request: HttpRequest, template: str, status: int, **values: object) -> HttpResponse:
    answer = render(request, template, values, status=status)
    # the address is a secret; without any referrer browsers send a form's origin as null, and it is refused
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
