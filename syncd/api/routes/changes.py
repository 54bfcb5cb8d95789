"""What changed since somebody looked."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from syncd.accounts.access import Act
from syncd.api.door import person_of
from syncd.api.paging import Listing, whole
from syncd.api.routing import Routes
from syncd.api.shapes import changes as told
from syncd.trackers import changes
from syncd.trackers.as_json import id_of
from syncd.trackers.changes import Changed
from syncd.trackers.models import Item

routes = Routes("Changes")
FEW = 10
"""Rows of a group where all groups are told."""


@routes.look("/changes", told.Everything)
def list_changes(request: HttpRequest, asked: Annotated[told.Since, Query()]) -> dict[str, Any]:
    """The beginning of every group."""
    since = asked.since or changes.begin(person_of(request), timezone.now())
    found = changes.since_then(since, FEW)
    items = _items(row for _, batch in found for row in batch.rows)
    groups = [
        {
            "group": group.name,
            "title": group.title,
            "rows": [_shown(row, items) for row in batch.rows],
            "more": bool(batch.below),
        }
        for group, batch in found
    ]
    return {"since": since, "groups": groups}


@routes.make("/changes/seen", told.LastSeen, Act.READ, status=200)
def mark_changes_seen(request: HttpRequest, asked: told.Seen) -> dict[str, Any]:
    """Move one's own mark."""
    now = timezone.now()
    at = min(asked.at or now, now)
    return {"at": at, "before": changes.seen(person_of(request), at)}


@routes.look("/changes/{group}", Listing[told.Change])
def list_changes_of(
    request: HttpRequest, response: HttpResponse, group: told.Group, asked: Annotated[told.Below, Query()]
) -> dict[str, Any]:
    """One group, the newest first; ``below`` goes on from an earlier answer."""
    since = asked.since or changes.begin(person_of(request), timezone.now())
    found = changes.batch(group, since, asked.below)
    items = _items(found.rows)
    return whole(request, response, (_shown(row, items) for row in found.rows), str(found.below or ""), "below")


def _items(rows: Iterable[Changed]) -> Mapping[int, str]:
    """Row id -> the id that stays, in one query."""
    found = Item.objects.filter(pk__in={row.item for row in rows if row.item}).select_related("tracker")
    return {item.pk: id_of(item) for item in found.only("native_id", "tracker__name")}


def _shown(row: Changed, items: Mapping[int, str]) -> dict[str, Any]:
    return {
        "at": row.at,
        "word": row.word,
        "title": row.title,
        "says": row.says,
        "key": row.key or None,
        "item": items.get(row.item),
        "flag": row.flag or None,
    }
