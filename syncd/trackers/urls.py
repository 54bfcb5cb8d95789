"""The pages of the trackers."""

from django.urls import URLPattern, path

from syncd.trackers.pages.changes import changes, changes_seen
from syncd.trackers.pages.item import item
from syncd.trackers.pages.items import items
from syncd.trackers.pages.search import search
from syncd.trackers.pages.trackers import tracker_sync, trackers

urlpatterns: list[URLPattern] = [
    path("items/", items, name="items"),
    path("items/<int:pk>/", item, name="item"),
    path("search/", search, name="search"),
    path("trackers/", trackers, name="trackers"),
    path("trackers/<int:pk>/sync/", tracker_sync, name="tracker_sync"),
    path("changes/", changes, name="changes"),
    path("changes/seen/", changes_seen, name="changes_seen"),
]
