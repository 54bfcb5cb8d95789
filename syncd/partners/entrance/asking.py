"""Asking for a letter with a link, and signing out."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from syncd.partners import faults
from syncd.partners.answers import SeeOther, show
from syncd.partners.databases import looking
from syncd.partners.desk.models import Asked
from syncd.partners.entrance import guard, sessions, tries, visitor

ADDRESS = re.compile(r"[^\s@<>\x00-\x20\x7f]{1,64}@[^\s@<>\x00-\x20\x7f]{1,189}")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The tracker's page for whoever is not signed in. Whether an address is known is not to be seen here, in words or in time:
    the worker finds it out, and writes the letter."""
    asked, wrong = "", ""
    if request.method == "POST":
        now = timezone.now()
        if tries.must_wait(request, now):
            return faults.too_many(request)
        tries.note(request, now)
        email = request.POST.get("email", "").strip().lower()
        if ADDRESS.fullmatch(email):
            with looking():
                Asked.objects.create(email=email, at=now)
            asked = email
        else:
            wrong = "This is no e-mail address: it should read like you@company.example."
    page = {"asked": asked, "wrong": wrong, "token": guard.token(request)}
    return show(request, "sign_in.html", page, 422 if wrong else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    who = visitor.of(request)
    sessions.end(who.session, who.now)
    answer = SeeOther(reverse("tracker"))
    sessions.take_cookie(answer)
    return answer
