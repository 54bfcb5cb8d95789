"""How the partner side answers: by templates of its own engine, which knows no others."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

ENGINE = "partners"


class SeeOther(HttpResponseRedirect):
    """After a form: the browser gets the page that shows what came of it (RFC 9110, 15.4.4)."""

    status_code = 303


def show(request: HttpRequest, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    """:param template: its name below ``partners/``"""
    return render(request, f"partners/{template}", values, status=status, using=ENGINE)
