"""What surrounds every page: both names, the way around, and how fresh the copy is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from syncd.partners import answers
from syncd.partners.desk import visits
from syncd.partners.desk.models import Visit
from syncd.partners.entrance import guard, visitor
from syncd.partners.entrance.visitor import Visitor
from syncd.partners.models import Partner

STALE = timedelta(hours=1)
"""A copy that is older is said to be."""
PLACES = (
    ("tracker", "Work"),
    ("commitments", "Commitments"),
    ("changes", "Changes"),
    ("talk", "Conversation"),
    ("subscribe", "Subscribe"),
    ("settings", "Settings"),
)
"""Route and title of what the way around leads to."""


@dataclass(frozen=True, slots=True)
class Place:
    url: str
    title: str
    current: str
    """``page`` or ``true`` where one is there; empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Read by ``partners/base.html``."""

    partner: Partner
    name: str
    token: str
    places: tuple[Place, ...]
    stale: bool
    demo: bool


def show(
    request: HttpRequest, template: str, values: dict[str, Any], *, opened: str = "", here: str = "", status: int = 200
) -> HttpResponse:
    """A page in its frame.

    :param opened: what the desk notes as opened, as in :class:`Visit`; empty: nothing
    :param here: the place in the way around to which it belongs
    """
    who = visitor.of(request)
    note(who, request, visits.PAGES)
    if opened:
        note(who, request, opened)
    return answers.show(request, template, {"frame": _frame(request, who, here), **values}, status)


def note(who: Visitor, request: HttpRequest, what: str) -> Visit | None:
    """What a visitor opens goes into the desk; what a program merely asks about (HEAD) was not opened."""
    return visits.note(who.partner.id, who.who, what, who.now) if request.method == "GET" else None


def _frame(request: HttpRequest, who: Visitor, here: str) -> Frame:
    places = tuple(_place(request, route, title, here) for route, title in PLACES)
    return Frame(
        partner=who.partner, name=who.name, token=guard.token(request), places=places,
        stale=_is_stale(who.partner.fresh_at, who.now), demo=settings.DEMO,
    )  # fmt: skip


def _place(request: HttpRequest, route: str, title: str, here: str) -> Place:
    url = reverse(route)
    return Place(url, title, "page" if request.path == url else "true" if route == here else "")


def _is_stale(fresh_at: datetime | None, now: datetime) -> bool:
    return fresh_at is None or now - fresh_at > STALE
