"""The addresses of a process that serves partners alone, beside ``/p/``: there are none but the start."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from syncd.partners.answers import SeeOther


@require_safe
def start(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whoever types the host's name is led to the pages."""
    return SeeOther("/p/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """RFC 9309: nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


urlpatterns = [path("", start), path("robots.txt", robots)]

handler400 = "syncd.partners.faults.bad_request"
handler404 = "syncd.partners.faults.missing"
handler500 = "syncd.partners.faults.broken"
