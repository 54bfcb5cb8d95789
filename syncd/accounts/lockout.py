"""Too many wrong passwords: django-axes counts, these say whose they are and what the person is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from syncd.accounts import audit
from syncd.accounts.address import ip_of
from syncd.accounts.models.event import AuditEvent
from syncd.accounts.models.user import User

LOCKED = "sign_in_locked"


def account_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Whose account is tried, in one spelling: letters in another case are no further tries."""
    tried = (credentials or {}).get("email")
    if not tried and request is not None:
        tried = request.POST.get("login") or getattr(request.user, "email", "")
    return User.objects.normalize_email(tried)


def locked(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:  # noqa: ARG001
    """The page instead of a further try. Written down once a lock, not once a try."""
    rest: timedelta = get_cool_off(request)
    account = account_of(request, credentials)
    since = datetime.now(UTC) - rest
    if not AuditEvent.objects.filter(verb=LOCKED, target=account, ip=ip_of(request), at__gt=since).exists():
        audit.record(request, LOCKED, account, minutes=int(rest.total_seconds() // 60))
    page = {"minutes": int(rest.total_seconds() // 60)}
    answer = render(request, "accounts/locked.html", page, status=429)
    answer["Retry-After"] = str(int(rest.total_seconds()))
    return answer
