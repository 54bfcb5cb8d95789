"""People whom a reverse proxy has signed in: it names them in a header, and only it may."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from syncd.accounts import audit
from syncd.accounts.address import peer_of, trusted
from syncd.accounts.models.session import METHOD
from syncd.accounts.models.user import User
from syncd.accounts.sessions import remember_method

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PROXY = "proxy"


def sign_in(request: HttpRequest) -> HttpResponse | None:
    """Let in whom the proxy names. :returns: a refusal, or None to go on"""
    if not (header := settings.PEOPLE.proxy_header):
        return None
    name = request.headers.get(header)
    if name is None:
        if request.session.get(METHOD) == PROXY:
            logout(request)  # the proxy no longer says that it knows them
        return None
    if not trusted(peer_of(request)):
        return _refused(request, "header_refused", f"Only a trusted proxy may send {header}.", peer=peer_of(request))
    return _enter(request, User.objects.normalize_email(name))


def _enter(request: HttpRequest, email: str) -> HttpResponse | None:
    if isinstance(request.user, User) and request.user.email == email:
        return None
    if (person := User.objects.known(email)) is None:
        return _refused(request, "sign_in_refused", f"Nobody here has the address {email}. An operator can add it.")
    if request.user.is_authenticated:
        logout(request)
    login(request, person, backend=BACKEND)
    remember_method(request, PROXY)
    audit.record(request, "signed_in", method=PROXY)
    return None


def _refused(request: HttpRequest, verb: str, why: str, **facts: str) -> HttpResponse:
    audit.record(request, verb, why=why, **facts)
    return render(request, "accounts/refused.html", {"why": why}, status=403)
