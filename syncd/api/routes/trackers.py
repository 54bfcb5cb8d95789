"""Trackers and their streams: how they are doing, and "sync now"."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from syncd.accounts import audit
from syncd.accounts.access import Act
from syncd.api.door import person_of
from syncd.api.paging import Listing, whole
from syncd.api.routing import Routes
from syncd.api.shapes import trackers as told
from syncd.api.shapes.words import Word
from syncd.trackers import access, as_json
from syncd.trackers.watch import Watched, sync_now, watch

routes = Routes("Trackers")


@routes.look("/trackers", Listing[told.Tracker])
def list_trackers(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Those that are configured, by name, each with its streams."""
    return whole(request, response, map(_shown, _watched(request)))


@routes.look("/trackers/{name}", told.Tracker)
def get_tracker(request: HttpRequest, name: Word) -> dict[str, Any]:
    """One of them, by its name in the configuration."""
    return _shown(_find(request, name))


@routes.make("/trackers/{name}/syncs", told.Due, Act.OPERATE, status=202)
def sync_tracker(request: HttpRequest, name: Word) -> dict[str, Any]:
    """Ask for a pull; the worker makes it within seconds."""
    tracker = _find(request, name).tracker
    streams = sync_now(tracker, timezone.now())
    audit.record(request, "sync_asked", tracker.name)
    return {"streams": streams}


def _watched(request: HttpRequest) -> list[Watched]:
    seen = access.sees(person_of(request))
    return [each for each in watch() if each.tracker.pk in seen]


def _find(request: HttpRequest, name: str) -> Watched:
    for each in _watched(request):
        if each.tracker.name == name:
            return each
    raise Http404


def _shown(watched: Watched) -> dict[str, Any]:
    tracker, now = watched.tracker, timezone.now()
    return {
        "name": tracker.name,
        "kind": tracker.kind,
        "url": tracker.url,
        "discovered_at": tracker.discovered_at,
        "broken_since": tracker.broken_since,
        "error": tracker.error or None,
        "remedy": watched.remedy or None,
        "problems": tracker.problems,
        "budget": asdict(watched.budget) if watched.budget else None,
        "streams": [as_json.stream(stream, now) for stream in watched.streams],
    }
