"""Forms that were sent from our own pages, and no others.

Two belts. The browser says where a request comes from (``Sec-Fetch-Site``, else ``Origin``); and the form carries a
token that is made of a secret in the sender's cookie, which other sites can neither read nor set. Nothing is masked at
random, so that one page always has the same bytes: what an answer says follows from the copy alone. The cookie goes to
nobody who comes from another site, so that no other page can have ours compressed beside guesses of its own.

Sources: OWASP, "Cross-Site Request Forgery Prevention"; W3C, "Fetch Metadata Request Headers".
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from syncd.partners.entrance import secret

FIELD = "csrfmiddlewaretoken"
"""Under the name that Django's tools look for."""
_MADE = "_form_secret"


def token(request: HttpRequest) -> str:
    """For the forms of a page."""
    return secret.mark("form", _held(request) or _made(request))


def passes(request: HttpRequest) -> bool:
    """Whether this may change something. Only POST can: views answer nothing else but GET and HEAD."""
    if request.method != "POST":
        return True
    held = _held(request)
    return from_here(request) and bool(held) and secret.same(request.POST.get(FIELD, ""), secret.mark("form", held))


def from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent this, as far as the browser tells."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    if origin := request.headers.get("Origin"):
        return urlsplit(origin).netloc in (request.get_host(), urlsplit(settings.PARTNER_URL).netloc)
    return True


def keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Let a browser without a session hold the secret that its form was drawn with."""
    if made := getattr(request, _MADE, ""):
        response.set_cookie(
            settings.PARTNER_FORM_COOKIE_NAME, made, path=settings.PARTNER_COOKIE_PATH,
            secure=settings.PARTNER_HTTPS, httponly=True, samesite="Strict",
        )  # fmt: skip


def _held(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.PARTNER_COOKIE_NAME) or request.COOKIES.get(
        settings.PARTNER_FORM_COOKIE_NAME, ""
    )


def _made(request: HttpRequest) -> str:
    if not hasattr(request, _MADE):
        setattr(request, _MADE, secret.fresh())
    return str(getattr(request, _MADE))
