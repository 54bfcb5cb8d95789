"""What every answer to a partner carries: nobody keeps a copy, no search engine lists it, no script runs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No ``script-src``: what is not named is not allowed."""
NOT_LISTED = "noindex, nofollow, noarchive"


class Headers:
    """``Cache-Control`` and ``Referrer-Policy`` are a view's to set otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Robots-Tag"] = NOT_LISTED
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


def origin_only(response: HttpResponse) -> HttpResponse:
    """The page's address is a secret: a request from it tells the site it comes from, and no more."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def to_be_asked_again(response: HttpResponse) -> HttpResponse:
    """A program may keep it, if it asks each time whether it is still so."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
