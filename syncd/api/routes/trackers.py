"""Trackers and their streams: how they are doing."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from syncd.api.door import person_of
from syncd.api.paging import Listing, whole
from syncd.api.routing import Routes
from syncd.api.shapes import items as told
from syncd.api.shapes.words import Word
from syncd.trackers import access, as_json
from syncd.trackers.models import Stream, Tracker

routes = Routes("Trackers")


@routes.look("/trackers", Listing[told.Tracker])
def list_trackers(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Those that are configured, by name, each with its streams."""
    return whole(request, response, _shown(list(access.trackers(person_of(request)).order_by("name"))))


@routes.look("/trackers/{name}", told.Tracker)
def get_tracker(request: HttpRequest, name: Word) -> dict[str, Any]:
    return _shown([find(request, name)])[0]


def find(request: HttpRequest, name: str) -> Tracker:
    found = access.trackers(person_of(request)).filter(name=name).first()
    if found is None:
        raise Http404
    return found


def _shown(trackers: list[Tracker]) -> list[dict[str, Any]]:
    """In two queries, however many there are."""
    streams = Stream.objects.filter(active=True, tracker__in=trackers).select_related("tracker").order_by("name", "id")
    live = dict(
        Stream.objects.filter(tracker__in=trackers)
        .annotate(live=Count("items", filter=Q(items__deleted_at=None)))
        .values_list("id", "live")
    )
    now = timezone.now()
    told_ = [(stream.tracker_id, as_json.stream(stream, live[stream.pk], now)) for stream in streams]
    return [_tracker(tracker, [row for id_, row in told_ if id_ == tracker.pk]) for tracker in trackers]


def _tracker(tracker: Tracker, streams: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": tracker.name,
        "kind": tracker.kind,
        "url": tracker.url,
        "discovered_at": tracker.discovered_at,
        "broken_since": tracker.broken_since,
        "error": tracker.error or None,
        "problems": tracker.problems,
        "streams": streams,
    }
