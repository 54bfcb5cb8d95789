"""Items: what is known of them, why they serve their goals, and what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from syncd.api import telling
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing, whole
from syncd.api.problems import Problem
from syncd.api.routing import Routes
from syncd.api.shapes import flags
from syncd.api.shapes import items as told
from syncd.api.shapes import why as reasons
from syncd.api.shapes.words import Word
from syncd.review import as_json, history
from syncd.review.why import NotTold, Told, why
from syncd.strategy import suggestions, versions
from syncd.strategy.models import Suggestion
from syncd.strategy.versions import OldForm
from syncd.trackers import access, search
from syncd.trackers import as_json as tracked
from syncd.trackers import listing as listed
from syncd.trackers.models import Item
from syncd.trackers.story import story
from syncd.web import keyset

routes = Routes("Items")
WHOLE = ("tracker", "parent", "decision")


@routes.look("/items", Listing[told.Item])
def list_items(
    request: HttpRequest, response: HttpResponse, filters: Annotated[told.ItemFilters, Query()], at: At
) -> dict[str, Any]:
    """Items with the goals they serve. Where little of what is there fits, a page may be short, or empty, and ``next``
    goes on."""
    page = listed.ids(person_of(request), filters.read(), at.after, at.limit)
    rows = whole_rows(page.rows)
    return whole(request, response, [tracked.item(rows[id_]) for id_ in page.rows if id_ in rows], page.older)


@routes.look("/search", Listing[told.Hit])
def search_items(
    request: HttpRequest, response: HttpResponse, asked: Annotated[told.Search, Query()], at: At
) -> dict[str, Any]:
    """Items and goals by their words: what is called exactly so first, then the best."""
    found = search.find(person_of(request), asked.q, asked.kind, at.after, at.limit)
    return whole(request, response, map(telling.hit, found.hits), found.older)


@routes.look("/items/{item}", told.Item)
def get_item(request: HttpRequest, item: Word) -> dict[str, Any]:
    """By its ``id``: tracker name and immutable id."""
    return tracked.item(find(request, item))


@routes.look("/items/{item}/explanation", reasons.Told)
def explain_item(request: HttpRequest, item: Word, asked: Annotated[told.Then, Query()]) -> Told:
    """Why it serves its goals, or does not; with ``at`` as it was then."""
    if asked.at and asked.at > timezone.now():
        raise Problem(422, "That time has not come yet.")
    try:
        return why(find(request, item), asked.at)
    except (NotTold, OldForm) as error:
        raise Problem(404, f"{error}.") from None


@routes.look("/items/{item}/history", Listing[flags.Entry])
def list_item_history(request: HttpRequest, response: HttpResponse, item: Word) -> dict[str, Any]:
    """From its tracker to the last verdict, the oldest first."""
    return whole(request, response, map(as_json.entry, history.of_item(find(request, item))))


@routes.look("/items/{item}/versions", Listing[told.Became])
def list_item_versions(
    request: HttpRequest, response: HttpResponse, item: Word, asked: Annotated[told.Before, Query()]
) -> dict[str, Any]:
    """What its tracker changed of it, the newest first; ``before`` goes on from an earlier answer."""
    told_ = story(find(request, item), asked.before)
    return whole(request, response, map(asdict, told_.steps), str(told_.earlier or ""), "before")


@routes.look("/items/{item}/suggestions", told.Suggestion)
def get_item_suggestions(request: HttpRequest, item: Word) -> dict[str, Any]:
    """Goals that it might serve; none where nothing was suggested."""
    row = find(request, item)
    found = suggestions.suggestions_for([row.pk], versions.strategy_in_force())
    return _suggested(row, found.get(row.pk, ()))


@routes.look("/suggestions", Listing[told.Suggestion])
def list_suggestions(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """Items that something is suggested for, the newest suggestion first."""
    rows = Suggestion.objects.filter(item__in=access.items(person_of(request)), item__deleted_at=None)
    rows = rows.exclude(ranked=[]).select_related("item__tracker")
    page = keyset.page(rows, ("-id",), at.after, at.limit)
    found = suggestions.suggestions_for([row.item_id for row in page.rows], versions.strategy_in_force())
    return listing(request, response, page, lambda row: _suggested(row.item, found.get(row.item_id, ())))


def find(request: HttpRequest, id_: str) -> Item:
    """:raises Http404: it is none, or none that this person may know of"""
    tracker, _, native = id_.partition(":")
    rows = access.items(person_of(request)).select_related(*WHOLE, "stream")
    found = rows.filter(tracker__name=tracker, native_id=native).first()
    if found is None:
        raise Http404
    return found


def whole_rows(ids: Iterable[int]) -> Mapping[int, Item]:
    """Items by row id, with all that is told of them, in three queries: a page has few trackers and parents."""
    parents = Prefetch("parent", Item.objects.only("native_id"))
    decided = Item.objects.select_related("decision").defer("decision__fingerprint")
    return decided.prefetch_related("tracker", parents).in_bulk(list(ids))


def _suggested(item: Item, ranked: Any) -> dict[str, Any]:
    told_ = [as_json.suggested(each) for each in ranked]
    return {"item": tracked.id_of(item), "key": item.key, "title": item.title, "suggestions": told_}
