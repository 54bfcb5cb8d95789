"""Everybody who may come in: for operators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from syncd.accounts import access, links
from syncd.accounts import people as verbs
from syncd.accounts.access import Act, needs
from syncd.accounts.forms import NewPerson, NewRole
from syncd.accounts.models import Role, User
from syncd.accounts.person import person_of

LAST = "There must be an operator: make somebody else one first."


@needs(Act.OPERATE, look=Act.OPERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List and add; who was added gets a one-time link, shown here once for the operator to pass on."""
    form = NewPerson(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            person = verbs.add(request, values["email"], values["role"], values["name"])
        except ValidationError as error:
            form.add_error("email", error.messages[0])
        else:
            return _page(request, NewPerson(), person=person, link=links.make(request, person))
    return _page(request, form)


def _page(request: HttpRequest, form: NewPerson, *, person: User | None = None, link: str = "") -> HttpResponse:
    rows = access.people(person_of(request)).order_by("-is_active", "email")
    values = {"form": form, "people": rows, "roles": Role.choices, "made_for": person, "link": link}
    return render(request, "accounts/people.html", values)


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = _whom(request, pk), NewRole(request.POST)
    if form.is_valid():
        try:
            verbs.set_role(request, person, form.cleaned_data["role"])
            messages.success(request, f"{person} is now {Role(person.role).label.lower()}.")
        except verbs.LastOperator:
            messages.error(request, LAST)
    return redirect("people")


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def person_shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    person = _whom(request, pk)
    try:
        verbs.shut_out(request, person)
        messages.success(request, f"{person} is shut out, and signed out everywhere.")
    except verbs.LastOperator:
        messages.error(request, LAST)
    return redirect("people")


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def person_let_in(request: HttpRequest, pk: int) -> HttpResponse:
    person = _whom(request, pk)
    verbs.let_in(request, person)
    messages.success(request, f"{person} may come in again.")
    return redirect("people")


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link, shown once; on request also without the second factor that was lost."""
    person = get_object_or_404(access.people(person_of(request)), pk=pk, is_active=True)
    if request.POST.get("forget"):
        verbs.forget_second_factor(request, person)
    return _page(request, NewPerson(), person=person, link=links.make(request, person))


def _whom(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(access.people(person_of(request)), pk=pk)
