"""The conversation: what both sides said, and what is on its way to the relationship's owner."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from syncd.partners import faults
from syncd.partners.answers import SeeOther
from syncd.partners.desk import saying
from syncd.partners.desk.models import Said
from syncd.partners.entrance import visitor
from syncd.partners.entrance.visitor import Visitor
from syncd.partners.models import OURS, Comment, Commitment, Item
from syncd.partners.pages import frame

SIZE, MOST = 50, 200
EMPTY = "Write something first; at most 10,000 characters are taken."
_PLACE = re.compile(r"([0-9T:.+Z-]{20,32})~([A-Za-z0-9_-]{22,36})")


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said. ``html`` is safe; ``text`` stands in its place while it is on its way."""

    by: str
    ours: bool
    at: datetime
    html: str = ""
    text: str = ""
    url: str = ""
    about: str = ""

    @property
    def sent(self) -> bool:
        """Whether it is still on its way."""
        return not self.html


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    return comment(request, "", f"{reverse('talk')}#talk") or _page(request, EMPTY)


def comment(request: HttpRequest, about: str, back: str) -> HttpResponse | None:
    """Writes down what a form brought. :returns: the way back; None where it brought nothing"""
    who, text = visitor.of(request), request.POST.get("text", "").replace("\r\n", "\n").strip()
    if not text or len(text) > saying.LONGEST or "\0" in text:
        return None
    try:
        saying.say(who.partner, who.who, who.now, Said.COMMENT, about, text=text)
    except saying.TooMuch:
        return faults.too_many(request)
    return SeeOther(back)


def about(who: Visitor, *, item: Item | None = None, commitment: Commitment | None = None) -> list[Word]:
    """What was said about one thing, the oldest first; the newest of very much."""
    of = Comment.objects.filter(partner=who.partner, item=item, commitment=commitment).order_by("-at", "-id")
    said = [_word(who, one) for one in reversed(of[:MOST])]
    thing = item or commitment
    return said + _sent(who, thing.id if thing else "")


def _page(request: HttpRequest, wrong: str = "") -> HttpResponse:
    """The newest first: this is where one looks for what is new."""
    who = visitor.of(request)
    place = _place(request.GET.get("after", ""))
    found = Comment.objects.filter(partner=who.partner).select_related("item", "commitment").order_by("-at", "-id")
    if place:
        found = found.filter(at__lte=place[0]).filter(Q(at__lt=place[0]) | Q(id__lt=place[1]))
    rows = list(found[: SIZE + 1])
    last = rows[SIZE - 1] if len(rows) > SIZE else None
    values = {
        "words": ([] if place else _sent(who, "")[::-1]) + [_word(who, one) for one in rows[:SIZE]],
        "next": f"{last.at.isoformat()}~{last.id}" if last else "",
        "first": not place,
        "action": reverse("say"),
        "wrong": wrong,
    }
    return frame.show(request, "talk.html", values, opened="talk", here="talk", status=422 if wrong else 200)


def _word(who: Visitor, one: Comment) -> Word:
    partner, ours = who.partner, one.side == OURS
    url, title = "", ""
    if one.item_id:
        url, title = reverse("item", args=[one.item_id]), one.item.title if one.item else ""
    elif one.commitment_id:
        url, title = reverse("commitment", args=[one.commitment_id]), one.commitment.what if one.commitment else ""
    return Word(partner.company if ours else partner.name, ours, one.at, html=one.html, url=url, about=title)


def _sent(who: Visitor, about: str) -> list[Word]:
    said = saying.under_way(who.partner, [about], who.now)
    return [Word(who.partner.name, ours=False, at=one.at, text=one.text) for one in said if one.kind == Said.COMMENT]


def _place(after: str) -> tuple[datetime, str] | None:
    if not after:
        return None
    place = _PLACE.fullmatch(after)
    try:
        at = parse_datetime(place[1]) if place else None
    except ValueError:
        at = None
    if place is None or at is None or at.tzinfo is None:
        raise BadRequest
    return at, place[2]
