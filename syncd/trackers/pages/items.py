"""``/items/``: the list, and the way from a key to its item."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from rules.model import Strategy
from syncd.accounts.person import person_of
from syncd.strategy import versions
from syncd.trackers import access, listing
from syncd.trackers.listing import Filters
from syncd.trackers.listing.places import places
from syncd.trackers.pages import links
from syncd.trackers.pages.bar import bar, chips
from syncd.trackers.pages.rows import listed
from syncd.trackers.search.finding import called
from syncd.web.words import counted

_ORDERS = {"changed last": "changed", "known last": "syncd came to know", "gone last": "went"}


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The list by what the address asks for. An address that says more than it must leads to the one that does not."""
    if key := request.GET.get("key", "").strip():
        return _by_key(request, key)
    filters = Filters.of(dict(request.GET.lists()))
    after = request.GET.get("after", "")
    if sorted(request.GET.lists()) != sorted(_lists(filters, after)):
        return HttpResponseRedirect(links.to("items", _query(filters, after)))
    person = person_of(request)
    strategy, page = versions.strategy_in_force(), listing.rows(person, filters, after)
    names = list(access.trackers(person).order_by("name").values_list("name", flat=True))
    values = {
        "bar": bar(filters, strategy=strategy, trackers=names, places=places()),
        "active": list(chips(filters, strategy)),
        "page": page,
        "rows": _drawn(page.rows, strategy, deleted=bool(filters.deleted)),
        "newer": _query(filters, page.newer) if page.newer else "",
        "older": _query(filters, page.older) if page.older else "",
        "first": links.to("items", filters.query) if after else "",
        "shown": _shown(page),
        "heading": _heading(filters, page, after),
        "synced": bool(page.rows) or access.items(person).exists(),
        "filters": filters,
    }
    return render(request, "trackers/items.html", values)


def _drawn(rows: Sequence[listing.Row], strategy: Strategy, *, deleted: bool) -> list[SafeString]:
    now, goals = timezone.now(), {goal: links.goal(goal, strategy) for goal in {row.goal for row in rows}}
    return [listed(row, goals[row.goal], now, deleted=deleted) for row in rows]


def _by_key(request: HttpRequest, key: str) -> HttpResponse:
    """To the item of this key, address or URL; where several or none are called so, to what the search finds."""
    found = [item for item in called(person_of(request), key) if item.deleted_at is None]
    if len(found) == 1:
        return HttpResponseRedirect(reverse("item", args=[found[0].id]))
    return HttpResponseRedirect(links.to("search", urlencode({"q": key})))


def _query(filters: Filters, after: str) -> str:
    return urlencode([*filters.pairs, *([("after", after)] if after else [])])


def _lists(filters: Filters, after: str) -> list[tuple[str, list[str]]]:
    lists: dict[str, list[str]] = {}
    for name, value in [*filters.pairs, *([("after", after)] if after else [])]:
        lists.setdefault(name, []).append(value)
    return list(lists.items())


def _shown(page: listing.Page[listing.Row]) -> str:
    here = counted(len(page.rows), "item")
    return (
        f"{here} among {page.looked:,} that were looked at, those {page.order} first"
        if page.looked
        else f"{here} on this page"
    )


def _heading(filters: Filters, page: listing.Page[listing.Row], after: str) -> str:
    """What is here, in a sentence; how many there are in all is not counted."""
    count = len(page.rows)
    if not count:
        return (
            "None among those looked at" if page.looked else "No further item matches" if after else "No item matches"
        )
    word = "item" if count == 1 else "items"
    if after:
        return f"{count} more {word}, those {page.order} first"
    if page.older:
        return f"The {count} {word} that {_ORDERS[page.order]} last" if not page.looked else f"{count} {word} so far"
    return f"{count} {word}" if filters.pairs else f"All {count} {word}"
