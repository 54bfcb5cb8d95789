"""``/search/``: items and goals by their words."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.person import person_of
from syncd.strategy import versions
from syncd.trackers.pages import links, rows
from syncd.trackers.search import find
from syncd.trackers.search.wording import LONGEST_ASKED


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is called so first, then goals, then items: of those that were known last the best."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST_ASKED]
    after = request.GET.get("after", "")
    found = find(person_of(request), text, after=after)
    strategy = versions.strategy_in_force()
    now = timezone.now()
    items = [(hit.exact, rows.hit(hit.item, now)) for hit in found.hits if hit.item]
    values = {
        "q": text,
        "exact": [drawn for exact, drawn in items if exact],
        "items": [drawn for exact, drawn in items if not exact],
        "goals": [(hit.goal, links.goal(hit.goal.id, strategy)) for hit in found.hits if hit.goal],
        "older": urlencode({"q": text, "after": found.older}) if found.older else "",
        "after": after,
    }
    return render(request, "trackers/search.html", values)
