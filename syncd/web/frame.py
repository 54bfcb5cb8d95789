"""What surrounds every page: navigation, theme, banner, and how fresh the data is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from syncd.trackers.models import Stream
from syncd.web.sections import Entry, entries

THEMES = ("auto", "light", "dark")
SWITCH = ("on", "off")
THEME, KEYS = "theme", "keys"
"""Names of the cookies that hold what is preferred in a browser where nobody is signed in."""
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the oldest stream is. ``oldest``: its last complete pull, None before the first."""

    at: datetime
    streams: int
    broken: int
    oldest: datetime | None


class Frame:
    """Read by ``web/base.html``; each part is worked out when a page asks for it."""

    themes = THEMES

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.demo: bool = settings.DEMO
        self.here = request.get_full_path()
        self.owes_factor: bool = getattr(request, "owes_factor", False)
        """Whether this person must set up a second factor before anything else."""

    @cached_property
    def theme(self) -> str:
        """The person's; of the browser while nobody is signed in."""
        return self.person.theme if self.person else _chosen(self._request, THEME, THEMES)

    @cached_property
    def keys(self) -> str:
        """Whether single keys are on."""
        if self.person:
            return "on" if self.person.shortcuts else "off"
        return _chosen(self._request, KEYS, SWITCH)

    @cached_property
    def sections(self) -> list[Entry]:
        return [] if self.owes_factor else entries(self._request.path, self.person)

    @cached_property
    def person(self) -> Any:
        """Who is signed in; None for nobody, and where the store does not answer."""
        user = getattr(self._request, "user", None)
        try:
            return user if getattr(user, "is_authenticated", False) else None
        except DatabaseError:
            return None

    @cached_property
    def search(self) -> str:
        """Where the search box leads; empty while there is no such page."""
        return _address("search", "items") if self.person and not self.owes_factor else ""

    @cached_property
    def sign_in(self) -> str:
        return _address("account_login")

    @cached_property
    def sign_out(self) -> str:
        return _address("account_logout")

    @cached_property
    def account(self) -> str:
        return _address("account")

    @cached_property
    def freshness(self) -> Freshness | None:
        """One query; None where the store does not answer, and for somebody signed out."""
        if not self.person:
            return None
        try:
            found = Stream.objects.filter(active=True, tracker__active=True).aggregate(
                streams=Count("id"), broken=Count("broken_since"), oldest=Min("last_success_at")
            )
        except DatabaseError:
            return None
        return Freshness(at=datetime.now(UTC), **found)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}


def _chosen(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in known else known[0]


def _address(*routes: str) -> str:
    for route in routes:
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system is."""
    value = _given(request, THEME, THEMES)
    return _keep(request, THEME, value, theme=value)


@login_not_required
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Single keys on or off: who dictates to the machine would press them by speaking (WCAG 2.1.4)."""
    value = _given(request, KEYS, SWITCH)
    return _keep(request, KEYS, value, shortcuts=value == "on")


def _given(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    value = request.POST.get(name, "")
    return value if value in known else known[0]


def _keep(request: HttpRequest, name: str, value: str, **preference: Any) -> HttpResponse:
    """Remember the choice with the person, or in the browser of nobody; then go back where it was made."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    person: Any = request.user
    if person.is_authenticated:
        for field, chosen in preference.items():
            setattr(person, field, chosen)
        person.save(update_fields=list(preference))
    else:
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
