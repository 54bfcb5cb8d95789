"""Who may ask what of the API. Every operation names its need; what names none lets nobody in.

A token is taken before a session: whoever sends one that opens nothing is nobody, whatever their cookies say. Who comes
by session sends the hidden token of forms with every change, as pages do.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from syncd.accounts import factors, tokens
from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.api import limits, once
from syncd.api.problems import Problem

LARGEST = 1_000_000
"""Bytes of a body."""
SAFE = ("GET", "HEAD", "OPTIONS")


class Entrance(AuthBase):
    """One way in, to an operation that needs an act."""

    def __init__(self, act: Act | None, *, in_person: bool = False) -> None:
        super().__init__()
        self.act, self.in_person = act, in_person

    def __call__(self, request: HttpRequest) -> User | None:
        person = self.person(request)
        if person is not None:
            self._admit(request, person)
        return person

    def person(self, request: HttpRequest) -> User | None:
        """Who came this way; None for nobody."""
        raise NotImplementedError

    def _admit(self, request: HttpRequest, person: User) -> None:
        scopes = tokens.scopes_of(request)
        if self.act is None or not may(person, self.act, scopes):
            raise PermissionDenied
        if factors.owes(request, person):
            raise Problem(403, "Your role needs a second factor: sign in to the pages, and set one up.")
        if self.in_person and scopes is not None:
            raise Problem(403, "This gives a way in: do it signed in, on the pages or with your session.")
        limits.spend(_name(request, person))
        _body(request)
        if request.method == "POST":
            once.begin(request, person)


class Token(Entrance):
    """``Authorization: Bearer sy_…``"""

    openapi_type: ClassVar[str] = "http"
    openapi_scheme: ClassVar[str] = "bearer"

    def person(self, request: HttpRequest) -> User | None:
        return tokens.authenticate(request) if "Authorization" in request.headers else None


class Session(Entrance):
    """The cookie of somebody who is signed in to the pages."""

    openapi_type: ClassVar[str] = "apiKey"
    openapi_in: ClassVar[str] = "cookie"
    openapi_name: ClassVar[str] = settings.SESSION_COOKIE_NAME

    def person(self, request: HttpRequest) -> User | None:
        if "Authorization" in request.headers or not isinstance(request.user, User):
            return None
        if check_csrf(request):
            raise Problem(403, "The form's token is missing or too old: send it as X-CSRFToken.")
        return request.user


def needing(act: Act | None, *, in_person: bool = False) -> Sequence[Any]:
    """Both ways in. ``in_person``: no token does, whatever its scopes."""
    return [Token(act, in_person=in_person), Session(act, in_person=in_person)]


def person_of(request: HttpRequest) -> User:
    """Who was let in."""
    person: User = request.auth  # type: ignore[attr-defined]  # ninja puts there what the entrance gave
    return person


def _name(request: HttpRequest, person: User) -> str:
    """Whose requests are counted together: those of a token, and those of a person in person."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    match = tokens.SHAPE.fullmatch(text.strip()) if kind else None
    return f"token:{match[1]}" if match else f"person:{person.pk}"


def _body(request: HttpRequest) -> None:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > LARGEST:
        raise Problem(413, "")
    if length and request.method not in SAFE and request.content_type != "application/json":
        raise Problem(415, "Send the body as application/json.", {"Accept": "application/json"})
