"""One piece of shared work, with its public history and what was said about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from syncd.partners.entrance import visitor
from syncd.partners.models import Change, Item
from syncd.partners.pages import frame, talk
from syncd.partners.pages.telling import DATES, FIELDS, UNTITLED, by_day, told, value

HISTORY = 200
"""Changes that are shown, the newest first."""
_ELSEWHERE = ("title", "status", "notes")
"""Fields that the page shows in places of their own."""


@require_safe
def item(request: HttpRequest, public: str) -> HttpResponse:
    return _page(request, _item(request, public))


@require_POST
def comment(request: HttpRequest, public: str) -> HttpResponse:
    """What they say goes to the relationship's owner, never straight into a tracker."""
    about = _item(request, public)
    back = f"{reverse('item', args=[about.id])}#talk"
    return talk.comment(request, about.id, back) or _page(request, about, wrong=talk.EMPTY)


def _item(request: HttpRequest, public: str) -> Item:
    return get_object_or_404(Item, partner=visitor.of(request).partner, id=public)


def _page(request: HttpRequest, one: Item, wrong: str = "") -> HttpResponse:
    who = visitor.of(request)
    changes = Change.objects.filter(partner=who.partner, item=one).select_related("item").order_by(*Change.NEWEST_FIRST)
    values = {
        "item": one,
        "title": one.title or UNTITLED,
        "facts": [
            (FIELDS[name], value(name, one.values.get(name, "")), one.values.get(name, "") if name in DATES else "")
            for name in who.partner.fields
            if name in FIELDS and name not in _ELSEWHERE
        ],
        "days": by_day(told(change) for change in changes[:HISTORY]),
        "talk": talk.about(who, item=one),
        "action": reverse("item_comment", args=[one.id]),
        "wrong": wrong,
    }
    return frame.show(request, "item.html", values, opened=one.id, here="tracker", status=422 if wrong else 200)
