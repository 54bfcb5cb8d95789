"""The door: a page is for visitors, unless it says that it is open to all."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from syncd.partners import faults
from syncd.partners.answers import SeeOther
from syncd.partners.databases import looking
from syncd.partners.entrance import guard, sessions, visitor

log = structlog.get_logger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponse])
_OPEN, _UNGUARDED, _OTHERWISE = "open_to_all", "unguarded", "otherwise"


def open_to_all(view: View) -> View:
    """The view asks by itself who comes, and looks at no partner before it knows."""
    setattr(view, _OPEN, True)
    return view


def unguarded(view: View) -> View:
    """Programs send this form; its secret address is what it may."""
    setattr(view, _UNGUARDED, True)
    return view


def otherwise(stranger: Callable[[HttpRequest], HttpResponse]) -> Callable[[View], View]:
    """The address has another page for whoever is not signed in."""

    def marked(view: View) -> View:
        setattr(view, _OTHERWISE, stranger)
        return view

    return marked


class Door:
    """Finds out who comes, and keeps what a page asks to that partner's rows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        guard.keep_cookie(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        admit = _openly if getattr(view, _OPEN, False) else _as_visitor
        try:
            return admit(request, view, args, kwargs)
        except (OperationalError, InterfaceError) as error:
            log.error("store_unavailable", error=" ".join(str(error).split()))  # noqa: TRY400 - the daemon tells why, once
            return faults.away(request)


def _openly(
    request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    if getattr(view, _UNGUARDED, False) or guard.passes(request):
        return view(request, *args, **kwargs)
    return faults.forged(request)


def _as_visitor(
    request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    now = timezone.now()
    session = sessions.found(request, now)
    if session is None:
        return _as_stranger(request, view)
    with looking(session.partner):
        who = sessions.visitor(session, now)
        if who and guard.passes(request):
            visitor.seat(request, who)
            return view(request, *args, **kwargs)
    return faults.forged(request) if who else _as_stranger(request, view)


def _as_stranger(request: HttpRequest, view: Callable[..., HttpResponse]) -> HttpResponse:
    """The way to where one signs in. A browser that another site has led here sends its cookie along the second time
    only."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return faults.again(request)
    stranger = getattr(view, _OTHERWISE, None)
    return _openly(request, stranger, (), {}) if stranger else SeeOther(reverse("tracker"))
