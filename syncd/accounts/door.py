"""The door: who gets to which page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from syncd.accounts import access, factors, proxied, sessions
from syncd.accounts.person import person_of


class Door(LoginRequiredMiddleware):
    """Closed by default. An API (django-ninja) has authenticators of its own, which answer 401 instead of leading
    to a page; here it is only asked that somebody is named at all."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        try:
            sessions.keep(request)
            refusal = proxied.sign_in(request)
            known = request.user.is_authenticated
        except DatabaseError:
            return render(request, "web/unavailable.html", status=503)
        if refusal:
            return refusal
        if _is_api(request):
            return None if known or "Authorization" in request.headers else _unnamed(request)
        if not known:
            return self.handle_no_permission(request, view_func)
        return self._admit(request, access.needed(view_func))

    @staticmethod
    def _admit(request: HttpRequest, needs: access.Needs) -> HttpResponse | None:
        act, person = needs.of(request.method), person_of(request)
        if act is None or not access.may(person, act):
            raise PermissionDenied
        timezone.activate(person.time_zone)
        request.owes_factor = factors.owes(request, person)  # type: ignore[attr-defined]  # pages say so
        return _to_set_one_up(request) if needs.factor and request.owes_factor else None  # type: ignore[attr-defined]


class Private:
    """Headers that every answer carries: nobody keeps a copy of a page, and pages get no sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self._get_response(request)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


def _to_set_one_up(request: HttpRequest) -> HttpResponse:
    """htmx would put the page that it is led to into the page that is there, were it not told to go there."""
    answer = redirect("mfa_index")
    return HttpResponse(headers={"HX-Redirect": answer.url}) if "HX-Request" in request.headers else answer


def _is_api(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "ninja" in request.resolver_match.app_names


def _unnamed(request: HttpRequest) -> JsonResponse:
    """RFC 9457."""
    problem = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Send an API token: “Authorization: Bearer sy_…”.",
        "instance": request.path,
    }
    return JsonResponse(
        problem, status=401, content_type="application/problem+json", headers={"WWW-Authenticate": "Bearer"}
    )
