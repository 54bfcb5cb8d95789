"""``/items/<id>/``: one item, what it serves and why, its flags, who outside sees it, and everything that happened to it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rules.model import Strategy
from rules.model.evidence import Strength
from syncd.accounts.person import person_of
from syncd.review import access as reviewed
from syncd.review.pages.panel import panel
from syncd.sharing.pages.why import beside
from syncd.strategy import versions
from syncd.strategy.models import Link
from syncd.trackers import access, doc
from syncd.trackers.models import Item
from syncd.trackers.pages import links
from syncd.trackers.pages.bar import KIND_WORDS, STATUS_WORDS
from syncd.trackers.pages.timeline import timeline
from syncd.web.checks import shown
from syncd.web.keyset import BadCursor

MOST_CHILDREN = 20
_TIED = {
    Strength.VERDICT: "Somebody decided so",
    Strength.EXPLICIT: "It says so itself, or the strategy names it",
    Strength.INHERITED: "Through what it belongs to",
    Strength.REFERENCE: "Through what it points at",
    Strength.LABEL_RULE: "By a rule over its labels and fields",
    Strength.TEXT_RULE: "By a rule over its words",
    Strength.CATCH_ALL: "Only through a catch-all, which proves nothing",
}


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever it is called by now: the number stays."""
    person = person_of(request)
    found = access.items(person).select_related("tracker", "stream", "parent", "decision")
    row = get_object_or_404(found, pk=pk)
    before = _before(request.GET.get("before", ""))
    strategy = versions.strategy_in_force()
    flags = reviewed.flags(person).filter(item=row).order_by("-id")[:20]
    children = list(row.children.filter(deleted_at=None).order_by("id")[: MOST_CHILDREN + 1])
    values = {
        "item": row,
        "facts": [(name, value) for name, value in _facts(row) if value],
        "category": STATUS_WORDS[row.status_category],
        "ties": list(_ties(row, strategy)),
        "decision": getattr(row, "decision", None),
        "panel": panel(row, ()),
        "flags": [(flag, shown(flag.rule)) for flag in flags],
        "sharing": list(beside(person, row.pk)),
        "children": children[:MOST_CHILDREN],
        "more_children": len(children) > MOST_CHILDREN,
        "timeline": timeline(row, before),
        "before": before,
        "now": timezone.now(),
    }
    return render(request, "trackers/item.html", values)


def _before(value: str) -> int:
    """:raises BadCursor: it is no version's id"""
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadCursor
    return int(value)


def _facts(row: Item) -> Iterator[tuple[str, Any]]:
    """Name and value of what its tracker says, as far as it says something."""
    more = doc.loose(row.doc)
    yield "Kind", more.get("type") or KIND_WORDS.get(row.kind, row.kind)
    yield "In", row.container
    yield "Assigned to", ", ".join(person[1] for person in more.get("assignees", ()))
    yield "Reported by", (more.get("reporter") or ("", ""))[1]
    for name in ("labels", "components", "versions"):
        yield name.capitalize(), ", ".join(more.get(name, ()))
    yield "Goal field", ", ".join(more.get("goals", ()))
    for name in ("milestone", "sprint", "priority", "branch", "due"):
        yield name.capitalize(), more.get(name, "")
    points = more.get("points")
    yield "Points", f"{points:g}" if points is not None else ""


def _ties(row: Item, strategy: Strategy) -> Iterator[dict[str, Any]]:
    for tie in Link.objects.filter(item=row).order_by("-primary", "-strength", "goal"):
        yield {
            "goal": links.goal(tie.goal, strategy),
            "primary": tie.primary,
            "against": tie.against,
            "by": _TIED[Strength(tie.strength)],
        }
